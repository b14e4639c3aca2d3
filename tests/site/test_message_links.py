"""Where messages lead: every link in the code is an address that the face of its readers knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\blink=f?\"(/[^\"]*)\"")
ROUTE = re.compile(r"path: '([^']*)'")
VALUE = re.compile(r"\{[^}]*\}")


def routes(face: str) -> list[re.Pattern[str]]:
    """The addresses of a face; a parameter matches one part."""
    source = (ROOT / "web" / face / "src/router.ts").read_text("utf-8")
    paths = ["/" + path.removeprefix("/") for path in ROUTE.findall(source) if "rest" not in path]
    return [re.compile(re.sub(r"/:\w+(\([^)]*\))?\??", "/[^/]+", path) + "$") for path in paths]


# Construction knows no residents: who files with it are organisations.
TO_STAFF = ["construction"]


@pytest.mark.parametrize(
    ("face", "packages"),
    [
        ("citizen", [each for each in settings.CONTEXTS if each not in TO_STAFF]),
        ("office", [*settings.FOUNDATION, *TO_STAFF]),
    ],
)
def test_every_link_of_a_message_leads_to_a_page(face: str, packages: list[str]) -> None:
    """Contexts write to residents, the foundation and construction to staff."""
    known = routes(face)
    files = [file for package in packages for file in (ROOT / "src/anju" / package).rglob("*.py")]
    links = {VALUE.sub("1", link) for file in files for link in LINK.findall(file.read_text("utf-8"))}
    assert len(links) >= 4
    assert not [link for link in sorted(links) if not any(route.match(link) for route in known)]
