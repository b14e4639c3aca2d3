"""Decision tables: cells, hit policies, validity in time and place, and what is refused."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kernel import definitions
from anju.kernel.errors import NotFound
from anju.kernel.rules import (
    RuleInputWrong,
    RuleInvalid,
    RuleOverlap,
    RuleUndecided,
    collect,
    decide,
    decisions,
    explain,
    read_tables,
)
from anju.kernel.rules.sfeel import CellInvalid, compile_test, compile_value

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("cell", "fits", "fits_not"),
    [
        ("-", [Decimal(1), None, "x"], []),
        ("", [None], []),
        ("15", [Decimal("15.0")], [Decimal("15.1"), "15", None]),
        ("<= 15", [Decimal(15), Decimal(-1)], [Decimal("15.01"), None, "1"]),
        ("[10..20]", [Decimal(10), Decimal(20)], [Decimal("9.99"), Decimal("20.01")]),
        ("(10..20)", [Decimal(11)], [Decimal(10), Decimal(20)]),
        ("]10..20[", [Decimal(11)], [Decimal(10), Decimal(20)]),
        ('"a", "b"', ["a", "b"], ["c", None]),
        ('not("a", "b")', ["c"], ["a", None]),
        ("< 5, > 10", [Decimal(4), Decimal(11)], [Decimal(7)]),
        ("true", [True], [False, Decimal(1), None]),
        ("null", [None], ["", False]),
        ('>= date("2026-01-01")', [date(2026, 1, 1)], [date(2025, 12, 31), "2026-01-01"]),
        ('"say \\"hi\\""', ['say "hi"'], ["say"]),
        ("-3.5", [Decimal("-3.5")], [Decimal("3.5")]),
    ],
)
def test_cells(cell: str, fits: list[Any], fits_not: list[Any]) -> None:
    test = compile_test(cell)
    assert all(test(value) for value in fits)
    assert not any(test(value) for value in fits_not)


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "1 2",
        "[1..",
        "[5..1]",
        '[1.."a"]',
        "not 1",
        "<",
        "< true",
        "1,",
        'date("2026-02-30")',
        "1..2",
        "os.exit()",
    ],
)
def test_cells_outside_the_subset_are_refused(cell: str) -> None:
    with pytest.raises(CellInvalid):
        compile_test(cell)


@given(st.text(max_size=30))
def test_any_cell_compiles_or_is_refused(text: str) -> None:
    for compile_cell in (compile_test, compile_value):
        with contextlib.suppress(CellInvalid):
            compile_cell(text)


def decision(policy: str, rows: list[tuple[str, str]], valid: str = "", kind: str = "number") -> str:
    rules = "".join(
        f"<rule><inputEntry><text>{escape(cell)}</text></inputEntry><outputEntry><text>{escape(out)}</text></outputEntry>"
        f"<description>第 {number} 条</description></rule>"
        for number, (cell, out) in enumerate(rows, 1)
    )
    return (
        f'<decision id="d" name="测试" {valid}><decisionTable hitPolicy="{policy}">'
        f'<input label="甲"><inputExpression typeRef="{kind}"><text>a</text></inputExpression></input>'
        f'<output name="out" typeRef="number"/>{rules}</decisionTable></decision>'
    )


def file(*parts: str) -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:anju="http://anju.dev/dmn">'
        f"{''.join(parts)}</definitions>"
    ).encode()


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Makes the file of a rule `t` out of decisions."""

    def make(*parts: str) -> None:
        path = tmp_path / "t.dmn"
        path.write_bytes(file(*parts))
        decisions.tables.cache_clear()
        real = definitions.find
        monkeypatch.setattr(definitions, "find", lambda kind, key: path if key == "t" else real(kind, key))

    yield make
    decisions.tables.cache_clear()


def test_first_takes_the_first_line_that_fits_and_says_which(rule: Any) -> None:
    rule(decision("FIRST", [("< 10", "1"), ("-", "2")]))
    found = explain("t", on=DAY, a="9.99")
    assert (found.result, found.lines, found.notes) == ({"out": Decimal(1)}, (1,), ("第 1 条",))
    assert decide("t", on=DAY, a=10) == {"out": Decimal(2)}


def test_unique_refuses_two_lines_at_once(rule: Any) -> None:
    rule(decision("UNIQUE", [("<= 10", "1"), (">= 10", "2")]))
    assert decide("t", on=DAY, a=9)["out"] == 1
    with pytest.raises(RuleOverlap) as caught:
        decide("t", on=DAY, a=10)
    assert caught.value.details["lines"] == [1, 2]


def test_collect_gives_all(rule: Any) -> None:
    rule(decision("COLLECT", [("> 1", "1"), ("> 2", "2"), ("> 9", "9")]))
    assert collect("t", on=DAY, a=3) == [{"out": Decimal(1)}, {"out": Decimal(2)}]
    assert collect("t", on=DAY, a=0) == []


def test_what_is_not_decided_is_an_error_and_a_missing_value_never_fits(rule: Any) -> None:
    rule(decision("FIRST", [("<= 15", "1")]))
    for value in (16, None):
        with pytest.raises(RuleUndecided):
            decide("t", on=DAY, a=value)


@pytest.mark.parametrize("inputs", [{}, {"a": 1, "b": 2}, {"a": "many"}, {"a": True}, {"a": float("nan")}, {"a": []}])
def test_wrong_inputs_are_refused(rule: Any, inputs: dict[str, Any]) -> None:
    rule(decision("FIRST", [("-", "1")]))
    with pytest.raises(RuleInputWrong):
        decide("t", on=DAY, **inputs)


def test_an_old_decision_can_be_made_again_as_of_its_day_and_the_nearest_area_wins(rule: Any) -> None:
    rule(
        decision("FIRST", [("-", "1")], 'anju:validTo="2025-12-31"'),
        decision("FIRST", [("-", "2")], 'anju:validFrom="2026-01-01"'),
        decision("FIRST", [("-", "3")], 'anju:validFrom="2020-01-01" anju:divisions="339900"'),
        decision("FIRST", [("-", "4")], 'anju:validFrom="2020-01-01" anju:divisions="339902"'),
    )
    assert decide("t", on=date(2025, 12, 31), a=1)["out"] == 1
    assert decide("t", on=date(2026, 1, 1), division="110000", a=1)["out"] == 2
    assert decide("t", on=DAY, division="339901", a=1)["out"] == 3
    assert decide("t", on=DAY, division="339902", a=1)["out"] == 4


def test_no_version_in_force_is_undecided(rule: Any) -> None:
    rule(decision("FIRST", [("-", "1")], 'anju:validFrom="2027-01-01"'))
    with pytest.raises(RuleUndecided):
        decide("t", on=DAY, a=1)


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a/>",
        b"<!DOCTYPE a><a/>",
        file(),
        file(decision("ANY", [("-", "1")])),
        file(decision("FIRST", [("what", "1")])),
        file(decision("FIRST", [("-", "1 2")])),
        file(decision("FIRST", [("-", "1")], 'anju:validFrom="soon"')),
        file(decision("FIRST", [("-", "1")]).replace('name="out"', 'name=""')),
        file(decision("FIRST", [("-", "1")]).replace("<outputEntry>", "<inputEntry><text/></inputEntry><outputEntry>")),
    ],
)
def test_wrong_files_are_refused(xml: bytes) -> None:
    with pytest.raises(RuleInvalid):
        read_tables(xml)


def test_all_wrong_cells_are_told_at_once() -> None:
    with pytest.raises(RuleInvalid) as caught:
        read_tables(file(decision("FIRST", [("what", "1"), ("-", "oops")])))
    assert len(caught.value.details["problems"]) == 2


def test_an_unknown_rule() -> None:
    with pytest.raises(NotFound):
        decide("nowhere", on=DAY)


@pytest.mark.parametrize(
    ("per_person", "passed"), [("0", True), ("15", True), ("15.00", True), ("15.01", False), ("16.8", False)]
)
def test_the_limit_of_public_rental(per_person: str, passed: bool) -> None:
    verdict = decide("public_rental_limits", on=DAY, division="339901", per_person=per_person, persons=3)
    assert verdict == {"limit": Decimal(15), "passed": passed}


def test_a_household_without_persons_is_not_decided() -> None:
    with pytest.raises(RuleUndecided):
        decide("public_rental_limits", on=DAY, per_person=0, persons=0)


@pytest.mark.parametrize(
    ("kind", "factor"),
    [("owned", "0.5"), ("public", "0.5"), ("public_living", "1"), ("resettlement", "0.5"), ("rented", "0")],
)
def test_a_floor_area_counts_half_as_living_area(kind: str, factor: str) -> None:
    assert decide("housing_factor", on=DAY, kind=kind)["factor"] == Decimal(factor)


@pytest.mark.parametrize(("persons", "rooms"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3)])
def test_layout_by_persons(persons: int, rooms: int) -> None:
    assert decide("layout_by_persons", on=DAY, persons=persons)["rooms"] == rooms


def test_every_shipped_rule_can_be_read() -> None:
    for path in definitions.files("rules").values():
        assert read_tables(path.read_bytes())
