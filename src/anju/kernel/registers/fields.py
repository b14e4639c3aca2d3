"""What a person or a spreadsheet may enter: fields that check and convert one value each.

The same declaration draws the form, checks a change, builds the import template and checks its cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from anju.kernel.registers.dictionaries import codes_by_title, titles

# people write 2室1厅 for 两室一厅
_NUMERALS = str.maketrans("123456789", "一两三四五六七八九")
YES, NO = {"是", "有", "true", "1", "yes"}, {"否", "无", "false", "0", "no"}
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class Wrong(Exception):
    """A value that cannot be taken: a stable code, the sentence to show, and perhaps a better value."""

    def __init__(self, code: str, message: str, suggestion: str | None = None) -> None:
        self.code, self.message, self.suggestion = code, message, suggestion
        super().__init__(message)


@dataclass(frozen=True)
class Field:
    """One field. `type`: text, textarea, integer, number, money, area, date, boolean, choice or row.

    A choice names its `dictionary`; a row names the `register` it is chosen from and, for spreadsheets, the column `by`
    which it is named there. `fixed`: entered when the row is made, never changed. `places` of decimals are taken.
    `masked` marks personal text of a spreadsheet: it is staged sealed and shown through this mask. `kept_in` names the
    JSON column that holds the value where it has no column of its own. What an import derives may also be of type
    bytes, such as a blind index, or json.
    """

    key: str
    title: str
    type: str = "text"
    required: bool = False
    dictionary: str | None = None
    min: Decimal | int | None = None
    max: Decimal | int | None = None
    max_length: int = 200
    pattern: str | None = None
    hint: str = ""
    register: str | None = None
    by: str = "code"
    places: int = 2
    default: Any = None
    fixed: bool = False
    example: str = ""
    masked: Callable[[str], str] | None = None
    kept_in: str = ""

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile(self.pattern) if self.pattern else None

    def describe(self) -> dict[str, Any]:
        """The field as the form renderer needs it."""
        told = {
            "key": self.key,
            "title": self.title,
            "type": self.type,
            "required": self.required,
            "dictionary": self.dictionary,
            "min": self.min,
            "max": self.max,
            "max_length": self.max_length if self.type in {"text", "textarea"} else None,
            "pattern": self.pattern,
            "hint": self.hint,
            "register": self.register,
            "default": self.default,
            "fixed": self.fixed,
        }
        # nought is a bound and a default, and equals False: only what is not said is left out
        said = {key: value for key, value in told.items() if value is not None and value != "" and value is not False}
        return said | {"default": self.default} if self.default is not None else said

    def clean(self, raw: Any) -> Any:
        """The value in its own type, None for an empty one; raises `Wrong`. Rows are resolved by the caller."""
        if isinstance(raw, str):
            raw = raw.strip()
        if raw is None or raw == "":
            if self.required:
                raise Wrong("required", "必填，请选择" if self.type in {"choice", "row"} else "必填")
            return None
        return _CLEANERS[self.type](self, raw)

    def read(self, text: str) -> Any:
        """A checked value out of the text in which JSON keeps it."""
        if self.type == "bytes":
            return bytes.fromhex(text.removeprefix("\\x"))
        return _READERS.get(self.type, str)(text)

    def shown(self, value: Any) -> str:
        """The value as a person reads it in a template, a history or a failure file."""
        if value is None:
            return ""
        if self.dictionary:
            return titles(self.dictionary).get(str(value), str(value))
        if isinstance(value, bool):
            return "是" if value else "否"
        return str(value)


def _text(field: Field, raw: Any) -> str:
    if isinstance(raw, float) and abs(raw) >= 1e15:
        raise Wrong("digits_lost", "表格把它当作数字，后几位已丢失，请把这一列设为文本后重新填写")
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if not isinstance(raw, str | int | float | Decimal):
        raise Wrong("type", "应为文字")
    text = str(raw)
    if len(text) > field.max_length:
        raise Wrong("too_long", f"最多 {field.max_length} 个字，现有 {len(text)} 个")
    if any(ord(sign) < 32 and sign not in "\n\t\r" for sign in text):
        raise Wrong("control_character", "含有看不见的控制字符", re.sub(r"[\x00-\x1f]", "", text))
    if field._pattern and not field._pattern.fullmatch(text):
        raise Wrong("pattern", f"格式不对{'，' + field.hint if field.hint else ''}")
    return text


def _decimal(field: Field, raw: Any) -> Decimal:
    if isinstance(raw, bool):
        raise Wrong("type", "应为数字")
    try:
        text = str(raw).replace(",", "").replace("，", "")
        value = Decimal(text)
    except InvalidOperation as error:
        digits = re.search(r"-?\d+(?:\.\d+)?", str(raw))
        raise Wrong("number", "应为数字", digits.group() if digits else None) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise Wrong("number", "数值超出可保存的范围")
    if field.min is not None and value < field.min:
        raise Wrong("too_small", f"不能小于 {field.min}")
    if field.max is not None and value > field.max:
        raise Wrong("too_large", f"不能大于 {field.max}")
    return value


def _number(field: Field, raw: Any) -> Decimal:
    value = _decimal(field, raw)
    # spreadsheets store 46.35 as 46.349999999999994
    if isinstance(raw, float):
        value = round(value, 9)
    rounded = value.quantize(Decimal(1).scaleb(-field.places), ROUND_HALF_UP)
    if value != rounded:
        raise Wrong("too_precise", f"最多 {field.places} 位小数", str(rounded))
    if field.min is not None and field.min == 0 and rounded < 0:
        raise Wrong("too_small", "不能小于 0")
    return rounded


def _integer(field: Field, raw: Any) -> int:
    value = _decimal(field, raw)
    if value != value.to_integral_value() or abs(value) >= 2**31:
        raise Wrong("integer", "应为整数")
    return int(value)


def _date(field: Field, raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = _DATE.match(raw) if isinstance(raw, str) else None
    try:
        if found is None:
            raise ValueError
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Wrong("date", "日期无效，格式如 2026-12-01") from None
    if not 1900 <= value.year <= 2200:
        raise Wrong("date", "日期超出 1900 至 2200 年")
    return value


def _boolean(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _text(field, raw).lower()
    if text in YES | NO:
        return text in YES
    raise Wrong("boolean", "应为“是”或“否”")


def _choice(field: Field, raw: Any) -> str:
    assert field.dictionary
    text = _text(field, raw)
    known = titles(field.dictionary)
    if text in known:
        return text
    by_title = codes_by_title(field.dictionary)
    if text in by_title:
        return by_title[text]
    close = get_close_matches(text.translate(_NUMERALS), by_title, 1, 0.4)
    raise Wrong("not_in_dictionary", f"“{text[:30]}”不在可选范围内", close[0] if close else None)


def _row(field: Field, raw: Any) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, int | str | float):
        raise Wrong("type", "请从列表中选择")
    return raw


_CLEANERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "textarea": _text,
    "integer": _integer,
    "number": _number,
    "money": _number,
    "area": _number,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "row": _row,
}
_READERS: dict[str, Callable[[str], Any]] = {
    "number": Decimal,
    "money": Decimal,
    "area": Decimal,
    "date": date.fromisoformat,
}
