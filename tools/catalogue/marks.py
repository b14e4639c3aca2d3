"""Which checks the tests say they demonstrate: read from the tests' source, or from a report of tests that passed.

In Python `@pytest.mark.covers("SH-053.1")` on a function, a class, a parameter, or as the module's `pytestmark`; in
TypeScript `covers('SH-053.1')` or a tag `@SH-053.1` beside the test's title.
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

NUMBER = r"(?:SH|JN|ZB|PF|PR|NF)-\d+\.\d+"
FOLDERS = ("tests", "web")
SKIPPED = {"node_modules", "dist", "test-results", "__pycache__"}
_TAG = re.compile(rf"@({NUMBER})\b")
_COVERS = re.compile(r"\bcovers\(([^()]*)\)", re.S)
_QUOTED = re.compile(r"""["'`]([^"'`]+)["'`]""")
_TEST = re.compile(r"""\b(?:test|it|describe)(?:\.\w+)*\(\s*(["'`])(?P<title>.*?)\1""", re.S)


@dataclass(frozen=True, order=True)
class MarkedTest:
    """A test: its file below the project's root, and its name there."""

    file: str
    name: str


Marks = dict[str, set[MarkedTest]]


class MarkUnreadable(ValueError):
    """A mark whose ids are not written out in its place, so that reading the source cannot tell them."""


def marks_in_source(root: Path) -> Marks:
    """Check to tests, for every mark in the tests below `root`; raises `MarkUnreadable`."""
    found: Marks = defaultdict(set)
    for path in sorted(_test_files(root)):
        file = path.relative_to(root).as_posix()
        source = path.read_text("utf-8")
        told = _in_python(source, file) if path.suffix == ".py" else _in_typescript(source)
        for name, check in told:
            found[check].add(MarkedTest(file, name))
    return dict(found)


def marks_passed(reports: Iterable[Path]) -> Marks:
    """Check to tests, for the tests that passed according to JUnit files."""
    found: Marks = defaultdict(set)
    for path in reports:
        for case in ET.parse(path).getroot().iter("testcase"):
            if any(case.find(tag) is not None for tag in ("failure", "error", "skipped")):
                continue
            name = case.get("name", "")
            checks = {entry.get("value", "") for entry in case.iter("property") if entry.get("name") == "covers"}
            for check in checks | set(_TAG.findall(name)):
                found[check].add(MarkedTest(case.get("file") or case.get("classname") or "", name))
    return dict(found)


def _test_files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if SKIPPED & set(path.relative_to(root).parts):
                continue
            of_python = path.suffix == ".py" and path.name.startswith("test_")
            of_typescript = path.suffix == ".ts" and (".spec." in path.name or ".test." in path.name)
            if of_python or of_typescript:
                yield path


def _in_python(source: str, file: str) -> Iterator[tuple[str, str]]:
    """Pairs of test and check."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            for check in _ids(node.value, file):
                yield "all tests", check
    yield from _in_body(tree.body, file, "")


def _in_body(body: list[ast.stmt], file: str, prefix: str) -> Iterator[tuple[str, str]]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        name = f"{prefix}{node.name}"
        for decorator in node.decorator_list:
            for check in _ids(decorator, file):
                yield name, check
        if isinstance(node, ast.ClassDef):
            yield from _in_body(node.body, file, f"{name}.")


def _ids(expression: ast.expr, file: str) -> Iterator[str]:
    """The ids of every `covers(…)` within a decorator, parameters of a parametrised test among them."""
    for node in ast.walk(expression):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "covers"):
            continue
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                raise MarkUnreadable(f"{file}:{node.lineno}: write the ids of covers(…) out")
            yield argument.value


def _in_typescript(source: str) -> Iterator[tuple[str, str]]:
    """Pairs of test and check: a mark belongs to the test whose title stands before it."""
    titles = list(_TEST.finditer(source))
    ends = [title.start() for title in titles[1:]] + [len(source)]
    for title, end in zip(titles, ends, strict=True):
        own = source[title.start() : end]
        checks = set(_TAG.findall(own))
        for arguments in _COVERS.findall(own):
            checks.update(_QUOTED.findall(arguments))
        for check in sorted(checks):
            yield title["title"], check
