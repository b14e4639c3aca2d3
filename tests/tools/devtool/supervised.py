"""Runs a supervisor over small Python programs, as the tests describe them: folder, port, {name: code}."""

import json
import sys
from pathlib import Path

from tools.devtool.console import Failure, fail
from tools.devtool.installation import Installation
from tools.devtool.processes import Process
from tools.devtool.supervisor import Plan, Task, supervise

folder, port, text = sys.argv[1:]
described = json.loads(text)
installation = Installation(Path(folder), int(port), "postgresql://nowhere/none")


def process(name: str, code: str) -> Process:
    """A program that is well when it has made a file of its name."""
    well = installation.var / f"{name}.well"
    return Process(name, "green", [sys.executable, "-c", code], {"WELL": str(well)}, well.exists, patience=2)


plan = Plan(
    database=None,
    prepare=lambda: "0",
    tasks=[Task("once", "A task", [sys.executable, "-c", code]) for code in described.get("tasks", [])],
    applications=[process(name, code) for name, code in described["applications"].items()],
    on_ready=lambda: print("READY", flush=True),
)
try:
    sys.exit(supervise(installation, lambda: plan))
except Failure as failure:
    fail(str(failure))
    sys.exit(1)
