"""The bank's check of a resident."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from anju.citizen.connectors import BankQuery, BankVerification
from anju.households.synthetic import synthetic_id
from anju.kernel.errors import Invalid
from tests.sandbox_fixture import Sandbox

ASKED = BankQuery(
    name="陈建国",
    id_type="id_card",
    id_number=synthetic_id("339901", date(1986, 3, 7), 1),
    card="6222000000000011",
    phone="13800006205",
)


def test_the_four_elements_of_one_customer_match(sandbox: Sandbox) -> None:
    answer = BankVerification().call(ASKED)
    assert (answer.matched, answer.reason_text) == (True, "")


@pytest.mark.parametrize(
    ("card", "sentence"),
    [("6222000000000010", "银行预留的信息与所填的不一致"), ("6222000000000019", "这张银行卡已挂失")],
)
def test_what_does_not_match_is_told_in_words(sandbox: Sandbox, card: str, sentence: str) -> None:
    answer = BankVerification().call(replace(ASKED, card=card))
    assert (answer.matched, answer.reason_text) == (False, sentence)


def test_another_name_does_not_match(sandbox: Sandbox) -> None:
    sandbox.person(ASKED.id_number, name="陈卫国")
    assert BankVerification().call(ASKED).reason_text == "姓名与银行预留的不一致"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"id_number": "339901198603070017"}, "document_number"),
        ({"card": "6222"}, "bank_card"),
        ({"phone": "1380000"}, "phone"),
    ],
)
def test_an_impossible_element_is_not_sent(sandbox: Sandbox, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        BankVerification().call(replace(ASKED, **wrong))
    assert refused.value.errors[0].path == field
    assert sandbox.calls("bank") == []
