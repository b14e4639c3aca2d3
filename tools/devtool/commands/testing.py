"""Commands that test: check, test."""

from __future__ import annotations

import argparse
import os
import time

from tools.devtool import node_packages, runner, stages
from tools.devtool.console import Failure, say
from tools.devtool.installation import ROOT

FOLDER = ROOT / "var" / "junit"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands of this module."""
    check = commands.add_parser(
        "check",
        help="the fast tests (under 2 minutes)",
        description="Format, lint, types, import rules and the tests of the building blocks; what every commit should pass.",
    )
    test = commands.add_parser(
        "test",
        help="all tests",
        description="Everything: the source, all Python tests, web unit tests, and, on an installation of its own "
        "(var/test-installation, free ports), journeys through API and browser, accessibility, fuzz and faults. "
        "All stages run, even when one fails.",
    )
    for command, make in ((check, stages.of_check), (test, stages.of_test)):
        command.add_argument("--only", action="append", metavar="STAGE", help="only this stage (may be repeated)")
        command.add_argument("--list", action="store_true", help="list the stages")
        command.add_argument("--fail-fast", action="store_true", help="end at the first failing stage")
        command.set_defaults(run=run_tests, installs=True, make=make)


def run_tests(options: argparse.Namespace) -> int:
    """Runs the chosen stages; gives 0 when all passed."""
    chosen: list[stages.Stage] = options.make(FOLDER)
    if options.list:
        for stage in chosen:
            say(f"{stage.name:<10} {stage.title}")
        return 0
    if options.only:
        unknown = sorted(set(options.only) - {stage.name for stage in chosen})
        if unknown:
            raise Failure(f"No such stage: {', '.join(unknown)}. See them with --list.")
        chosen = [stage for stage in chosen if stage.name in options.only]
    began = time.monotonic()
    node_packages.ensure()
    ground = runner.Ground(ROOT / "var" / "test-installation", os.environ.get("DATABASE_URL") or None)
    results = runner.run(chosen, ground, FOLDER, options.fail_fast)
    say(f"\n{time.monotonic() - began:.0f} s in all")
    return 0 if runner.report(results, ROOT / "var" / "junit.xml") else 1
