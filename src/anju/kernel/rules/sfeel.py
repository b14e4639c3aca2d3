"""The cells of decision tables: S-FEEL unary tests and literals, compiled to Python closures.

Numbers are `Decimal`. A missing value (None) passes only `-` and `null`: what is not known never counts as fitting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

Value = Decimal | str | bool | date | None
Test = Callable[[Value], bool]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>-?(?:\d+(?:\.\d+)?|\.\d+))(?![\w"])
    | (?P<string>"(?:\\["\\]|[^"\\])*")
    | (?P<date>date\s*\(\s*"(?P<day>\d{4}-\d{2}-\d{2})"\s*\))
    | (?P<word>true|false|null|not)\b
    | (?P<mark><=|>=|<|>|\.\.|[\[\](),\-])
    )""",
    re.VERBOSE,
)
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class CellInvalid(ValueError):
    """The text of a cell is outside the subset; the message says what was expected, in Chinese."""


@dataclass(frozen=True)
class _Part:
    """One token: a literal with its value, or a mark."""

    mark: str
    value: Value = None


LITERAL = "literal"


def compile_test(text: str) -> Test:
    """A unary test as a function of the input's value; raises `CellInvalid`."""
    parts = _parts(text)
    if not parts or [part.mark for part in parts] == ["-"]:
        return _anything
    reader = _Reader(parts, text)
    test = reader.negated() if parts[0].mark == "not" else reader.alternatives()
    reader.ends()
    return test


def compile_value(text: str) -> Value:
    """A literal of an output cell; an empty one is null. Raises `CellInvalid`."""
    parts = _parts(text)
    if not parts:
        return None
    if len(parts) != 1 or parts[0].mark != LITERAL:
        raise CellInvalid(f"输出应是一个数字、带引号的文字、日期、true、false 或 null，现在是 {text}")
    return parts[0].value


def same_type(first: Value, second: Value) -> bool:
    """Whether two values may be compared: text with text, numbers with numbers."""
    return first is not None and second is not None and type(first) is type(second)


def _parts(text: str) -> list[_Part]:
    parts, place, text = [], 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise CellInvalid(f"从“{text[place:]}”起看不懂")
        place = match.end()
        parts.append(_part(match))
    return parts


def _part(match: re.Match[str]) -> _Part:
    if number := match["number"]:
        return _Part(LITERAL, Decimal(number))
    if string := match["string"]:
        return _Part(LITERAL, re.sub(r"\\(.)", r"\1", string[1:-1]))
    if match["date"]:
        try:
            return _Part(LITERAL, date.fromisoformat(match["day"]))
        except ValueError as error:
            raise CellInvalid(f"没有 {match['day']} 这一天") from error
    if (word := match["word"]) in _WORDS:
        return _Part(LITERAL, _WORDS[word])
    return _Part(match["word"] or match["mark"])


class _Reader:
    """Reads a list of tests from the parts of a cell."""

    def __init__(self, parts: list[_Part], text: str) -> None:
        self.parts = parts
        self.text = text
        self.place = 0

    def negated(self) -> Test:
        self.take("not")
        self.take("(")
        inner = self.alternatives()
        self.take(")")
        # not() of an unknown is unknown, and so does not fit
        return lambda value: value is not None and not inner(value)

    def alternatives(self) -> Test:
        tests = [self.one()]
        while self.peek() == ",":
            self.take(",")
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)

    def one(self) -> Test:
        mark = self.peek()
        if mark in _COMPARE:
            self.take(mark)
            return _bound(mark, self.literal())
        if mark in {"[", "(", "]"}:
            return self.interval()
        wanted = self.literal()
        if wanted is None:
            return lambda value: value is None
        return lambda value: same_type(value, wanted) and value == wanted

    def interval(self) -> Test:
        """`[a..b]` with its ends, `(a..b)` or `]a..b[` without."""
        low = ">=" if self.take("[", "(", "]").mark == "[" else ">"
        first = self.literal()
        self.take("..")
        last = self.literal()
        high = "<=" if self.take("]", ")", "[").mark == "]" else "<"
        if not same_type(first, last) or isinstance(first, bool) or first > last:  # type: ignore[operator]
            raise CellInvalid(f"区间的两端应是同一种值，且前小后大：{self.text}")
        above, below = _bound(low, first), _bound(high, last)
        return lambda value: above(value) and below(value)

    def literal(self) -> Value:
        return self.take(LITERAL).value

    def peek(self) -> str:
        return self.parts[self.place].mark if self.place < len(self.parts) else ""

    def take(self, *marks: str) -> _Part:
        if self.peek() not in marks:
            wanted = " 或 ".join("一个值" if mark == LITERAL else mark for mark in marks)
            raise CellInvalid(f"“{self.text}”里应有{wanted}")
        self.place += 1
        return self.parts[self.place - 1]

    def ends(self) -> None:
        if self.place < len(self.parts):
            raise CellInvalid(f"“{self.text}”写多了，几个条件之间用逗号隔开")


def _bound(mark: str, limit: Value) -> Test:
    if limit is None or isinstance(limit, bool):
        raise CellInvalid("只有数字、文字和日期能比较大小")
    compare = _COMPARE[mark]
    return lambda value: same_type(value, limit) and compare(value, limit)


def _anything(value: Value) -> bool:
    return True
