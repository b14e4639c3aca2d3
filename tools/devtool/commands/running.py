"""Commands about the running installation: up, stop, status."""

from __future__ import annotations

import argparse
import json

from tools.devtool import node_packages, plans, state, summary
from tools.devtool.console import colour, say
from tools.devtool.installation import wanted_installation
from tools.devtool.supervisor import supervise


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands of this module."""
    up = commands.add_parser(
        "up",
        help="install what is missing, start everything, print addresses and accounts",
        description="Installs Python and npm packages, brings the database, loads the demonstration city (澜州市), "
        "builds the web and starts web, worker and sandbox. Ctrl-C stops all of it.",
    )
    up.add_argument("-d", "--detach", action="store_true", help="return when everything answers and leave it running")
    up.set_defaults(run=run_up, installs=True)

    stop = commands.add_parser(
        "stop", help="stop what `up -d` started", description="Stops web, worker, sandbox and database, in this order."
    )
    stop.set_defaults(run=run_stop, installs=False)

    status = commands.add_parser(
        "status",
        help="addresses, versions, and how each process is",
        description="Shows addresses, versions and each process. Exit code 0 when all are well, 1 otherwise.",
    )
    status.add_argument("--json", action="store_true", help="for scripts")
    status.set_defaults(run=run_status, installs=False)

    inner = commands.add_parser("supervise", description="What `up -d` runs in the background.")
    inner.add_argument("--database-only", action="store_true", help="no web, worker and sandbox")
    inner.set_defaults(run=run_supervise, installs=False)


def run_up(options: argparse.Namespace) -> int:
    """Starts everything, in front or detached; a running installation is only shown."""
    installation = wanted_installation()
    if state.is_running(installation):
        say("Anju is running already.")
        summary.show(state.present_installation())
        return 0
    node_packages.ensure()
    node_packages.build()
    if options.detach:
        plans.start_in_background(installation)
        summary.show(installation)
        say("Stop it with `./dev stop`; its logs are in var/log.")
        return 0

    def ready() -> None:
        summary.show(installation)
        say("Ctrl-C stops everything.")

    return supervise(installation, lambda: plans.whole_plan(installation, ready))


def run_supervise(options: argparse.Namespace) -> int:
    """Runs in the background what the environment describes; speaks to a file, so processes are not echoed."""
    installation = wanted_installation()
    make = plans.database_plan if options.database_only else plans.whole_plan
    return supervise(installation, lambda: make(installation), on_screen=False)


def run_stop(options: argparse.Namespace) -> int:
    """Stops the installation of this checkout."""
    say("Anju is stopped." if plans.stop(state.present_installation()) else "Anju was not running.")
    return 0


def run_status(options: argparse.Namespace) -> int:
    """Prints how the installation is."""
    told = summary.status(state.present_installation())
    well = told["phase"] == "ready" and all(entry["healthy"] for entry in told["processes"])
    if options.json:
        say(json.dumps(told, indent=1, ensure_ascii=False))
        return 0 if well else 1
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items() if version)
    say(f"Anju: {told['phase']} ({versions})")
    if told["running"]:
        for name, address in told["addresses"].items():
            say(summary.address_line(name, address))
    for entry in told["processes"]:
        word = colour("well", "green") if entry["healthy"] else colour("not well", "red")
        again = f", restarted {entry['restarts']} times" if entry["restarts"] else ""
        say(f"  {entry['name']:<10}{word}, process {entry['pid'] or '-'}, up {entry['up_seconds']} s{again}")
    return 0 if well else 1
