"""Starts supervisors for the tests, and ends them whatever the test did."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.devtool.harness import Supervised
from tools.devtool import state
from tools.devtool.installation import Installation, free_port_range


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], Supervised]]:
    made: list[Supervised] = []

    def make(plan: dict[str, Any]) -> Supervised:
        made.append(Supervised(Installation(tmp_path / "var", free_port_range()), plan))
        return made[-1]

    yield make
    for each in made:
        for child in each.started:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                child.wait(30)
            if child.stdout:
                child.stdout.close()
        if note := each.note():
            state.end_leftovers(note)
