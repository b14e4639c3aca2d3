"""The picture of an organisation's seal."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from anju.kernel.documents.typesetting import typeset

_SEAL = Path(__file__).with_name("seal.typ")


@lru_cache(maxsize=256)
def seal_picture(organisation_name: str) -> str:
    """The round red seal of an organisation as SVG: outlines only, no fonts needed to show it."""
    return typeset(_SEAL, format="svg", name=organisation_name).decode()
