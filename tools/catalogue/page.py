"""The page that says for every check which tests show it (`docs/requirements/coverage.md`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.catalogue.marks import MarkedTest, Marks
from tools.catalogue.requirements import Module

PAGE = "docs/requirements/coverage.md"
COMMAND = f"tools/coverage --page {PAGE}"


def write_page(modules: Sequence[Module], marks: Marks) -> str:
    """The whole page as Markdown; the same marks always give the same text."""
    return "\n".join([*_head(modules, marks), *_modules(modules, marks)]) + "\n"


def _head(modules: Sequence[Module], marks: Marks) -> Iterator[str]:
    everything: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for module in modules:
        everything[module.context] += len(module.checks)
        shown[module.context] += sum(check.id in marks for check in module.checks)
    yield "# Which tests show which check"
    yield ""
    yield f"Generated: `{COMMAND}`. Do not edit; `tests/tools/test_coverage_page.py` compares it with the marks in the"
    yield "tests. A check without a test is not claimed. The rulings on what the sources leave open stand in"
    yield "[decisions.md](decisions.md)."
    yield ""
    yield f"**{sum(shown.values())} of {sum(everything.values())} checks are shown by tests.**"
    yield ""
    yield "| Context | Shown | Of |"
    yield "| --- | ---: | ---: |"
    for context in sorted(everything):
        yield f"| {context} | {shown[context]} | {everything[context]} |"


def _modules(modules: Sequence[Module], marks: Marks) -> Iterator[str]:
    for file, group in groupby(modules, lambda module: module.file):
        yield ""
        yield f"## [{file}]({file})"
        for module in group:
            yield from _module(module, marks)


def _module(module: Module, marks: Marks) -> Iterator[str]:
    shown = [check for check in module.checks if check.id in marks]
    rest = [check.id for check in module.checks if check.id not in marks]
    yield ""
    yield f"### {module.id} {module.title} · {module.name}"
    yield ""
    if shown:
        yield "| Check | What | Shown by |"
        yield "| --- | --- | --- |"
        for check in shown:
            yield f"| {check.id} | {_cell(check.text)} | {_tests(marks[check.id])} |"
    if shown and rest:
        yield ""
    if rest:
        yield f"Not shown yet: {', '.join(rest)}"


def _tests(tests: set[MarkedTest]) -> str:
    """Links to the files, the tests' names behind each."""
    told = []
    for file, group in groupby(sorted(tests), lambda test: test.file):
        names = ", ".join(_code(test.name) for test in group)
        told.append(f"[{file.removeprefix('tests/')}](../../{file}): {names}")
    return "<br>".join(told)


def _code(name: str) -> str:
    """A test's name as code, in a table."""
    return f"`{name.replace('|', chr(92) + '|').replace('`', '')}`"


def _cell(text: str) -> str:
    """Text that cannot break a table."""
    return text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;").replace("\n", " ")
