"""Signing keys of this installation: one SM2 pair a name, in the secrets' folder, made when it is first needed."""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from anju.kernel.crypto import sm2
from anju.kernel.crypto.keyring import KeyringDamaged, alone

_held: dict[Path, KeyPair] = {}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class KeyPair:
    """A public key (64 bytes) and its private one (32 bytes)."""

    public: bytes
    private: bytes

    @classmethod
    def load(cls, path: Path) -> KeyPair:
        """The pair in a file. Raises `KeyringDamaged`, or FileNotFoundError."""
        try:
            told = json.loads(path.read_bytes())
            pair = cls(bytes.fromhex(told["public"]), bytes.fromhex(told["private"]))
            if len(pair.public) != 64 or len(pair.private) != 32:
                raise ValueError("a key has the wrong length")
            if not sm2.verify(pair.public, b"probe", sm2.sign(pair.public, pair.private, b"probe")):
                raise ValueError("the two halves do not belong together")
        except FileNotFoundError:
            raise
        except Exception as error:
            raise KeyringDamaged(f"{path} is no signing key ({error}); restore it from its backup") from error
        return pair

    def save(self, path: Path) -> None:
        """Writes the pair, readable by its owner only, in one step."""
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as stream:
            json.dump({"public": self.public.hex(), "private": self.private.hex()}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)


def pair_of(name: str) -> KeyPair:
    """The pair of a name, such as `audit`; made, by one process only, when there is none."""
    path = Path(settings.ANJU_SECRETS) / f"sign-{name}.json"
    if path not in _held:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} names no signing key")
        if not path.exists():
            with alone(path):
                if not path.exists():
                    KeyPair(*sm2.generate()).save(path)
        _held[path] = KeyPair.load(path)
    return _held[path]
