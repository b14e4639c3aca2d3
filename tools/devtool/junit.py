"""JUnit files: counted per stage, written for stages that are plain commands, merged into one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Counts:
    """Tests by how they ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def count(path: Path) -> Counts:
    """Counts the test cases of a file; a missing or broken file counts nothing."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (FileNotFoundError, ElementTree.ParseError):
        return Counts()
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return Counts(len(cases) - failed - skipped, failed, skipped)


@dataclass(frozen=True)
class Failed:
    """A test that failed, and what it said."""

    name: str
    said: str


def failed(path: Path) -> list[Failed]:
    """The failed test cases of a file, in its order; a missing or broken file has none."""
    return _telling(path, "failure", "error")


def unsteady(path: Path) -> list[Failed]:
    """The test cases that failed at first and passed when they were run again: no failures, and nothing to be left so."""
    return _telling(path, "flakyFailure", "flakyError")


def _telling(path: Path, *kinds: str) -> list[Failed]:
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (FileNotFoundError, ElementTree.ParseError):
        return []
    found = []
    for case in cases:
        problem = next((case.find(kind) for kind in kinds if case.find(kind) is not None), None)
        if problem is not None:
            said = f"{problem.get('message', '')}\n{problem.text or ''}".strip()
            found.append(Failed(f"{case.get('classname', '')} › {case.get('name', '')}", said))
    return found


def write_one(path: Path, stage: str, title: str, seconds: float, failure: str | None) -> None:
    """Writes a file with the one test case that a plain command is."""
    suite = ElementTree.Element(
        "testsuite", name=stage, tests="1", failures="1" if failure else "0", errors="0", time=f"{seconds:.3f}"
    )
    case = ElementTree.SubElement(suite, "testcase", classname=stage, name=title, time=f"{seconds:.3f}")
    if failure:
        ElementTree.SubElement(case, "failure", message=failure)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def add_failure(path: Path, stage: str, message: str) -> None:
    """Adds a failed case to a file, for a command that failed although no test of it did."""
    try:
        root = ElementTree.parse(path).getroot()
    except (FileNotFoundError, ElementTree.ParseError):
        root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name=stage, tests="1", failures="1", errors="0")
    case = ElementTree.SubElement(suite, "testcase", classname=stage, name="the command itself")
    ElementTree.SubElement(case, "failure", message=message)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def merge(files: dict[str, Path], target: Path) -> Counts:
    """Puts the suites of all stages into one file, with all their properties, and gives the sum."""
    together = ElementTree.Element("testsuites", name="anju")
    total = Counts()
    for stage, path in files.items():
        if not path.exists():
            continue
        total += count(path)
        root = ElementTree.parse(path).getroot()
        for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
            properties = suite.find("properties")
            if properties is None:
                properties = ElementTree.Element("properties")
                suite.insert(0, properties)
            ElementTree.SubElement(properties, "property", name="stage", value=stage)
            together.append(suite)
    together.set("tests", str(total.passed + total.failed + total.skipped))
    together.set("failures", str(total.failed))
    target.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(together).write(target, encoding="utf-8", xml_declaration=True)
    return total
