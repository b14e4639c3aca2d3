"""THIRD_PARTY.md as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.third_party.data import NOTES, WORKS
from tools.third_party.packages import Package

PAGE = "THIRD_PARTY.md"
COMMAND = f"tools/licences --page {PAGE}"


def write_page(python: Sequence[Package], npm: Sequence[Package]) -> str:
    """The whole page."""
    return "\n".join(_lines(python, npm)) + "\n"


def _lines(python: Sequence[Package], npm: Sequence[Package]) -> Iterator[str]:
    yield "# The work of others in Anju"
    yield ""
    yield f"Generated: `{COMMAND}` on Linux with Python 3.11, after `./dev up` has installed"
    yield "what the lock files name. Anju itself is under the [Apache License 2.0](LICENSE)."
    yield ""
    yield from (f"- {note}" for note in NOTES)
    yield ""
    yield "## Data, fonts, icons"
    yield ""
    yield "| What | Where | From | Licence |"
    yield "| --- | --- | --- | --- |"
    yield from (f"| {work.name} | {work.place} | {work.origin} | {work.licence} |" for work in WORKS)
    yield from _packages("Python packages of a running installation", [each for each in python if each.runs])
    yield from _packages("npm packages in the pages", [each for each in npm if each.runs])
    yield from _packages("Python packages for development and tests", [each for each in python if not each.runs])
    yield from _packages("npm packages for building and tests", [each for each in npm if not each.runs])


def _packages(title: str, packages: Sequence[Package]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "| Package | Version | Licence |"
    yield "| --- | --- | --- |"
    yield from (f"| {each.name} | {each.version} | {each.licence} |" for each in packages)
