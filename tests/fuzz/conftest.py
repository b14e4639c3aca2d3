"""The world of the matrix, and an account that may do everything in the running installation."""

from __future__ import annotations

from tests.matrix.conftest import settled, staff_with, world

__all__ = ["settled", "staff_with", "world"]
