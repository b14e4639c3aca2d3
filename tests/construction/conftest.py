"""Projects being built, for the tests of this folder."""

from tests.construction.works import site, town

__all__ = ["site", "town"]
