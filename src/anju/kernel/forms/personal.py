"""What a person's own numbers and names must look like: identity documents, telephone, name.

The ruling on persons: of a resident identity number the length, the date and the check digit are conditions, the region
code is a warning; 15 digits are turned into 18 before anything is compared.
"""

from __future__ import annotations

import re
from datetime import date

from anju.kernel import clock

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83", "91",
})  # fmt: skip
_FULL_WIDTH = str.maketrans("０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨ（）－　", "0123456789XxABCDEFGH()- ")


class Wrong(ValueError):
    """A value that cannot be right: a code and the sentence to show at the field."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check_digit(first17: str) -> str:
    """The 18th character of an identity number (GB 11643)."""
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def clean_id_number(text: str) -> str:
    """An identity number as 18 characters; raises `Wrong` for an impossible one."""
    number = _compact(text).upper()
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        number = number[:6] + "19" + number[6:]
        number += check_digit(number)
    elif not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise Wrong("id_number.length", f"身份证号是 18 位，现在是 {len(number)} 位，请对照证件再看一遍")
    try:
        born = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        raise Wrong("id_number.date", "身份证号第 7 到 14 位应是出生日期，请对照证件再看一遍") from None
    if born > clock.today():
        raise Wrong("id_number.future", "身份证号里的出生日期还没有到，请对照证件再看一遍")
    if born.year < 1850:
        raise Wrong("id_number.date", "身份证号第 7 到 14 位应是出生日期，请对照证件再看一遍")
    if check_digit(number[:17]) != number[17]:
        raise Wrong("id_number.check", "身份证号有一位不对，请对照证件再看一遍")
    return number


def region_known(number: str) -> bool:
    """Whether an identity number begins with the code of a province; an unknown one is a warning, never a refusal."""
    return number[:2] in PROVINCES


def born_on(number: str) -> date:
    """The day of birth in a cleaned identity number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def clean_document(kind: str, text: str) -> str:
    """The number of a document of this type (ZB-04.2); raises `Wrong` for one that cannot be."""
    if kind in {"id_card", "driving_licence"}:
        return clean_id_number(text)
    number = _compact(text).upper()
    if kind == "passport" and not re.fullmatch(r"[A-Z0-9]{5,17}", number, re.ASCII):
        raise Wrong("document.passport", "护照号由 5 到 17 位字母和数字组成，例如 E12345678")
    if kind == "hk_macao_permit" and not re.fullmatch(r"[CHMW][A-Z0-9]?\d{7,10}", number, re.ASCII):
        raise Wrong("document.hk_macao_permit", "通行证号以 C、H、M 或 W 开头，后面是数字，例如 H12345678")
    if not re.fullmatch(r"[A-Z0-9()\-]{4,30}", number, re.ASCII):
        raise Wrong("document.number", "证件号码由 4 到 30 位字母和数字组成")
    return number


def clean_phone(text: str) -> str:
    """A mobile number of the mainland, without +86; raises `Wrong`."""
    number = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", re.sub(r"[\s-]", "", text.translate(_FULL_WIDTH)))
    if not re.fullmatch(r"1[3-9]\d{9}", number, re.ASCII):
        raise Wrong("phone.invalid", "手机号是 11 位数字，以 1 开头，例如 13812345678")
    return number


def clean_name(text: str) -> str:
    """A person's name: 2 to 50 letters in any script, with the middle dot of minority names; raises `Wrong`."""
    name = re.sub(r"\s+", " ", re.sub(r"[•・‧∙]", "·", text.translate(_FULL_WIDTH))).strip()
    if not 2 <= len(name) <= 50 or not all(c.isalpha() or c in "·.'- " for c in name) or not name[0].isalpha():
        raise Wrong("name.invalid", "请写证件上的姓名，2 到 50 个字，不带数字和符号")
    return name


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_FULL_WIDTH))
