"""docs/requirements/coverage.md says what the tests' marks say now, and no mark names a check that does not exist."""

from __future__ import annotations

from tools.catalogue.main import unknown_ids
from tools.catalogue.marks import marks_in_source
from tools.catalogue.page import COMMAND, PAGE, write_page
from tools.catalogue.requirements import ROOT, read_modules


def test_every_mark_names_a_check_of_the_catalogue() -> None:
    assert unknown_ids(read_modules(), marks_in_source(ROOT)) == ""


def test_the_page_is_up_to_date() -> None:
    written = (ROOT / PAGE).read_text("utf-8")
    assert written == write_page(read_modules(), marks_in_source(ROOT)), f"run: {COMMAND}"
