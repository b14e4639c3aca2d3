"""Expressions: compiled once, bounded, with Chinese errors, and without a way out of their variables."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kernel.rules import Expression, ExpressionFailed, ExpressionInvalid, expression


@pytest.mark.parametrize(
    ("text", "variables", "value"),
    [
        ('outcome == "pass" && vars.amount > 3', {"outcome": "pass", "vars": {"amount": Decimal("3.5")}}, True),
        ('kind in ["rented", "owned"]', {"kind": "owned"}, True),
        ("kind == null", {"kind": None}, True),
        ("starts < ends", {"starts": date(2026, 1, 31), "ends": "2026-02-01"}, True),
        ('members.exists(m, m.relation == "self")', {"members": [{"relation": "child"}]}, False),
        ("has(vars.x)", {"vars": {}}, False),
    ],
)
def test_values(text: str, variables: dict[str, Any], value: Any) -> None:
    assert Expression(text).evaluate(variables) == value


@pytest.mark.parametrize(
    "text",
    ["", "a ==", "(" * 300, "a" * 601, "1 +* 2", "[1].map(a, [1].map(b, [1].map(c, a)))", "for x in y: pass"],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        Expression(text)


def test_comprehensions_beside_one_another_are_fine() -> None:
    text = "a.exists(x, x > 1) && a.all(x, x > 0) && a.filter(x, x.exists(y, y)).size() == 0 || ')' == ''"
    assert Expression(text)


@pytest.mark.parametrize("text", ["nobody", "vars.missing > 1", "1 + 'a'", "open('/etc/passwd')", "__import__('os')"])
def test_failures_are_refusals_with_the_expression_named(text: str) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        Expression(text).evaluate({"vars": {}})
    assert text in caught.value.message


def test_a_condition_must_be_yes_or_no() -> None:
    with pytest.raises(ExpressionFailed):
        Expression("1 + 1").holds({})


def test_compiled_once() -> None:
    assert expression("1 == 1") is expression("1 == 1")


@given(st.text(max_size=80), st.dictionaries(st.sampled_from("abc"), st.integers() | st.text() | st.none()))
def test_any_text_gives_a_value_or_a_refusal(text: str, variables: dict[str, Any]) -> None:
    with contextlib.suppress(ExpressionInvalid, ExpressionFailed):
        Expression(text).evaluate(variables)
