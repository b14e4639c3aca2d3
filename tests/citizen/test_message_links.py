"""Where messages to residents lead: every link in the code is an address that the residents' site knows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\blink=f?\"(/[^\"]*)\"")
ROUTE = re.compile(r"path: '(/[^']*)'")


def routes() -> list[re.Pattern[str]]:
    """The addresses of the site; a parameter matches one part."""
    source = (ROOT / "web/citizen/src/router.ts").read_text("utf-8")
    paths = [path for path in ROUTE.findall(source) if "rest" not in path]
    return [re.compile(re.sub(r"/:\w+(\([^)]*\))?\??", "/[^/]+", path) + "$") for path in paths]


def test_every_link_of_a_message_leads_to_a_page() -> None:
    known = routes()
    links = {link for file in (ROOT / "src/anju").rglob("*.py") for link in LINK.findall(file.read_text("utf-8"))}
    assert len(links) >= 4
    assert not [link for link in sorted(links) if not any(route.match(link) for route in known)]
