"""Declarations that cannot work are refused at start; masked columns, saved views and fields do what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F
from django.db.models.functions import Upper
from hypothesis import given
from hypothesis import strategies as st

from anju.kernel.audit.models import AuditEntry
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.registers import Choice, Column, Field, Register, Rights, Search, View, Wrong
from anju.kernel.registers import rows as register_rows
from anju.kernel.registers.lists import Query, page
from anju.kernel.registers.search import MAX_GRAMS, grams
from anju.kernel.scope import Actor, Reach, system
from anju.supply.models import Operator


class Sample(Register[Operator]):
    """A register that is not in service."""

    key, title = "test.operators", "机构"
    model = Operator
    rights = Rights("test.operator")
    columns: Sequence[Column] = (
        Column("code"),
        Column("phone", masked=lambda text: f"{text[:3]}****{text[-4:]}"),
        Column("loud", "大写", expression=Upper(F("code"))),
    )
    order = "code"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"order": "phone"}, "phone"),
        ({"columns": (Column("code"), Column("nothing"))}, "nothing"),
        ({"columns": (Column("code"), Column("phone", sort="phone"))}, "phone"),
        ({"filters": (Choice("nothing"),)}, "nothing"),
        ({"filters": (Choice("division"),)}, "division offers nothing"),
        ({"heading": ("nothing", "")}, "nothing"),
        ({"search": Search(["id"])}, "id"),
        ({"views": (View("all", "全部", {}, sort="phone"),)}, "phone"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused_with_the_place(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        type("Wrong", (Sample,), wrong)()


@pytest.mark.django_db
class TestMaskedColumns:
    def test_a_list_shows_the_mask_and_reveal_shows_and_records_the_rest(self) -> None:
        Operator.objects.create(code="a", name="A", phone="13812345678")
        register = Sample()
        row = page(register, system(), Query())["rows"][0]
        assert (row["phone"], row["loud"]) == ("138****5678", "A")
        reader = Actor(kind="staff", id=3, grants={"test.operator.reveal": Reach.ALL})
        assert register_rows.reveal(register, row["id"], "phone", "核对联系方式", reader) == "13812345678"
        entry = AuditEntry.objects.get(action="read_personal")
        assert (entry.actor, entry.subject, entry.detail["reason"]) == (
            "staff:3",
            f"test.operators:{row['id']}",
            "核对联系方式",
        )
        assert "13812345678" not in str(entry.detail) + entry.title

    def test_without_reason_or_right_nothing_is_revealed(self) -> None:
        row = Operator.objects.create(code="a", name="A", phone="13812345678")
        with pytest.raises(DomainError, match="reason_needed"):
            register_rows.reveal(Sample(), row.pk, "phone", "看", system())
        with pytest.raises(NotFound):
            register_rows.reveal(Sample(), row.pk, "code", "核对联系方式", system())
        with pytest.raises(NotFound):
            register_rows.reveal(Sample(), row.pk, "phone", "核对联系方式", Actor(kind="staff", id=3))
        assert not AuditEntry.objects.exists()


@pytest.mark.django_db
class TestSavedViews:
    path = "/registers/supply.units/views"

    def test_a_view_is_ones_own(self, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> None:
        mine, other = client_as(staff("supply.unit.view")), client_as(staff("supply.unit.view"))
        wanted = {
            "title": "两室空房",
            "filters": {"layout": "two_one", "status": ["vacant"]},
            "sort": "-rent",
            "columns": ["code"],
        }
        made = mine.post(self.path, wanted).json()
        assert made["filters"] == {"layout": ["two_one"], "status": ["vacant"]}
        assert [view["title"] for view in mine.get(self.path).json()] == ["两室空房"]
        assert mine.post(self.path, wanted | {"sort": "rent"}).json()["id"] == made["id"]
        assert other.get(self.path).json() == []
        assert other.delete(f"{self.path}/{made['id']}").status_code == 404
        assert mine.delete(f"{self.path}/{made['id']}").status_code == 200
        assert mine.get(self.path).json() == []

    def test_a_view_that_cannot_be_shown_is_not_kept(
        self, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
    ) -> None:
        clerk = client_as(staff("supply.unit.view"))
        for wrong in ({"filters": {"nothing": "1"}}, {"sort": "address"}, {"title": ""}, {"filters": {"rent": "abc"}}):
            assert clerk.post(self.path, {"title": "x"} | wrong).status_code == 422


CASES = [
    ("text", "  甲 ", "甲"),
    ("text", 101.0, "101"),
    ("integer", "12", 12),
    ("integer", 12.0, 12),
    ("money", "1,920.5", Decimal("1920.50")),
    ("money", 1920.1, Decimal("1920.10")),
    ("area", 46.349999999999994, Decimal("46.35")),
    ("date", "2026-12-01", date(2026, 12, 1)),
    ("date", "2026年12月1日", date(2026, 12, 1)),
    ("date", datetime(2026, 12, 1, 8), date(2026, 12, 1)),  # noqa: DTZ001
    ("boolean", "是", True),
    ("boolean", "否", False),
    ("text", "", None),
]
WRONG = [
    ("integer", "1.5", "integer"),
    ("integer", "三", "number"),
    ("integer", True, "type"),
    ("money", "1.234", "too_precise"),
    ("money", "NaN", "number"),
    ("money", "1e99", "number"),
    ("date", "2026-13-01", "date"),
    ("date", "2026-02-30", "date"),
    ("date", 45000, "date"),
    ("boolean", "也许", "boolean"),
    ("text", "a\x07b", "control_character"),
    ("text", ["a"], "type"),
    ("text", "字" * 201, "too_long"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), CASES)
def test_a_value_is_understood(kind: str, raw: Any, value: Any) -> None:
    assert Field("x", "某项", kind).clean(raw) == value


@pytest.mark.parametrize(("kind", "raw", "code"), WRONG)
def test_a_wrong_value_says_what_is_wrong(kind: str, raw: Any, code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        Field("x", "某项", kind).clean(raw)
    assert wrong.value.message
    assert wrong.value.code == code


def test_limits_and_choices() -> None:
    with pytest.raises(Wrong, match="不能小于 0"):
        Field("x", "租金", "money", min=0).clean(-1)
    layout = Field("x", "户型", "choice", dictionary="layout")
    assert layout.clean("两室一厅") == layout.clean("two_one") == "two_one"
    with pytest.raises(Wrong) as wrong:
        layout.clean("2室1厅")
    assert wrong.value.suggestion == "两室一厅"


@given(st.text(min_size=2, max_size=30), st.data())
def test_every_piece_of_a_text_is_found_by_its_pairs(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    piece = text[start : data.draw(st.integers(start + 2, len(text)))]
    chosen = grams([piece], {})
    assert 0 < len(chosen) <= MAX_GRAMS
    assert set(chosen) <= {text[i : i + 2] for i in range(len(text) - 1)}


def test_the_rarest_pairs_are_looked_up() -> None:
    frequent = {"号楼": 1.0, "2号": 0.6, "50": 0.2, "02": 0.1, "西园": 0.01, "园公": 0.02, "公寓": 0.3, "2室": 0.03}
    assert grams(["西园公寓", "2号楼", "502室"], frequent) == sorted(["西园", "园公", "2室", "02"])
    # of pairs unknown to the statistics those that share no character first
    assert grams(["甲乙丙丁戊己庚辛"], {}) == sorted(["甲乙", "丙丁", "戊己", "庚辛"])


def test_nought_and_no_are_bounds_and_defaults_of_a_form() -> None:
    told = Field("quarter", "一季度", "integer", required=True, min=0, default=0).describe()
    assert (told["min"], told["default"]) == (0, 0)
    assert Field("transferable", "调配属性", "boolean", default=False).describe()["default"] is False
    plain = Field("note", "说明", min=None).describe()
    assert not {"min", "default", "required", "hint", "fixed"} & plain.keys(), "what is not said is left out"
