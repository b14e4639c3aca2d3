"""Typesetting with typst: one compiler a process, kept because it holds the fonts, and Chinese fonts found for it.

A page costs some milliseconds; the first one of a process costs the reading of the fonts.
"""

from __future__ import annotations

import json
import logging
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

from anju.kernel.documents.templates import ROOT

log = logging.getLogger("anju.documents")
_lock = threading.Lock()
_compiler: typst.Compiler | None = None

# Weights that the papers use; each file holds some thirty thousand characters.
_WEIGHTS = ("400Regular", "700Bold")
_FAMILIES = ("noto-serif-sc", "noto-sans-sc")


def bundled_fonts() -> list[Path]:
    """Folders of the Chinese fonts that were installed with the web packages (SIL Open Font License)."""
    home = Path(settings.ANJU_WEB).parent / "node_modules" / "@expo-google-fonts"
    return [folder for family in _FAMILIES for weight in _WEIGHTS if (folder := home / family / weight).is_dir()]


class FontsMissing(RuntimeError):
    """No Chinese font can be found: a fault of the installation, told before a paper of empty boxes is sealed."""


def compiler_with(folders: list[Path], *, ignore_system_fonts: bool = False) -> typst.Compiler:
    """A compiler that sees the fonts in some folders, then the machine's. Raises `FontsMissing`.

    Templates name our own fonts first, so papers look the same everywhere; the machine's fonts serve for the rare
    characters of names that ours lack, and for an installation without ours.
    """
    made = typst.Compiler(
        root=str(ROOT), font_paths=[str(folder) for folder in folders], ignore_system_fonts=ignore_system_fonts
    )
    try:
        made.compile(input="住房保障".encode(), format="pdf", pdf_standards="a-2b")
    except typst.TypstError as error:
        raise FontsMissing("no Chinese font: install the npm packages, or Debian's fonts-noto-cjk") from error
    return made


def _shared_compiler() -> typst.Compiler:
    global _compiler
    if _compiler is None:
        _compiler = compiler_with(bundled_fonts())
    return _compiler


def typeset(
    template: Path, *, format: Literal["pdf", "svg", "png"] = "pdf", moment: datetime | None = None, **values: Any
) -> bytes:
    """A template filled with values: each reaches it as JSON under its name in `sys.inputs`.

    Texts stay texts: nothing in a value is read as markup. A PDF is PDF/A-2b, made to be kept for decades, unless it
    holds a character that no font has. Raises `typst.TypstError` where the template cannot be set. An answer in
    pictures holds the first page.
    """
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
    options: dict[str, Any] = {"pdf_standards": "a-2b"} if format == "pdf" else {}
    if format == "png":
        options["ppi"] = 300.0
    if moment is not None:
        options["timestamp"] = moment.replace(microsecond=0)
    with _lock:
        compiler = _shared_compiler()
        try:
            made = compiler.compile(input=str(template), format=format, sys_inputs=inputs, **options)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error) or "pdf_standards" not in options:
                raise
            log.warning("%s is no PDF/A: %s", template.name, error)
            del options["pdf_standards"]
            made = compiler.compile(input=str(template), format=format, sys_inputs=inputs, **options)
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first
