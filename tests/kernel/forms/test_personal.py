"""Identity numbers, document numbers, telephones and names: what is impossible is refused with what to do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kernel import clock
from anju.kernel.forms import personal
from anju.kernel.forms.personal import Wrong, check_digit, clean_document, clean_id_number, clean_name, clean_phone

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def number(born: date, region: str = "339901", serial: str = "123") -> str:
    first = f"{region}{born:%Y%m%d}{serial}"
    return first + check_digit(first)


def code_of(text: str) -> str:
    with pytest.raises(Wrong) as caught:
        clean_id_number(text)
    return caught.value.code


def test_the_check_digit_of_the_standard() -> None:
    # the example printed in GB 11643-1999
    assert check_digit("11010519491231002") == "X"
    assert clean_id_number(" 11010519491231002ｘ ") == "11010519491231002X"


def test_fifteen_digits_become_eighteen() -> None:
    assert clean_id_number("339901620305123") == number(date(1962, 3, 5))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id_number.length"),
        ("3399011962030512", "id_number.length"),
        ("33990119620305123Y", "id_number.length"),
        ("339901196202301234", "id_number.date"),
        ("339901621305123", "id_number.date"),
        ("339901170001011231", "id_number.date"),
        ("3399011962030512３４５６", "id_number.length"),
    ],
)
def test_impossible_numbers_are_refused(text: str, code: str) -> None:
    assert code_of(text) == code


def test_nobody_is_born_tomorrow() -> None:
    assert clean_id_number(number(TODAY))
    assert code_of(number(TODAY + timedelta(days=1))) == "id_number.future"


@given(st.dates(date(1900, 1, 1), date(2026, 11, 21)), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: date, place: int, change: int) -> None:
    right = number(born)
    if right[place] == "X":
        return
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    assert clean_id_number(right) == right
    with pytest.raises(Wrong):
        clean_id_number(wrong)


def test_an_unknown_region_is_no_refusal() -> None:
    odd = number(date(1990, 1, 1), region="999901")
    assert clean_id_number(odd) == odd
    assert not personal.region_known(odd)
    assert personal.region_known(number(date(1990, 1, 1)))


@pytest.mark.parametrize(
    ("kind", "text", "cleaned"),
    [
        ("passport", "e 12345678", "E12345678"),
        ("hk_macao_permit", "h12345678", "H12345678"),
        ("hk_macao_permit", "C１２３４５６７８", "C12345678"),
        ("driving_licence", number(date(1980, 5, 6)), number(date(1980, 5, 6))),
    ],
)
def test_other_documents(kind: str, text: str, cleaned: str) -> None:
    assert clean_document(kind, text) == cleaned


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("passport", "E1"),
        ("passport", "护照12345"),
        ("hk_macao_permit", "12345678"),
        ("driving_licence", "330000"),
        ("", "?"),
    ],
)
def test_impossible_documents_are_refused(kind: str, text: str) -> None:
    with pytest.raises(Wrong):
        clean_document(kind, text)


def test_telephones() -> None:
    assert clean_phone("+86 138-1234-5678") == clean_phone("１３８１２３４５６７８") == "13812345678"
    for wrong in ("12812345678", "1381234567", "138123456789", "电话"):
        with pytest.raises(Wrong):
            clean_phone(wrong)


def test_names() -> None:
    assert clean_name(" 阿依古丽•买买提 ") == "阿依古丽·买买提"
    assert clean_name("𠮷田") == "𠮷田"
    assert clean_name("Anna  Maria O'Neil") == "Anna Maria O'Neil"
    for wrong in ("王", "王1", "<b>王</b>", "·王", "王" * 51):
        with pytest.raises(Wrong):
            clean_name(wrong)
