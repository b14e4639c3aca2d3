"""The running sandbox for the tests of this folder."""

from tests.sandbox_fixture import sandbox, sandbox_url

__all__ = ["sandbox", "sandbox_url"]
