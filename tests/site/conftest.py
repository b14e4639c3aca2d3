"""The city at work, for the tests of this folder."""

from tests.casework import town

__all__ = ["town"]
