"""The keys of an installation: one file, readable by its owner only, made when it is first needed."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

_PURPOSES = ("text", "file")


class KeyringDamaged(RuntimeError):
    """The keyring cannot be read. It is never replaced silently: what it sealed would be lost for good."""


@dataclass(frozen=True)
class Keyring:
    """Data keys by version and purpose (`text`, `file`), 16 bytes each, and the key of blind indexes, 32 bytes."""

    current: int
    keys: dict[int, dict[str, bytes]]
    index: bytes

    @classmethod
    def fresh(cls) -> Keyring:
        """A ring with its first keys."""
        return cls(1, {1: _data_keys()}, secrets.token_bytes(32))

    def renewed(self) -> Keyring:
        """The ring with one more version, which seals from now on; older versions go on opening."""
        version = self.current + 1
        return Keyring(version, {**self.keys, version: _data_keys()}, self.index)

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """The ring in a file. Raises `KeyringDamaged`, or FileNotFoundError."""
        try:
            told: dict[str, Any] = json.loads(path.read_bytes())
            keys = {
                int(version): {purpose: base64.b64decode(held[purpose], validate=True) for purpose in _PURPOSES}
                for version, held in told["keys"].items()
            }
            ring = cls(int(told["current"]), keys, base64.b64decode(told["index"], validate=True))
            whole = all(len(key) == 16 for held in keys.values() for key in held.values()) and len(ring.index) == 32
            if ring.current not in keys or not whole:
                raise ValueError("keys are missing")
        except FileNotFoundError:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyringDamaged(f"{path} is no keyring ({error}); restore it from its backup") from error
        return ring

    def save(self, path: Path) -> None:
        """Writes the ring so that a reader finds the old one or the new one, never half of one."""
        body = {
            "current": self.current,
            "keys": {
                str(version): {purpose: base64.b64encode(key).decode() for purpose, key in held.items()}
                for version, held in self.keys.items()
            },
            "index": base64.b64encode(self.index).decode(),
        }
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as stream:
            json.dump(body, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)


def _data_keys() -> dict[str, bytes]:
    return {purpose: secrets.token_bytes(16) for purpose in _PURPOSES}


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keeps other processes from making or renewing the ring at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


_held: dict[Path, Keyring] = {}


def _path() -> Path:
    return Path(settings.ANJU_SECRETS) / "keyring.json"


def keyring(*, version: int | None = None) -> Keyring:
    """The installation's ring, made when there is none; read anew when a version is asked for that is not known yet."""
    # asked for at every sealed value, so the folder itself is the key and no path is put together
    ring = _held.get(settings.ANJU_SECRETS)
    if ring is None or (version is not None and version not in ring.keys):
        path = _path()
        try:
            ring = Keyring.load(path)
        except FileNotFoundError:
            with alone(path):
                if not path.exists():
                    Keyring.fresh().save(path)
                ring = Keyring.load(path)
        _held[settings.ANJU_SECRETS] = ring
    return ring


def renew_keys() -> Keyring:
    """Adds a version of the data keys; what is sealed from now on uses it. Running processes go on reading both."""
    path = _path()
    keyring()
    with alone(path):
        ring = Keyring.load(path).renewed()
        ring.save(path)
    _held[settings.ANJU_SECRETS] = ring
    return ring
