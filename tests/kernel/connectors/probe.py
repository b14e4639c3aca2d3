"""A connector for tests: the bank's check with short time-outs, so that failing takes no time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anju.kernel.connectors import Breaker, Connector
from anju.kernel.errors import FieldError


@dataclass(frozen=True)
class Question:
    """What the bank is asked."""

    name: str = "陈建国"
    id_type: str = "id_card"
    id_number: str = "339901198603070016"
    card: str = "6222000000000011"
    phone: str = "13800006205"


@dataclass(frozen=True)
class Reply:
    """What it answers."""

    source: str
    matched: bool
    reason: str


class Probe(Connector[Question, Reply]):
    """Tried three times, a second each; the breaker opens after three failures for two seconds."""

    key, title, department = "test_probe", "测试", "测试银行"
    interface = "bank.verify"
    timeout = 1.0
    tries = 3
    backoff = 0.01
    breaker = Breaker(failures=100, pause=2.0)

    def check(self, request: Question) -> Iterable[FieldError]:
        """Cards are digits."""
        if not request.card.isdigit():
            yield FieldError("card", "card", "卡号只能是数字")


class Fragile(Probe):
    """One try a call; the breaker opens after three of them."""

    key = "test_fragile"
    tries = 1
    breaker = Breaker(failures=3, pause=2.0)
