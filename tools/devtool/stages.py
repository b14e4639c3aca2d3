"""The stages of `./dev test`, in their order; the first ones, which need no whole installation, are `./dev check`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tools.devtool.installation import PYTHON, ROOT, VENV

BIN = VENV / "bin"


class Needs(Enum):
    """What must run before a stage can."""

    NOTHING = 0
    DATABASE = 1
    INSTALLATION = 2


@dataclass(frozen=True)
class Stage:
    """One stage: a command, and what it needs."""

    name: str
    title: str
    command: list[str]
    needs: Needs = Needs.NOTHING
    browser: bool = False
    """Whether it needs Chromium and Chinese fonts."""
    writes_junit: bool = False
    """Whether the command writes the JUnit file itself; otherwise the stage counts as one test."""
    aside: bool = False
    """Whether it may run beside others of its kind before everything else."""
    seconds: int = 0
    """About how long one that runs aside takes; the longest begin first, so that the last two end together."""
    beside: str = ""
    """The stage that it runs beside, which needs no more than it does: one mostly waits where the other computes."""
    minutes: int = 20
    """After this long it is taken to hang, and ended."""


def _pytest(name: str, junit: Path, *arguments: str) -> list[str]:
    # The older family is the one that has a place for properties of a test case.
    options = ["-o", "junit_family=xunit1", f"--junitxml={junit / name}.xml"]
    return [str(PYTHON), "-m", "pytest", *options, *arguments]


def _here(code: str) -> list[str]:
    return [str(PYTHON), "-c", code]


def _npm(script: str) -> list[str]:
    return ["npm", "run", "--silent", script]


STARTS_PROCESSES = ("journeys", "faults", "fuzz", "browser", "load")
"""Folders of tests that need a running installation or start processes of their own; each has a stage."""

BLOCKS = ("tests/kernel", "tests/properties", "tests/tools")
"""Folders whose tests every commit should pass at once: the building blocks under everything, and the tool itself."""


def of_source() -> list[Stage]:
    """What is asked of the source alone, and what the tests find made; these run two at a time before the tests."""
    return [
        Stage("format", "Python format", [str(BIN / "ruff"), "format", "--check", "."], aside=True),
        Stage("lint", "Python lint", [str(BIN / "ruff"), "check", "."], aside=True),
        Stage("types", "Python types", [str(BIN / "mypy")], aside=True, seconds=30),
        Stage("imports", "Import rules between layers", [str(BIN / "lint-imports")], aside=True),
        Stage("web-types", "Web: types", _npm("check:types"), aside=True, seconds=50),
        Stage("web-lint", "Web: lint", _npm("check:lint"), aside=True, seconds=20),
        Stage("web-format", "Web: format", _npm("check:format"), aside=True, seconds=20),
        # While it waits for an installation to start, the others go on.
        Stage(
            "tables", "Tables of the tests' databases", [str(PYTHON), "-m", "tests.made"],
            needs=Needs.DATABASE, aside=True, seconds=70,
        ),
    ]  # fmt: skip


def _python(junit: Path, title: str, *what: str) -> Stage:
    command = _pytest("python", junit, "-n", "2", "-m", "not fault and not installation", *what)
    return Stage("python", title, command, needs=Needs.DATABASE, writes_junit=True, minutes=40)


def of_check(junit: Path) -> list[Stage]:
    """The fast part, under two minutes: the source, and the tests of the building blocks."""
    return [*of_source(), _python(junit, "Tests of the building blocks on PostgreSQL", *BLOCKS)]


def of_test(junit: Path) -> list[Stage]:
    """Everything."""
    elsewhere = [f"--ignore=tests/{folder}" for folder in STARTS_PROCESSES]
    return [
        *of_source(),
        _python(junit, "Python tests on PostgreSQL", *elsewhere, "tests"),
        Stage("web", "Web: unit tests", _npm("test"), writes_junit=True, aside=True, seconds=11),
        Stage(
            "web-build", "Web: both faces", _here("from tools.devtool import node_packages as web; web.build()"),
            aside=True, seconds=10,
        ),
        Stage(
            "journeys", "Journeys through the API", _pytest("journeys", junit, "tests/journeys"),
            needs=Needs.INSTALLATION, writes_junit=True, beside="python",
        ),
        Stage(
            "browser", "Journeys and accessibility in Chromium",
            ["npx", "--no-install", "playwright", "test", "-c", "tests/browser/playwright.config.ts"],
            needs=Needs.INSTALLATION, writes_junit=True, browser=True, minutes=40,
        ),
        Stage(
            "fuzz", "Fuzz of the API", _pytest("fuzz", junit, "-n", "2", "-o", "timeout=900", "tests/fuzz"),
            needs=Needs.INSTALLATION, writes_junit=True, minutes=30,
        ),
        Stage(
            "faults", "Faults: kill, cut, race", _pytest("faults", junit, "tests/faults"),
            needs=Needs.INSTALLATION, writes_junit=True, beside="browser",
        ),
        Stage(
            "load-city", "Load: the tender's city is made",
            [str(PYTHON), str(ROOT / "dev"), "bench", "--size", "full", "--light", "--fill"],
            needs=Needs.INSTALLATION, beside="fuzz",
        ),
        Stage(
            "load", "Load: a thousand people at work", _pytest("load", junit, "tests/load"),
            needs=Needs.INSTALLATION, writes_junit=True,
        ),
    ]  # fmt: skip
