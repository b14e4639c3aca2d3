"""The coverage command finds marks in Python and TypeScript, counts them, and refuses ids that do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.catalogue.main import unknown_ids
from tools.catalogue.marks import MarkedTest, MarkUnreadable, marks_in_source, marks_passed
from tools.catalogue.page import write_page
from tools.catalogue.requirements import Check, Module, read_modules

PYTHON = """
import pytest
pytestmark = [pytest.mark.covers("SH-001.1")]

@pytest.mark.covers("SH-002.1", "SH-002.2")
class TestLists:
    @pytest.mark.covers("SH-002.3")
    def test_order(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.covers("SH-003.1")), 2])
def test_each(x): ...
"""
TYPESCRIPT = """
test('she applies', covers('ZB-05.1', 'ZB-05.2'), async () => {})
test("he waits", { tag: ["@SH-053.1"] }, async () => {})
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    (tmp_path / "tests" / "deep").mkdir(parents=True)
    (tmp_path / "tests" / "deep" / "test_lists.py").write_text(PYTHON)
    (tmp_path / "tests" / "way.spec.ts").write_text(TYPESCRIPT)
    # in two pieces, lest this file be read as marking a check that there is not
    (tmp_path / "tests" / "helpers.py").write_text('covers("SH-009' + '.9")')
    return tmp_path


def module(*numbers: str) -> Module:
    return Module("SH-002", "列表", "Lists", "supply", tuple(Check(n, "It | sorts") for n in numbers), "a.toml")


def test_marks_are_found_where_they_may_stand(project: Path) -> None:
    lists, way = "tests/deep/test_lists.py", "tests/way.spec.ts"
    assert marks_in_source(project) == {
        "SH-001.1": {MarkedTest(lists, "all tests")},
        "SH-002.1": {MarkedTest(lists, "TestLists")},
        "SH-002.2": {MarkedTest(lists, "TestLists")},
        "SH-002.3": {MarkedTest(lists, "TestLists.test_order")},
        "SH-003.1": {MarkedTest(lists, "test_each")},
        "ZB-05.1": {MarkedTest(way, "she applies")},
        "ZB-05.2": {MarkedTest(way, "she applies")},
        "SH-053.1": {MarkedTest(way, "he waits")},
    }


def test_a_mark_that_cannot_be_read_is_an_error(project: Path) -> None:
    (project / "tests" / "test_hidden.py").write_text("@pytest.mark.covers(*IDS)\ndef test_x(): ...")
    with pytest.raises(MarkUnreadable, match=r"tests/test_hidden\.py:1"):
        marks_in_source(project)


def test_an_unknown_check_is_named_with_its_test() -> None:
    marks = {"SH-002.1": {MarkedTest("a.py", "test_a")}, "SH-999.1": {MarkedTest("b.py", "test_b")}}
    assert unknown_ids([module("SH-002.1")], marks) == "unknown checks: SH-999.1 (b.py: test_b)"
    assert unknown_ids([module("SH-002.1", "SH-999.1")], marks) == ""


def test_only_passed_tests_of_a_report_count(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text("""<testsuite>
      <testcase classname="tests.a" name="test_a"><properties><property name="covers" value="SH-001.1"/></properties>
      </testcase>
      <testcase classname="tests.a" name="test_b"><properties><property name="covers" value="SH-001.2"/></properties>
        <failure message="no"/></testcase>
      <testcase classname="way" name="she waits @SH-053.1"/>
    </testsuite>""")
    assert marks_passed([report]).keys() == {"SH-001.1", "SH-053.1"}


def test_the_page_names_tests_and_what_is_missing() -> None:
    page = write_page([module("SH-002.1", "SH-002.2")], {"SH-002.1": {MarkedTest("tests/test_a.py", "test_a")}})
    assert "**1 of 2 checks are shown by tests.**" in page
    assert r"| SH-002.1 | It \| sorts | [test_a.py](../../tests/test_a.py): `test_a` |" in page
    assert "Not shown yet: SH-002.2" in page


def test_the_catalogue_is_whole() -> None:
    modules = read_modules()
    assert len(modules) > 300
    assert all(check.id.startswith(f"{each.id}.") and check.text for each in modules for check in each.checks)
