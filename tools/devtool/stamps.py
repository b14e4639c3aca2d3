"""Stamps remember for which input a slow step was last done, so that it is skipped when nothing changed."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.devtool.installation import ROOT

FOLDER = ROOT / "var" / "stamps"


def digest(files: Iterable[Path], root: Path = ROOT) -> str:
    """One hash over names and contents of the files."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(root)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(name: str, value: str, folder: Path = FOLDER) -> bool:
    """Whether the step `name` was last done for this value."""
    path = folder / name
    return path.exists() and path.read_text() == value


def put(name: str, value: str, folder: Path = FOLDER) -> None:
    """Notes that the step `name` is done for this value."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(value)


@contextmanager
def one_at_a_time(name: str, folder: Path = FOLDER) -> Iterator[None]:
    """Whoever comes to the step `name` while somebody is at it, in this process or another, waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
