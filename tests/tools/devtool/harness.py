"""A supervisor of dummy processes, run in a process of its own as in real life."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.devtool import state
from tools.devtool.installation import ROOT, Installation

SCRIPT = Path(__file__).with_name("supervised.py")


def eventually(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true value of the condition; fails the test when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


@dataclass
class Supervised:
    """A running supervisor and what it says."""

    installation: Installation
    plan: dict[str, Any]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, SCRIPT, str(self.installation.var), str(self.installation.port), json.dumps(self.plan)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(child)
        return child

    def note(self) -> state.State | None:
        return state.read(self.installation.var)

    def until(self, phase: str) -> state.State:
        def reached() -> state.State | None:
            note = self.note()
            return note if note and note.phase == phase and note.supervisor == self.started[-1].pid else None

        found: state.State = eventually(reached)
        return found
