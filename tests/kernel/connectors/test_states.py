"""What is told about the interfaces as a whole."""

from __future__ import annotations

import pytest

from anju.kernel.connectors import CONNECTORS, Breaker, Connector, ConnectorError
from anju.kernel.connectors.states import ConnectorStatus, Health, connector_states
from tests.kernel.connectors.probe import Fragile, Probe, Question
from tests.kernel.connectors.test_calls import pass_pause
from tests.sandbox_fixture import Sandbox


def state(key: str) -> ConnectorStatus:
    return next(status for status in connector_states() if status.key == key)


def test_every_declared_interface_is_listed(sandbox: Sandbox) -> None:
    assert [status.key for status in connector_states()] == sorted(CONNECTORS)
    assert state("test_probe").health is Health.CLOSED


def test_the_state_follows_the_calls(sandbox: Sandbox) -> None:
    Fragile().call(Question())
    sandbox.behave("bank", "fail")
    for _ in range(3):
        with pytest.raises(ConnectorError):
            Fragile().call(Question())
    now = state("test_fragile")
    assert (now.health, now.failures, now.calls, now.failed) == (Health.OPEN, 3, 4, 3)
    assert now.retry_after is not None
    assert now.error == "对方返回 503"
    assert now.answered_at is not None
    pass_pause()
    assert state("test_fragile").health is Health.HALF_OPEN
    sandbox.reset()
    Fragile().call(Question())
    healed = state("test_fragile")
    assert (healed.health, healed.failures, healed.error) == (Health.CLOSED, 0, "")


def test_a_key_is_declared_once() -> None:
    with pytest.raises(TypeError, match="twice"):
        type("Second", (Probe,), {"key": "test_probe", "breaker": Breaker()})


def test_types_come_from_the_declaration() -> None:
    assert (Probe.request_type, Fragile.request_type) == (Question, Question)
    assert issubclass(Probe, Connector)
