"""Finding templates: `definitions/documents/<key>.typ` in any package."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.apps import apps

import anju

ROOT = Path(anju.__file__).parent
COMMON = ROOT / "kernel" / "documents" / "paper.typ"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,58}")


class TemplateMissing(LookupError):
    """No package has a template of this key, or two have: a fault of the code or of the installation."""


@cache
def template_path(key: str) -> Path:
    """The file of a template. Raises `TemplateMissing`."""
    folders = {Path(app.path) for app in apps.get_app_configs() if app.name.startswith("anju.")}
    found = [
        path
        for folder in sorted(folders)
        if _KEY.fullmatch(key) and (path := folder / "definitions" / "documents" / f"{key}.typ").is_file()
    ]
    if len(found) != 1:
        raise TemplateMissing(f"{key}: {len(found)} templates of this key")
    return found[0]


def template_version(key: str) -> str:
    """Names the state of a template and of what all templates share: the head of the digest of both."""
    digest = hashlib.sha256(COMMON.read_bytes() + template_path(key).read_bytes())
    return digest.hexdigest()[:12]
