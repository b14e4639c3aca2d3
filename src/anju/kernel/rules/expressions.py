"""Expressions of definitions: CEL, compiled once, with bounded length and nesting, errors in Chinese.

An expression can compute over the variables it is given and nothing else: CEL has no loops, no assignment, no input or
output (NF-03.4). What could still run long, one comprehension inside another, is limited here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import cel

from anju.kernel.errors import DomainError

MAX_LENGTH = 600
MAX_NESTING = 2
_MACRO_OR_BRACKET = re.compile(
    r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\.(?:map|filter|exists|exists_one|all)\s*\(|[()]""", re.DOTALL
)


class ExpressionInvalid(DomainError):
    """The text is no expression, is too long, or nests comprehensions too deeply; told when it is published."""

    code = "expression.invalid"
    message = "表达式写得不对"
    advice = "请检查括号、引号和变量名"


class ExpressionFailed(DomainError):
    """A correct expression met values it cannot work with: a missing variable, text where a number is needed."""

    code = "expression.failed"
    message = "表达式无法计算"
    advice = "请检查表达式用到的变量是否都有值、类型是否一致"


class Expression:
    """A compiled CEL expression; `evaluate` may be called any number of times with different variables."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        if not self.text:
            raise ExpressionInvalid("表达式是空的")
        if len(self.text) > MAX_LENGTH:
            raise ExpressionInvalid(f"表达式有 {len(self.text)} 个字符，最多 {MAX_LENGTH} 个")
        if _nesting(self.text) > MAX_NESTING:
            raise ExpressionInvalid(f"表达式里的遍历最多嵌套 {MAX_NESTING} 层")
        try:
            self._program = cel.compile(self.text)
        except Exception as error:
            raise ExpressionInvalid(f"表达式写得不对：{self.text}", details={"cause": _brief(error)}) from error

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        """The value for these variables; dates are compared as ISO text. Raises `ExpressionFailed`."""
        try:
            return self._program.execute(_plain(variables))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of the Rust side is no Exception
            raise ExpressionFailed(f"表达式无法计算：{self.text}", details={"cause": _brief(error)}) from error

    def holds(self, variables: Mapping[str, Any]) -> bool:
        """The value as yes or no; anything but true or false is an `ExpressionFailed`."""
        value = self.evaluate(variables)
        if not isinstance(value, bool):
            raise ExpressionFailed(f"表达式应得出是或否：{self.text}")
        return value


@lru_cache(maxsize=4096)
def expression(text: str) -> Expression:
    """The compiled expression of a text, compiled once in each process."""
    return Expression(text)


def _nesting(text: str) -> int:
    """How deeply comprehensions stand inside one another, brackets in quoted text aside."""
    open_macros: list[bool] = []
    deepest = 0
    for match in _MACRO_OR_BRACKET.finditer(text):
        found = match.group()
        if found == ")":
            if open_macros:
                open_macros.pop()
        elif found.endswith("("):
            open_macros.append(found != "(")
            deepest = max(deepest, sum(open_macros))
    return deepest


def _plain(value: Any) -> Any:
    """Values as CEL knows them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
