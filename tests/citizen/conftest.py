"""The running sandbox and the city at work, for the tests of this folder."""

from tests.casework import town
from tests.sandbox_fixture import sandbox, sandbox_url

__all__ = ["sandbox", "sandbox_url", "town"]
