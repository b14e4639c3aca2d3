"""The world of the matrix."""

from __future__ import annotations

from tests.matrix.conftest import staff_with, world

__all__ = ["staff_with", "world"]
