"""The spreadsheet of persons (PR-03.1): numbers are checked, staged and stored sealed; a repeat doubles nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anju.households.models import Person
from anju.households.services import DocumentType, clean_number, names_by_index, note_dealings, told_by_number
from anju.kernel import clock
from anju.kernel.crypto import blind, mask_id_number
from anju.kernel.errors import DomainError
from anju.kernel.forms.personal import Wrong, clean_name
from anju.kernel.registers import FIND, Derivation, Examination, Field, Import, Level, Row, RowWrong
from anju.kernel.scope import Actor

NUMBER_BLIND = Field("number_blind", "证件号码索引", "bytes")


def read_name(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The name in its one form."""
    try:
        values["name"] = clean_name(values["name"])
    except Wrong as wrong:
        raise RowWrong("name", wrong.code, wrong.message) from wrong


def read_number(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The number in its one form and its index."""
    try:
        values["document_number"] = clean_number(values["document_type"], values["document_number"])
    except DomainError as wrong:
        raise RowWrong("document_number", wrong.code, wrong.message) from wrong
    values["number_blind"] = blind(values["document_number"])


def born(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """Nobody is born tomorrow."""
    if values["birth_on"] is not None and values["birth_on"] > clock.today():
        raise RowWrong("birth_on", "future", "出生日期还没有到")


def as_the_number_says(place: int, key: str, title: str) -> Derivation:
    """Birth date and gender from the number, and not otherwise than it says."""

    def read(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
        told = told_by_number(values["document_type"], values["document_number"])
        if told is None:
            return
        if values[key] not in (None, told[place]):
            raise RowWrong(key, "differs", f"与证件号码里的{title}不一致")
        values[key] = told[place]

    return Derivation(("document_type", "document_number", key), read)


def same_name(rows: Sequence[Row], actor: Actor) -> None:
    """A number that is known under another name belongs to another person, or one of the two is misspelt."""
    known = names_by_index(row.values["number_blind"] for row in rows)
    for row in rows:
        if known.get(row.values["number_blind"], row.values["name"]) != row.values["name"]:
            row.wrong("name", "differs", "这个证件号码已登记为另一个姓名，请核对姓名和号码")


def may_be_seen(ids: Sequence[int], actor: Actor) -> None:
    """Who registers a person has to do with him, also where another office had registered him before."""
    note_dealings(ids, org_path=actor.org_path or "/", division=actor.division, actor=actor)


PERSONS = Import(
    "persons",
    "人员",
    fields=(
        Field("name", "姓名", required=True, max_length=60, example="周桂芳"),
        Field(
            "document_type", "证件类型", "choice", dictionary="document_type", default=DocumentType.ID_CARD.value,
            hint="空着时为居民身份证", example="居民身份证",
        ),
        Field(
            "document_number", "证件号码", required=True, max_length=30, masked=mask_id_number,
            hint="按文本填写，不要让表格转成数字", example="339901197105050023",
        ),
        Field("gender", "性别", "choice", dictionary="gender", hint="身份证空着时取自号码"),
        Field("birth_on", "出生日期", "date", hint="身份证空着时取自号码", example="1971-05-05"),
    ),
    derived=(NUMBER_BLIND,),
    derive=(
        Derivation(("name",), read_name),
        Derivation(("document_type", "document_number"), read_number),
        Derivation(("birth_on",), born),
        as_the_number_says(0, "birth_on", "出生日期"),
        as_the_number_says(1, "gender", "性别"),
    ),
    examine=(Examination(("name", "document_type", "document_number"), same_name),),
    identify="name",
    levels=(
        Level(
            "person",
            "人员",
            Person,
            "households.persons",
            match=["document_type", "number_blind"],
            existing=FIND,
            named="document_number",
            after=may_be_seen,
            values={
                "document_type": "document_type",
                "number_blind": "number_blind",
                "document_number": "document_number",
                "name": "name",
                "gender": "gender",
                "birth_on": "birth_on",
            },
        ),
    ),
    notes=(
        "同一证件类型和号码是同一个人：已登记的人不会重复登记，也不会被改动；姓名与已登记的不一致时，该行不导入。",
        "证件号码加密保存，页面上只显示首尾几位。",
    ),
)  # fmt: skip
