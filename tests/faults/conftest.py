"""One installation for all fault tests; it is struck by one test after the other, as a real one is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.installation import Besieged
from tests.journeys import people
from tools.devtool.installation import ROOT


@pytest.fixture(scope="session")
def besieged() -> Iterator[Besieged]:
    """The installation, with the journeys' people pointed at it."""
    made = Besieged(Path(os.environ.get("ANJU_VAR") or ROOT / "var") / "besieged")
    patch = pytest.MonkeyPatch()
    try:
        made.start()
        for name, value in made.environment().items():
            patch.setenv(name, value)
        patch.setattr(people, "URL", made.installation.url)
        patch.setattr(people, "SANDBOX", made.installation.sandbox_url)
        yield made
    finally:
        made.stop()
        patch.undo()


@pytest.fixture
def departments(besieged: Besieged) -> Iterator[httpx.Client]:
    """The sandbox's switches; all departments are well before and after."""
    client = httpx.Client(base_url=besieged.installation.sandbox_url, trust_env=False, timeout=10)
    client.post("/control/reset", json={"everything": False}).raise_for_status()
    yield client
    client.post("/control/reset", json={"everything": False}).raise_for_status()
