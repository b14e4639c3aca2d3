"""The world of the matrix, made for each test anew: these commit."""

from __future__ import annotations

import pytest

from anju.site.demo import seed
from tests.matrix.conftest import staff_with
from tests.matrix.world import World

__all__ = ["staff_with"]


@pytest.fixture
def world(db: None) -> World:
    """The seeded city with one household in 南屏区."""
    seed()
    return World()
