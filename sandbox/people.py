"""What is true of a person, derived from the document number (the convention stands in the package's opening)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

HOUSING = (
    "none", "none", "none", "small_owned", "shared_owned", "large_owned", "public", "resettlement", "transferred",
    "strangers",
)  # fmt: skip
MARRIAGE = ("single", "single", "single", "married", "married", "married", "married", "divorced", "widowed", "single")
INSURANCE = ("steady", "steady", "gap", "made_up", "none")
TITLES = {
    "none": "无", "small_owned": "小户型产权房", "shared_owned": "产权房的一半", "large_owned": "大户型产权房",
    "public": "公有住房", "resettlement": "征收安置住房", "transferred": "已转让的产权房", "strangers": "混入他人记录",
    "single": "未婚", "married": "已婚", "divorced": "离异", "widowed": "丧偶",
    "steady": "按月连续", "gap": "有断缴", "made_up": "有补缴",
}  # fmt: skip

_DISTRICTS = (("339901", "江湾区"), ("339902", "南屏区"), ("339903", "文昌区"), ("339904", "云溪县"))
_ROADS = ("沧浪路", "望江路", "明德街", "环城北路", "青溪路", "文星巷", "桐荫路", "石桥弄")
_ESTATES = ("江岸新村", "南屏里", "文昌苑", "桂花园", "云溪小筑", "听澜小区", "和风里", "春晖坊")
_EMPLOYERS = ("澜州恒信机械有限公司", "澜州惠民超市有限公司", "江湾区市容服务中心", "澜州晨光物流有限公司")


@dataclass(frozen=True)
class Profile:
    """A person's kind of housing, marriage and insurance, the name if one was set, and records set by hand."""

    id_number: str
    housing: str
    marriage: str
    insurance: str
    name: str | None = None
    spouse_id_number: str | None = None
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def check_facts(facts: dict[str, Any]) -> None:
    """ValueError (a Chinese sentence) when facts to be set for a person are none."""
    known = {"name", "housing", "marriage", "insurance", "spouse_id_number", "records"}
    if unknown := set(facts) - known:
        raise ValueError(f"不认识的项目：{'、'.join(sorted(unknown))}")
    for key, allowed in (("housing", HOUSING), ("marriage", MARRIAGE), ("insurance", INSURANCE)):
        if key in facts and facts[key] not in allowed:
            raise ValueError(f"{key} 只能是 {'、'.join(dict.fromkeys(allowed))}")
    records = facts.get("records", {})
    if not isinstance(records, dict) or not all(isinstance(v, list) for v in records.values()):
        raise ValueError("records 须是 {部门: [记录]}")


def profile(id_number: str, facts: dict[str, Any]) -> Profile:
    """The person behind a document number, with what was set by hand taking precedence."""
    digits = id_number[14:17] if is_identity_number(id_number) else f"{number(id_number, 'kind') % 1000:03d}"
    return Profile(
        id_number=id_number,
        housing=facts.get("housing", HOUSING[int(digits[0])]),
        marriage=facts.get("marriage", MARRIAGE[int(digits[1])]),
        insurance=facts.get("insurance", INSURANCE[int(digits[2]) // 2]),
        name=facts.get("name"),
        spouse_id_number=facts.get("spouse_id_number"),
        records=facts.get("records", {}),
    )


def is_identity_number(text: str) -> bool:
    """Whether the text has the form of an 18-digit identity number."""
    return len(text) == 18 and text[:17].isdigit()


def number(id_number: str, *salt: str) -> int:
    """A number that is always the same for the same person and salt."""
    return int.from_bytes(hashlib.sha256("|".join((id_number, *salt)).encode()).digest()[:8], "big")


def born_on(id_number: str) -> date:
    """The date of birth; for other documents one derived from the number."""
    if is_identity_number(id_number):
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    return date(1960 + number(id_number, "year") % 40, 1 + number(id_number, "month") % 12, 1)


def age_on(id_number: str, day: date) -> int:
    """Whole years of age on a day."""
    born = born_on(id_number)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def grown_day(id_number: str, salt: str, from_age: int = 24, last: date = date(2024, 12, 31)) -> date:
    """A day in the person's grown-up life and not before 1998 nor after `last`."""
    born = born_on(id_number)
    first = max(date(born.year + from_age, born.month, 1), date(1998, 1, 1))
    span = max((last - first).days, 1)
    return date.fromordinal(first.toordinal() + number(id_number, salt) % span)


def address(id_number: str, salt: str) -> tuple[str, str]:
    """A division code and an address in it."""
    n = number(id_number, salt, "address")
    code, district = _DISTRICTS[n % 4]
    road, estate = _ROADS[n // 4 % len(_ROADS)], _ESTATES[n // 32 % len(_ESTATES)]
    house, building, room = n // 2**8 % 190 + 8, n // 2**16 % 18 + 1, (n // 2**21 % 16 + 2) * 100 + n // 2**26 % 4 + 1
    return code, f"澜州市{district}{road}{house}号{estate}{building}幢{room}室"


def area(id_number: str, salt: str, low: int, high: int) -> str:
    """A floor area in square metres with two places."""
    cents = low * 100 + number(id_number, salt, "area") % ((high - low) * 100)
    return f"{cents // 100}.{cents % 100:02d}"


def employer(id_number: str) -> str:
    """The employer that pays the insurance."""
    return _EMPLOYERS[number(id_number, "employer") % len(_EMPLOYERS)]
