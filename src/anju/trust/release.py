"""Signed releases: SM3 of every file that runs, signed with the maker's SM2 key, checked before anything starts (SH-233.4).

The private key stays where releases are made; an installation knows the public one (`ANJU_RELEASE_KEY`). A file that
was changed, is missing, or was added without being signed stops `serve` and `worker`, and the audit trail says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from anju.kernel.crypto import service

MANIFEST, SIGNATURE = "release.json", "release.sig"
# What runs: the platform with its definitions, the built pages, and the tools.
PARTS = ("src/anju", "web/office/dist", "web/citizen/dist", "tools")
_PASSED_OVER = {"__pycache__", ".mypy_cache", "node_modules"}


@dataclass(frozen=True)
class Fault:
    """Why a release may not run; `path` is the first file that is not as it was signed."""

    told: str
    path: str = ""


def files_of(root: Path) -> dict[str, str]:
    """Every file that runs, with its SM3."""
    found = {}
    for part in PARTS:
        for path in sorted((root / part).rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and not _PASSED_OVER & set(inside.parts) and path.suffix not in {".pyc", ".map"}:
                found[inside.as_posix()] = service().digest(path.read_bytes()).hex()
    return found


def manifest(root: Path, *, version: str, made_at: str) -> bytes:
    """What is signed."""
    return orjson.dumps(
        {"version": version, "made_at": made_at, "files": files_of(root)},
        option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS,
    )


def check(root: Path, public: bytes) -> Fault | None:
    """The first reason why this release may not run; None when it is as it was signed."""
    try:
        content, signature = (root / MANIFEST).read_bytes(), bytes.fromhex((root / SIGNATURE).read_text().strip())
    except (OSError, ValueError):
        return Fault("程序没有签名（缺少 release.json 或 release.sig）")
    if not service().verify_with(public, content, signature):
        return Fault("程序清单的签名不符", MANIFEST)
    try:
        signed: dict[str, Any] = orjson.loads(content)["files"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return Fault("程序清单无法读取", MANIFEST)
    found = files_of(root)
    for path in sorted(signed.keys() | found.keys()):
        if path not in found:
            return Fault(f"程序文件缺失：{path}", path)
        if path not in signed:
            return Fault(f"程序文件没有签名：{path}", path)
        if found[path] != signed[path]:
            return Fault(f"程序文件被改动：{path}", path)
    return None
