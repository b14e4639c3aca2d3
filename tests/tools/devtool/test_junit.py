"""The merged JUnit file keeps what the coverage page needs, and its sum is the last line of the test command."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from tools.devtool import junit

PYTEST = """<testsuites><testsuite name="pytest" tests="3">
<testcase classname="tests.x" name="test_a">
<properties><property name="covers" value="SH-043.1"/></properties></testcase>
<testcase classname="tests.x" name="test_b"><failure message="no"/></testcase>
<testcase classname="tests.x" name="test_c"><skipped/></testcase>
</testsuite></testsuites>"""


def test_cases_are_counted_by_how_they_ended(tmp_path: Path) -> None:
    path = tmp_path / "python.xml"
    path.write_text(PYTEST)
    assert junit.count(path) == junit.Counts(1, 1, 1)


def test_a_missing_or_broken_file_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.xml").write_text("<testsuites><testsuite")
    assert junit.count(tmp_path / "none.xml") == junit.count(tmp_path / "broken.xml") == junit.Counts()


def test_what_failed_is_named_with_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "python.xml"
    path.write_text(PYTEST.replace('message="no"/>', 'message="1 == 2">at line 7</failure>'))
    assert junit.failed(path) == [junit.Failed("tests.x › test_b", "1 == 2\nat line 7")]
    assert junit.failed(tmp_path / "none.xml") == []


def test_what_passed_only_when_run_again_is_named_and_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "browser.xml"
    path.write_text(PYTEST.replace("failure", "flakyFailure"))
    assert junit.unsteady(path) == [junit.Failed("tests.x › test_b", "no")]
    assert junit.failed(path) == []
    assert junit.count(path) == junit.Counts(2, 0, 1)


def test_the_merged_file_keeps_the_covers_and_names_the_stage(tmp_path: Path) -> None:
    (tmp_path / "python.xml").write_text(PYTEST)
    junit.write_one(tmp_path / "lint.xml", "lint", "Python lint", 1.5, None)
    target = tmp_path / "all" / "junit.xml"
    total = junit.merge({"lint": tmp_path / "lint.xml", "python": tmp_path / "python.xml"}, target)
    assert str(total) == "2 passed, 1 failed, 1 skipped"
    root = ElementTree.parse(target).getroot()
    assert [element.get("value") for element in root.iter("property") if element.get("name") == "covers"] == [
        "SH-043.1"
    ]
    assert [element.get("value") for element in root.iter("property") if element.get("name") == "stage"] == [
        "lint",
        "python",
    ]
    assert root.get("failures") == "1"


def test_a_command_that_died_shows_as_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "fuzz.xml"
    junit.add_failure(path, "fuzz", "the command ended with code 4")
    assert junit.count(path) == junit.Counts(0, 1, 0)
    path.write_text(PYTEST)
    junit.add_failure(path, "fuzz", "the command ended with code 4")
    assert junit.count(path) == junit.Counts(1, 2, 1)
