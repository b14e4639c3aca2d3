"""From one typed-in value to one stored value, or the sentence that says how to write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from anju.kernel import clock
from anju.kernel.forms import personal
from anju.kernel.forms.personal import Wrong
from anju.kernel.forms.schema import Field

MOST_CHOSEN = 100
MOST_FILES = 30
LARGEST = Decimal("999999999999")
_DIGITS = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def absent(value: Any) -> bool:
    """Whether a person has left a question unanswered."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def clean(field: Field, value: Any, beside: Mapping[str, Any]) -> Any:
    """The value as it is stored: amounts and areas as text with their places, dates as ISO text.

    `beside` are the raw values of the same level. Raises `Wrong`.
    """
    return _CLEANERS[field.type](field, value, beside)


def _text(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
    if not isinstance(value, str):
        raise Wrong("type", f"“{field.title}”应是文字")
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text) or (field.type != "textarea" and "\n" in text):
        raise Wrong("text.control", f"“{field.title}”里有不能保存的字符，请重新输入")
    longest = field.max_length or (2000 if field.type == "textarea" else 200)
    if len(text) > longest:
        raise Wrong("text.too_long", f"“{field.title}”最多 {longest} 个字，现在是 {len(text)} 个")
    if field.min_length and len(text) < field.min_length:
        raise Wrong("text.too_short", f"“{field.title}”至少 {field.min_length} 个字，现在是 {len(text)} 个")
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise Wrong("text.pattern", field.pattern_hint or f"“{field.title}”的写法不对，请对照说明再写")
    return text


def _personal(cleaner: Callable[[str], str]) -> Callable[[Field, Any, Mapping[str, Any]], str]:
    def cleaned(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
        return cleaner(_text(field, value, beside))

    return cleaned


def _document_number(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
    kind = beside.get(field.document_type)
    return personal.clean_document(kind if isinstance(kind, str) else "", _text(field, value, beside))


def _number(field: Field, value: Any) -> Decimal:
    """A number as typed, with full-width digits and thousands separators; raises `Wrong` with an example."""
    example = {"money": "2300", "area": "45.5", "integer": "3"}.get(field.type, "12")
    said = f"{field.title}写成数字，例如 {example}"
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Wrong("number.invalid", said)
    text = str(value).translate(_DIGITS).replace(",", "").strip()
    if len(text) > 40:
        raise Wrong("number.invalid", said)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Wrong("number.invalid", said) from None
    if not number.is_finite():
        raise Wrong("number.invalid", said)
    unit = field.unit
    lowest = Decimal(str(field.min)) if field.min is not None else (Decimal(0) if field.type != "number" else -LARGEST)
    highest = Decimal(str(field.max)) if field.max is not None else LARGEST
    if number < lowest:
        raise Wrong("number.too_small", f"{field.title}不能小于 {lowest}{unit}")
    if number > highest:
        raise Wrong("number.too_large", f"{field.title}不能大于 {highest}{unit}，请检查是否多写了一位")
    return number


def _integer(field: Field, value: Any, beside: Mapping[str, Any]) -> int:
    number = _number(field, value)
    if number != number.to_integral_value():
        raise Wrong("number.not_whole", f"{field.title}写成整数，例如 3")
    return int(number)


def _decimal(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
    number = _number(field, value)
    rounded = number.quantize(Decimal(1).scaleb(-field.places), ROUND_HALF_UP)
    if rounded != number:
        raise Wrong("number.places", f"{field.title}最多写 {field.places} 位小数")
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def _date(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
    said = f"{field.title}写成年-月-日，例如 2026-12-01"
    if isinstance(value, date):
        value = value.isoformat()[:10]
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
        raise Wrong("date.invalid", said)
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise Wrong("date.invalid", f"没有 {value.strip()} 这一天，请再看一遍") from None
    lowest = _bound(field.min) or date(1850, 1, 1)
    highest = _bound(field.max) or date(2199, 12, 31)
    if day < lowest:
        raise Wrong("date.too_early", f"{field.title}不能早于{_said(field.min, lowest)}")
    if day > highest:
        raise Wrong("date.too_late", f"{field.title}不能晚于{_said(field.max, highest)}")
    return day.isoformat()


def _bound(text: str | None) -> date | None:
    """`today` or a date as a bound."""
    if text is None:
        return None
    return clock.today() if text == "today" else date.fromisoformat(text)


def _said(text: str | None, day: date) -> str:
    return "今天" if text == "today" else f" {day.year} 年 {day.month} 月 {day.day} 日"


def _boolean(field: Field, value: Any, beside: Mapping[str, Any]) -> bool:
    if not isinstance(value, bool):
        raise Wrong("type", f"“{field.title}”应选是或否")
    return value


def _choice(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or value not in field.codes():
        raise Wrong("choice.unknown", f"请从列出的选项里选“{field.title}”")
    return value


def _choices(field: Field, value: Any, beside: Mapping[str, Any]) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_CHOSEN:
        raise Wrong("type", f"请从列出的选项里选“{field.title}”")
    chosen = list(dict.fromkeys(_choice(field, each, beside) for each in value))
    if field.max is not None and len(chosen) > int(field.max):
        raise Wrong("choices.too_many", f"“{field.title}”最多选 {field.max} 项")
    return chosen


def _division(field: Field, value: Any, beside: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{6}", value, re.ASCII):
        raise Wrong("division.invalid", f"请选{field.title}")
    return value


def _file(field: Field, value: Any, beside: Mapping[str, Any]) -> list[int]:
    if not isinstance(value, list) or not all(type(each) is int and 0 < each < 2**63 for each in value):
        raise Wrong("type", f"“{field.title}”应是已上传的文件")
    most = int(field.max) if field.max is not None else MOST_FILES
    if len(value) > most:
        raise Wrong("file.too_many", f"“{field.title}”最多传 {most} 份，现在是 {len(value)} 份")
    return list(dict.fromkeys(value))


_CLEANERS: dict[str, Callable[[Field, Any, Mapping[str, Any]], Any]] = {
    "text": _text,
    "textarea": _text,
    "integer": _integer,
    "number": _decimal,
    "money": _decimal,
    "area": _decimal,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "id_number": _personal(personal.clean_id_number),
    "document_number": _document_number,
    "phone": _personal(personal.clean_phone),
    "person_name": _personal(personal.clean_name),
    "division": _division,
    "file": _file,
}
