"""What everybody may read: provinces and cities with those that are open, and a city's notices (ZB-02)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from anju.citizen.models import City, Notice
from anju.kernel import clock
from anju.kernel.errors import NotFound

DIVISIONS = Path(__file__).parent / "definitions" / "divisions.csv"
PAGE = 20


@cache
def divisions() -> tuple[dict[str, str], ...]:
    """Provinces and cities of GB/T 2260 (`province` empty for a province); districts are not in the list.

    Codes and names come from the open data set china-division 2.7 (WTFPL); short names and pinyin are ours.
    """
    with DIVISIONS.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def provinces() -> list[dict[str, Any]]:
    """Every province with its cities by pinyin; a city of the table stands beside those of the standard."""
    served = {city.code: city for city in City.objects.all()}
    found: dict[str, dict[str, Any]] = {}
    for row in divisions():
        if not row["province"]:
            found[row["code"]] = {key: row[key] for key in ("code", "name", "short", "pinyin")} | {"cities": []}
        elif row["code"] not in served:
            found[row["province"]]["cities"].append(_city(row, open_=False))
    for city in served.values():
        row = {"code": city.code, "name": city.name, "short": city.short, "pinyin": city.pinyin}
        if city.province in found:
            found[city.province]["cities"].append(_city(row, open_=city.open) | {"services": city.services})
    for province in found.values():
        province["cities"].sort(key=lambda city: (city["pinyin"], city["code"]))
        province["open"] = sum(city["open"] for city in province["cities"])
    return list(found.values())


def _city(row: dict[str, str], *, open_: bool) -> dict[str, Any]:
    initials = row["pinyin"][:1].upper()
    return {key: row[key] for key in ("code", "name", "short", "pinyin")} | {"initial": initials, "open": open_}


def city_head(code: str) -> dict[str, Any]:
    """What the head of a city's page greets with: province, city, the number to call. Raises `NotFound`."""
    city = City.objects.filter(code=code).first()
    if city is None:
        raise NotFound("没有这个城市")
    province = next((row for row in divisions() if row["code"] == city.province), None)
    return {
        "code": city.code,
        "name": city.name,
        "short": city.short,
        "open": city.open,
        "phone": city.phone,
        "services": city.services,
        "province": {"code": city.province, "name": province["name"] if province else ""},
    }


def notices(city: str, kind: str | None = None, *, before: int | None = None, limit: int = PAGE) -> dict[str, Any]:
    """A city's published notices, pinned ones first on the first page, then newest first."""
    shown = _shown().filter(city=city)
    if kind:
        shown = shown.filter(kind=kind)
    flowing = shown.filter(pinned=False).order_by("-id")
    if before:
        flowing = flowing.filter(pk__lt=before)
    pinned = [] if before else list(shown.filter(pinned=True).order_by("-published_at", "-id")[:limit])
    room = max(limit - len(pinned), 1)
    found = list(flowing[: room + 1])
    return {
        "rows": [notice_json(each) for each in [*pinned, *found[:room]]],
        "next": found[room - 1].pk if len(found) > room else None,
        "prev": None,
        "about": None,
    }


def notice(notice_id: int) -> dict[str, Any]:
    """One published notice with its text. Raises `NotFound`, also for one that was withdrawn."""
    found = _shown().filter(pk=notice_id).first()
    if found is None:
        raise NotFound("没有这条公告", advice="它可能已被撤下")
    return notice_json(found) | {"body": found.body}


def _shown() -> Any:
    moment = clock.now()
    return Notice.objects.filter(published_at__lte=moment).filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment)
    )


def notice_json(each: Notice) -> dict[str, Any]:
    """A notice as lists show it."""
    return {
        "id": each.pk,
        "city": each.city,
        "kind": each.kind,
        "kind_title": each.get_kind_display(),
        "title": each.title,
        "summary": each.summary,
        "pinned": each.pinned,
        "published_at": each.published_at,
    }
