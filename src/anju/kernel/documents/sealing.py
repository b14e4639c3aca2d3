"""The hook on which the foundation hangs its seals; the kernel knows only what a seal must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class SealReport:
    """What a check of a PDF's seal found. `intact`: not a byte was changed, and the signer is one we trust."""

    sealed: bool
    intact: bool
    signer: str = ""
    signed_at: datetime | None = None


class Sealer(Protocol):
    """Draws the seal of an organisation, seals a PDF with it, and checks one that was sealed."""

    def picture(self, organisation: str) -> str:
        """The seal as an SVG picture."""

    def seal(self, pdf: bytes, organisation: str, reason: str) -> bytes:
        """The PDF with the organisation's signature."""

    def verify(self, pdf: bytes) -> SealReport:
        """Whether a PDF is sealed and unchanged."""


class NoSealer(RuntimeError):
    """A document is to be sealed but nothing that seals was registered: a fault of the installation."""


_sealer: Sealer | None = None


def set_sealer(sealer: Sealer) -> None:
    """Registers what seals documents; done once, at start-up, by the package that keeps the seals."""
    global _sealer
    _sealer = sealer


def sealer() -> Sealer:
    """What seals documents. Raises `NoSealer`."""
    if _sealer is None:
        raise NoSealer("no package has registered a sealer")
    return _sealer
