"""The command line of `tools/coverage`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.catalogue.marks import Marks, MarkUnreadable, marks_in_source, marks_passed
from tools.catalogue.page import PAGE, write_page
from tools.catalogue.requirements import ROOT, Module, read_modules


def parser() -> argparse.ArgumentParser:
    """The options."""
    result = argparse.ArgumentParser(
        prog="tools/coverage",
        description="How much of the requirement catalogue (docs/requirements/*.toml) the tests demonstrate. Exit code "
        "1 when a mark names a check that the catalogue does not have.",
    )
    result.add_argument("--junit", type=Path, nargs="+", metavar="FILE", help="only marks of tests that passed there")
    result.add_argument("--by", choices=["context", "source", "module"], default="context", help="how the table counts")
    result.add_argument("--missing", nargs="?", const="", metavar="PREFIX", help="list checks not shown (SH-05, PF …)")
    result.add_argument("--total", action="store_true", help="one line: shown of all")
    result.add_argument("--page", type=Path, metavar="FILE", help=f"write the page, such as {PAGE}")
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit code."""
    options = parser().parse_args(arguments)
    modules = read_modules()
    try:
        marks = marks_passed(options.junit) if options.junit else marks_in_source(ROOT)
    except MarkUnreadable as error:
        print(error, file=sys.stderr)
        return 1
    unknown = unknown_ids(modules, marks)
    if unknown:
        print(unknown, file=sys.stderr)
    if options.page:
        options.page.write_text(write_page(modules, marks), "utf-8")
    elif options.missing is not None:
        list_missing(modules, marks, options.missing)
    elif not options.total:
        list_counts(modules, marks, options.by)
    checks = [check.id for module in modules for check in module.checks]
    shown = sum(check in marks for check in checks)
    print(f"{shown} of {len(checks)} checks demonstrated, {shown / max(1, len(checks)):.1%}")
    return 1 if unknown else 0


def unknown_ids(modules: Sequence[Module], marks: Marks) -> str:
    """A sentence naming every marked id that is in no module, with its tests; empty when there is none."""
    known = {check.id for module in modules for check in module.checks}
    wrong = [
        f"{check} ({', '.join(f'{test.file}: {test.name}' for test in sorted(marks[check]))})"
        for check in sorted(marks.keys() - known)
    ]
    return f"unknown checks: {'; '.join(wrong)}" if wrong else ""


def list_missing(modules: Sequence[Module], marks: Marks, prefix: str) -> None:
    """Prints the checks that no test shows."""
    for module in modules:
        for check in module.checks:
            if check.id not in marks and check.id.startswith(prefix):
                print(f"{check.id:<10} {module.context:<14} {check.text}")


def list_counts(modules: Sequence[Module], marks: Marks, by: str) -> None:
    """Prints a table of shown and all checks."""
    everything: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for module in modules:
        key = {"context": module.context, "source": module.source, "module": module.id}[by]
        everything[key] += len(module.checks)
        shown[key] += sum(check.id in marks for check in module.checks)
    for key, count in everything.items():
        print(f"{key:<16} {shown[key]:>5} of {count:>5}  {shown[key] / count:>6.1%}")
