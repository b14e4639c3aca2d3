"""Word files for tests, made of the product's own pieces and of broken ones."""

from __future__ import annotations

import io
import zipfile

from anju.tenancy.papers.starter import document, package, paragraph, table

__all__ = ["contract", "document", "package", "paragraph", "repacked", "table"]
SIGN = paragraph("{{签署栏}}")


def contract(*texts: str) -> bytes:
    """A template of paragraphs with a place to sign."""
    return package("".join(paragraph(text) for text in texts) + SIGN)


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The file with further parts, or others in the place of its own; `__` in a name stands for a slash."""
    wanted = {name.replace("__", "/"): body for name, body in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in wanted:
                new.writestr(part.filename, old.read(part.filename))
        for name, body in wanted.items():
            new.writestr(name, body)
    return out.getvalue()
