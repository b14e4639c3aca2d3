"""The documentation holds: every link and picture leads somewhere, every file of the code that it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.catalogue.requirements import ROOT

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\bsrc=\"([^\"]+)\"")
CODE = re.compile(r"`((?:src|web|sandbox|tests|tools|docs|bench)/[^`\s]*)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
# The recipes name files that whoever follows them makes.
MADE_BY_THE_READER = re.compile(
    r"inspection|transfer|death_registry|src/anju/tenancy/(cases|reports)\.py|<|\*|tests/tenancy/test_reports"
)
PAGES = sorted(
    [*ROOT.glob("*.md"), *(page for page in (ROOT / "docs").rglob("*.md"))],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The names under which a page's headings can be linked, as GitHub makes them."""
    titles = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> Iterator[str]:
    for inline, picture in LINK.findall(prose(page)):
        target = inline or picture
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    broken = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and found.suffix == ".md" and anchor not in anchors(found)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_of_the_code_that_is_named_is_there(page: Path) -> None:
    named = {path for path in CODE.findall(prose(page)) if not MADE_BY_THE_READER.search(path)}
    assert not sorted(path for path in named if not (ROOT / path.split(":")[0]).exists())


def test_the_pages_name_no_place_of_one_machine() -> None:
    wrong = [
        page.name for page in PAGES if re.search(r"(?<![\w/.])/(?:tmp|home|root|work|Users)/", page.read_text("utf-8"))
    ]
    assert not wrong
