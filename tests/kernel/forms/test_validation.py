"""Checking forms: everything wrong at once, drafts may lack but not be wrong, clean data stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel import clock, definitions
from anju.kernel.forms import Schema, SchemaInvalid, load, read_schema, validate
from anju.kernel.forms.personal import check_digit

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def form(*fields: dict[str, Any], **section: Any) -> Schema:
    part = {"key": "s", "title": "一页", "fields": list(fields), **section}
    return read_schema({"key": "t", "title": "测试", "sections": [part]})


def field(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": key.upper(), "type": kind, **more}


def one(kind: str, value: Any, **more: Any) -> tuple[Any, list[str]]:
    clean, errors = validate(form(field("a", kind, **more)), {"s": {"a": value}})
    return clean.get("s", {}).get("a"), [error.message for error in errors]


@pytest.mark.parametrize(
    ("kind", "value", "cleaned"),
    [
        ("money", "2,300", "2300.00"),
        ("money", "２３００．５", "2300.50"),
        ("money", 2300, "2300.00"),
        ("area", "45.5", "45.50"),
        ("integer", "3", 3),
        ("number", "-0", "0.00"),
        ("date", "2026-02-28", "2026-02-28"),
        ("text", "  文昌路  ", "文昌路"),
        ("boolean", False, False),
        ("phone", "+8613812345678", "13812345678"),
        ("division", "339901", "339901"),
        ("file", [3, 3, 4], [3, 4]),
    ],
)
def test_cleaned_values(kind: str, value: Any, cleaned: Any) -> None:
    assert one(kind, value) == (cleaned, [])


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("money", "两千三", "A写成数字，例如 2300"),
        ("money", "1e5000", "A不能大于 999999999999"),
        ("money", True, "A写成数字，例如 2300"),
        ("money", "-1", "A不能小于 0"),
        ("money", "1.234", "A最多写 2 位小数"),
        ("integer", "2.5", "A写成整数，例如 3"),
        ("date", "2026-2-28", "A写成年-月-日，例如 2026-12-01"),
        ("date", "2026-02-30", "没有 2026-02-30 这一天，请再看一遍"),
        ("text", "a\x00b", "“A”里有不能保存的字符，请重新输入"),
        ("text", 5, "“A”应是文字"),
        ("text", "长" * 201, "“A”最多 200 个字，现在是 201 个"),
        ("division", "3399", "请选A"),
        ("file", ["x"], "“A”应是已上传的文件"),
        ("file", [True], "“A”应是已上传的文件"),
    ],
)
def test_wrong_values_are_told_what_to_do(kind: str, value: Any, said: str) -> None:
    cleaned, messages = one(kind, value)
    assert cleaned is None
    assert messages[0].startswith(said)


def test_the_sentence_names_the_question() -> None:
    _, errors = validate(form({"key": "rent", "title": "房租", "type": "money"}), {"s": {"rent": "很贵"}})
    assert errors[0].message == "房租写成数字，例如 2300"


def test_bounds() -> None:
    assert one("integer", 60, max=50)[1] == ["A不能大于 50，请检查是否多写了一位"]
    assert one("date", "2026-11-22", max="today")[1] == ["A不能晚于今天"]
    assert one("date", "2026-11-20", min="today")[1] == ["A不能早于今天"]
    assert one("text", "短", min_length=5)[1] == ["“A”至少 5 个字，现在是 1 个"]
    assert one("text", "x1", pattern=r"\d+", pattern_hint="只写数字")[1] == ["只写数字"]


def test_choices() -> None:
    options = [{"code": "x", "title": "甲"}, {"code": "y", "title": "乙"}]
    assert one("choice", "x", options=options) == ("x", [])
    assert one("choice", "z", options=options)[1]
    assert one("choice", ["x"], options=options)[1]
    assert one("choices", ["y", "x", "y"], options=options) == (["y", "x"], [])
    assert one("choices", ["y", "x"], options=options, max=1)[1]
    assert one("choice", "self", dictionary="relation") == ("self", [])


def test_incomplete_and_invalid_are_two_things() -> None:
    schema = form(field("a", "money", required=True), field("b", "text", required=True), field("c", "date"))
    data = {"s": {"a": "viel", "b": " "}}
    clean, errors = validate(schema, data)
    assert [(e.path, e.code) for e in errors] == [("s.a", "number.invalid"), ("s.b", "missing")]
    assert errors[1].message == "请填“B”"
    clean, errors = validate(schema, data, draft=True)
    assert [e.path for e in errors] == ["s.a"]
    assert validate(schema, {}, draft=True) == ({}, [])
    assert clean == {"s": {}}


def test_unknown_fields_are_refused() -> None:
    _, errors = validate(form(field("a", "text")), {"s": {"a": "x", "evil": 1}, "other": {}})
    assert {(e.path, e.code) for e in errors} == {("s.evil", "field.unknown"), ("other", "field.unknown")}


@pytest.mark.parametrize("data", [None, 5, [], "x", {"s": []}, {"s": "x"}])
def test_what_is_no_form_is_refused(data: Any) -> None:
    assert validate(form(field("a", "text")), data)[1]


def test_a_statement_must_be_agreed_to() -> None:
    schema = form(field("a", "boolean", required=True, agree=True))
    assert [e.message for e in validate(schema, {"s": {"a": False}})[1]] == ["请先勾选“A”"]
    assert validate(schema, {"s": {"a": True}}) == ({"s": {"a": True}}, [])


def test_hidden_questions_are_neither_asked_nor_kept() -> None:
    kind = field("kind", "choice", options=[{"code": "rented", "title": "租"}, {"code": "owned", "title": "自有"}])
    rent = field("rent", "money", visible='kind == "rented"', required=True)
    schema = form(kind, rent, field("why", "text", visible="rent != null", required="rent > 5000.0"))
    assert [e.path for e in validate(schema, {"s": {"kind": "rented"}})[1]] == ["s.rent"]
    assert validate(schema, {"s": {"kind": "owned", "rent": "x"}}) == ({"s": {"kind": "owned"}}, [])
    assert [e.path for e in validate(schema, {"s": {"kind": "rented", "rent": 5001}})[1]] == ["s.why"]
    assert validate(schema, {"s": {"kind": "rented", "rent": 4999}})[1] == []


def test_rows_are_checked_one_by_one_and_named() -> None:
    group = field(
        "rows", "group", min=2, max=3, row_title="第 {n} 位", unique=["number"], unique_message="{0}与{1}是同一人",
        fields=[field("number", "text", required=True), field("from", "date"), field("to", "date")],
        rules=[{"fields": ["from", "to"], "test": "from <= to", "message": "结束不能早于开始"}],
    )  # fmt: skip
    schema = form(group)
    rows = [{"number": "1", "from": "2026-02-01", "to": "2026-01-01"}, {}, {"number": "1"}]
    _, errors = validate(schema, {"s": {"rows": rows}})
    assert {(e.path, e.message) for e in errors} == {
        ("s.rows.0.to", "结束不能早于开始"),
        ("s.rows.1.number", "请填“NUMBER”"),
        ("s.rows.2.number", "第 3 位与第 1 位是同一人"),
    }
    assert [e.code for e in validate(schema, {"s": {"rows": [{"number": "1"}]}})[1]] == ["group.too_few"]
    assert [e.code for e in validate(schema, {"s": {"rows": [{"number": str(n)} for n in range(4)]}})[1]] == [
        "group.too_many"
    ]
    assert [e.code for e in validate(schema, {"s": {"rows": "x"}})[1]] == ["type"]


def test_rules_among_answers_wait_until_all_are_given() -> None:
    schema = form(
        field("from", "date"),
        field("to", "date"),
        rules=[{"fields": ["from", "to"], "test": "from <= to", "message": "反了"}],
    )
    assert validate(schema, {"s": {"from": "2026-02-01"}})[1] == []
    assert [e.path for e in validate(schema, {"s": {"from": "2026-02-01", "to": "2026-01-01"}})[1]] == ["s.to"]


@pytest.mark.parametrize(
    "fields",
    [
        [field("a", "nonsense")],
        [field("a", "text"), field("a", "text")],
        [field("a", "choice")],
        [field("a", "text", colour="red")],
        [field("a", "group", unique=["b"], fields=[])],
        [field("form", "text")],
        [{"key": "a", "type": "text"}],
    ],
)
def test_wrong_schemas_are_refused(fields: list[dict[str, Any]]) -> None:
    with pytest.raises(SchemaInvalid):
        form(*fields)


def test_every_shipped_form_can_be_read() -> None:
    for key in definitions.files("forms"):
        assert load(key).key == key


# the application for public rental


def id_number(born: str, serial: str = "123") -> str:
    first = f"339901{born}{serial}"
    return first + check_digit(first)


def application() -> dict[str, Any]:
    applicant = {
        "relation": "self",
        "name": "周桂芳",
        "document_type": "id_card",
        "document_number": id_number("19640305"),
        "marriage": "married",
    }
    husband = {**applicant, "relation": "spouse", "name": "陈立民", "document_number": id_number("19620817", "451")}
    return {
        "place": {"division": "339901", "street": "文昌街道"},
        "notice": {"read": True},
        "commitment": {"agreed": True},
        "form": {
            "residence": "local",
            "address": "文昌路 86 弄 12 号 301 室",
            "phone": "13812345678",
            "employment": "retired",
            "income": "5200.00",
        },
        "members": {"members": [applicant, husband]},
        "housing": {
            "situation": "rented",
            "rented_address": "文昌路 86 弄 12 号 301 室",
            "rent": "2300.00",
            "residents": 3,
            "homes": [
                {"kind": "owned", "address": "云溪县石桥村 12 号", "area": "40.00", "share": "50.00", "owner": "陈立民"}
            ],
        },
        "property": {
            "assets": [
                {
                    "owner": "周桂芳",
                    "asset_class": "deposit",
                    "quantity": "1.00",
                    "measure": "笔",
                    "value": "30000.00",
                    "note": "定期",
                }
            ]
        },
    }


@pytest.fixture
def schema() -> Schema:
    return load("eligibility/public_rental_application")


def paths(schema: Schema, data: Any, **options: Any) -> set[str]:
    return {error.path for error in validate(schema, data, **options)[1]}


def test_a_whole_application_is_right_and_stays_as_it_is(schema: Schema) -> None:
    clean, errors = validate(schema, application())
    assert errors == []
    assert clean == application()


def test_the_pages_come_in_their_order(schema: Schema) -> None:
    assert [section.key for section in schema.sections] == [
        "place", "notice", "commitment", "form", "members", "housing", "property", "materials",
    ]  # fmt: skip


def test_only_the_district_of_the_place_is_required_and_housing_and_property_may_be_empty(schema: Schema) -> None:
    data = application() | {"place": {}, "housing": {}, "property": {}}
    assert paths(schema, data) == {"place.division"}
    assert paths(schema, data | {"place": {"division": "339901"}}) == set()


@pytest.mark.covers("ZB-05.2")
def test_a_property_row_has_owner_class_quantity_unit_value_and_note(schema: Schema) -> None:
    data = application()
    clean, _ = validate(schema, data)
    assert clean["property"]["assets"][0] == data["property"]["assets"][0]
    data["property"]["assets"][0] = {}
    assert paths(schema, data) == {
        f"property.assets.0.{key}" for key in ("owner", "asset_class", "quantity", "measure", "value")
    }


def test_the_commitment_must_be_agreed_to(schema: Schema) -> None:
    data = application() | {"commitment": {"agreed": False}}
    assert paths(schema, data) == {"commitment.agreed"}


def test_a_member_listed_twice_is_named(schema: Schema) -> None:
    data = application()
    data["members"]["members"].append({**data["members"]["members"][0], "relation": "other"})
    _, errors = validate(schema, data)
    assert [(e.path, e.message) for e in errors] == [
        ("members.members.2.document_number", "第 3 位与第 1 位是同一人，请删去一位")
    ]


def test_the_applicant_is_in_the_household_once(schema: Schema) -> None:
    data = application()
    data["members"]["members"][0]["relation"] = "other"
    assert paths(schema, data) == {"members.members"}
    assert paths(schema, data, draft=True) == set()
    data["members"]["members"][0]["relation"] = data["members"]["members"][1]["relation"] = "self"
    assert paths(schema, data, draft=True) == {"members.members"}


def test_a_married_child_applies_alone(schema: Schema) -> None:
    data = application()
    data["members"]["members"][1]["relation"] = "child"
    assert paths(schema, data) == {"members.members.1.marriage"}


def test_a_birth_date_in_the_future_is_refused(schema: Schema) -> None:
    data = application()
    data["members"]["members"][1] |= {"document_number": id_number("20261122")}
    assert paths(schema, data, draft=True) == {"members.members.1.document_number"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a nested value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), draft=st.booleans())
def test_no_json_breaks_it_and_clean_data_stay_as_they_are(schema: Schema, data: st.DataObject, draft: bool) -> None:
    told: Any = deepcopy(application())
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(list(places(told))))
        strange = data.draw(JSON)
        if not path:
            told = strange
            continue
        inner = told
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = strange
    clean, errors = validate(schema, told, draft)
    assert all(error.message and error.code for error in errors)
    again, _ = validate(schema, clean, draft)
    assert again == clean
    if not errors:
        assert validate(schema, clean, draft) == (clean, [])
