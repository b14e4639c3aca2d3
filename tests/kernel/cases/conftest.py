"""The city at work, for the tests of this folder."""

from tests.casework import town
from tests.construction.works import site

__all__ = ["site", "town"]
