"""Commands about the data: seed, reset, shell, clock, bench."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.devtool import node_packages, plans, stamps, state
from tools.devtool.console import Failure, say, step
from tools.devtool.control_group import own_group
from tools.devtool.installation import PYTHON, ROOT, Installation, free_port_range
from tools.devtool.postgres import database

KEPT_BY_RESET = {"tools", "stamps"}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands of this module."""
    seed = commands.add_parser(
        "seed",
        help="load the demonstration city, or a whole one",
        description="Loads the demonstration city (澜州市) into the running installation; what is there already stays. "
        "Further options, such as --persons 100000, are passed on to `anju seed_city`.",
    )
    seed.add_argument(
        "size",
        nargs="?",
        choices=("demo", "full", "city"),
        default="demo",
        help="full: 450,000 units and 200,000 cases; city: 5 million persons, 2 million cases, 1.5 million contracts too",
    )
    seed.set_defaults(run=run_seed, installs=True, passes_on=True)

    reset = commands.add_parser(
        "reset",
        help="delete the database and all data under var/",
        description="Stops the installation, drops its database and deletes its files under var/. Asks first.",
    )
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.set_defaults(run=run_reset, installs=False)

    shell = commands.add_parser(
        "shell", help="Python shell inside the running installation", description="Django's shell; `-c CODE` runs code."
    )
    shell.set_defaults(run=run_shell, installs=True, passes_on=True)

    clock = commands.add_parser(
        "clock",
        help="move the date forward in the demonstration",
        usage="./dev clock [-h] [+3d | 2026-12-01 | --show | --reset]",
        description="Moves the clock of the running demonstration: publicity (公示) ends, deadlines pass, reminders go "
        "out. A production setting makes it impossible.",
    )
    clock.set_defaults(run=run_clock, installs=True, passes_on=True)

    bench = commands.add_parser(
        "bench",
        help="measure with 450,000 units",
        description="Starts an installation of its own (free ports), fills it and measures. The city is kept in "
        "var/bench-city and measured again when it is there; the full size is made anew in var/bench each time. Further "
        "options are passed on to `python -m bench`.",
    )
    bench.add_argument(
        "--size", choices=("full", "city"), help="full, or the whole city (`./dev seed city`); city when it is there"
    )
    bench.add_argument("--json", metavar="FILE", help="write the figures to this file")
    bench.add_argument("--fill", action="store_true", help="only make the city, for a later --filled")
    bench.add_argument("--filled", action="store_true", help="measure what --fill made, if this program made it")
    bench.set_defaults(run=run_bench, installs=True, passes_on=True)


def _manage(installation: Installation, *arguments: str) -> int:
    """Runs a management command with the installation's environment; gives its exit code."""
    return subprocess.run([PYTHON, "-m", "anju", *arguments], env=installation.environment()).returncode


def run_seed(options: argparse.Namespace) -> int:
    """Loads the demonstration city or a whole one."""
    command = ["seed_demo"] if options.size == "demo" else ["seed_city", "--size", options.size]
    return _manage(state.running_installation(), *command, *options.rest)


def run_shell(options: argparse.Namespace) -> int:
    """Opens Django's shell."""
    return _manage(state.running_installation(), "shell", *options.rest)


def run_clock(options: argparse.Namespace) -> int:
    """Shows or moves the clock."""
    return _manage(state.running_installation(), "clock", *options.rest)


def run_reset(options: argparse.Namespace) -> int:
    """Deletes database and data."""
    installation = state.present_installation()
    what = f"everything under {installation.var}"
    if installation.given_database_url:
        what += f" and the database {database.without_password(installation.given_database_url)}"
    if not options.yes:
        if not sys.stdin.isatty():
            raise Failure(f"This deletes {what}. Say `./dev reset --yes` to do it without a question.")
        if input(f"Delete {what}? Type yes: ").strip() != "yes":
            say("Nothing was deleted.")
            return 1
    plans.stop(installation)
    if installation.given_database_url:
        database.drop(installation.given_database_url)
    clear(installation)
    say("Deleted. `./dev up` begins anew.")
    return 0


def clear(installation: Installation) -> None:
    """Deletes the files of an installation; tools and stamps of the checkout stay."""
    for entry in installation.var.iterdir() if installation.var.is_dir() else []:
        if entry.name in KEPT_BY_RESET:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def run_bench(options: argparse.Namespace) -> int:
    """Measures on a fresh installation; gives the exit code of the measurement."""
    node_packages.ensure()
    node_packages.build()
    # What the clock starts would take turns with what is measured.
    os.environ["ANJU_PERIODIC"] = "0"
    city = ROOT / "var" / "bench-city"
    size = options.size or ("city" if city.is_dir() and "--quick" not in options.rest else "full")
    installation = Installation(city if size == "city" else ROOT / "var" / "bench", free_port_range())
    plans.stop(installation)
    wanted = stamps.digest(program()) + "".join(each for each in ("--light", "--quick") if each in options.rest)
    there = options.filled and stamps.is_current("filled", wanted, installation.var)
    if size != "city" and not there:
        clear(installation)
    # Once it is measured it is another than it was made.
    (installation.var / "filled").unlink(missing_ok=True)
    step(f"Installation for the measurement ({size}) on port {installation.port}")
    with own_group():
        plans.start_in_background(installation)
        try:
            figures = ["--json", str(Path(options.json).resolve())] if options.json else []
            fill = ["--fill"] if options.fill else []
            command = [PYTHON, "-m", "bench", "--size", size, *figures, *fill, *options.rest]
            code = subprocess.run(command, env=installation.environment()).returncode
        finally:
            plans.stop(installation)
    if options.fill and not code:
        stamps.put("filled", wanted, installation.var)
    return code


def program() -> Iterator[Path]:
    """The files that decide what a city is made of."""
    yield ROOT / "uv.lock"
    for folder in ("src", "bench"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
