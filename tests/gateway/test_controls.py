"""The control lists and the threat model name tests: each of them must be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PAGES = ("docs/foundation/controls.md", "docs/foundation/threat-model.md")


def functions(file: Path) -> set[str]:
    """The names of the tests of a file."""
    return {each.name for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES)
def test_every_named_test_is_there(page: str) -> None:
    named = NAMED.findall((ROOT / page).read_text())
    assert len(named) > 20
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and name not in functions(ROOT / path))
    ]
    assert missing == []


def test_no_control_that_is_said_to_be_met_goes_without_a_test() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / PAGES[0]).read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| Clause", "| Chapter"))
    ]
    assert len(rows) > 40
    assert [row[0] for row in rows if row[-2].startswith("Met") and not NAMED.search(row[-1])] == []
