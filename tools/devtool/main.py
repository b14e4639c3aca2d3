"""The command line of `./dev`: finds the command, installs the Python packages when it needs them, runs it."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from tools.devtool import python_packages
from tools.devtool.commands import data, running, testing
from tools.devtool.console import Failure, fail
from tools.devtool.installation import PYTHON


class Parser(argparse.ArgumentParser):
    """Answers a mistake with the whole help, not only with the usage line."""

    def error(self, message: str) -> NoReturn:
        """Prints help and mistake; ends with 2."""
        self.print_help(sys.stderr)
        self.exit(2, f"\n{self.prog}: {message}\n")


def parser() -> Parser:
    """All commands with their options."""
    result = Parser(
        prog="./dev",
        description="Anju (安居) for developers. Two commands matter: `./dev up` starts everything, `./dev test` tests "
        "everything.",
        epilog="Environment: ANJU_PORT (8600; the next two ports are used as well), DATABASE_URL (a PostgreSQL of your "
        "own), ANJU_POSTGRES (machine, wheel, or a folder of server binaries), CHROMIUM (for browser tests).",
    )
    commands = result.add_subparsers(metavar="COMMAND", dest="command", required=True, parser_class=Parser)
    for module in (running, data, testing):
        module.add_to(commands)
    return result


def main(arguments: list[str]) -> int:
    """Runs one command; gives its exit code."""
    options, rest = parser().parse_known_args(arguments)
    if rest and not getattr(options, "passes_on", False):
        parser().error(f"not understood: {' '.join(rest)}")
    options.rest = rest
    try:
        if options.installs:
            python_packages.ensure()
        if PYTHON.exists():
            python_packages.run_inside(arguments)
        result: int = options.run(options)
        return result
    except Failure as failure:
        fail(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130
