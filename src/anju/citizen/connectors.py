"""The bank's check that a resident is who he says (银行用户实名, ZB-04.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from anju.households.services import clean_number
from anju.kernel.connectors import Connector
from anju.kernel.errors import DomainError, FieldError

REASONS = {
    "not_the_holder": "银行预留的信息与所填的不一致",
    "name_differs": "姓名与银行预留的不一致",
    "card_reported_lost": "这张银行卡已挂失",
}


@dataclass(frozen=True, kw_only=True)
class BankQuery:
    """The four elements that must belong to one customer of the bank."""

    name: str
    id_type: str
    id_number: str
    card: str
    phone: str


@dataclass(frozen=True)
class BankAnswer:
    """Whether they do; if not, `reason` says why."""

    source: str
    matched: bool
    reason: Literal["", "not_the_holder", "name_differs", "card_reported_lost"]

    @property
    def reason_text(self) -> str:
        """The reason as a Chinese sentence; empty when matched."""
        return REASONS.get(self.reason, "")


class BankVerification(Connector[BankQuery, BankAnswer]):
    """Asks the bank; the resident waits for the answer, so it is tried twice only."""

    key, title, department = "bank", "银行用户实名核验", "澜州银行"
    interface = "bank.verify"
    tries = 2

    def check(self, request: BankQuery) -> Iterable[FieldError]:
        """The format of the four elements."""
        if not request.name.strip() or len(request.name) > 60:
            yield FieldError("name", "person.name", "姓名须有 1 到 60 个字")
        try:
            clean_number(request.id_type, request.id_number)
        except DomainError as error:
            yield FieldError("document_number", error.code, error.message)
        if not re.fullmatch(r"\d{12,19}", request.card):
            yield FieldError("bank_card", "bank.card", "银行卡号应为 12 到 19 位数字")
        if not re.fullmatch(r"1[3-9]\d{9}", request.phone):
            yield FieldError("phone", "phone", "手机号码应为 11 位，以 1 开头")
