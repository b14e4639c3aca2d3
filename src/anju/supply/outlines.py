"""Outlines of the city's districts, which the project map draws: a GeoJSON file of the city's, or the demonstration's.

`ANJU_MAP_OUTLINES` names the file (RFC 7946): a FeatureCollection of polygons, each with the district's code. It is judged
when the system starts, so that a wrong file is told to whoever put it there and not to whoever opens the map.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from anju.kernel.errors import DomainError

SHIPPED = Path(__file__).parent / "definitions" / "map" / "districts.json"
LARGEST = 5 * 1024 * 1024
DEEP = {"Polygon": 1, "MultiPolygon": 2}


class OutlinesWrong(DomainError):
    """The file of outlines cannot be drawn; the sentence says where it is wrong."""

    status, code, advice = 500, "map.outlines_wrong", "请核对 ANJU_MAP_OUTLINES 指定的 GeoJSON 文件"


def city_outlines() -> dict[str, Any]:
    """The outlines with the box around them: west, south, east, north in degrees. Raises `OutlinesWrong`."""
    path = Path(settings.MAP_OUTLINES or SHIPPED)
    try:
        return read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise OutlinesWrong(f"区划边界文件读不到：{path.name}") from error


@lru_cache(maxsize=2)
def read(path: Path, changed: int) -> dict[str, Any]:
    """A file of outlines as it stood at a moment of change, judged."""
    if path.stat().st_size > LARGEST:
        raise OutlinesWrong("区划边界文件超过 5 MB，请先简化边界")
    try:
        content = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise OutlinesWrong(f"区划边界文件不是 JSON：第 {error.lineno} 行") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise OutlinesWrong("区划边界文件里没有 features")
    points = [point for number, feature in enumerate(features, start=1) for point in corners(number, feature)]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    return {"outlines": content, "bounds": [west, south, east, north]}


def corners(number: int, feature: Any) -> list[list[float]]:
    """The points of a district's rings. Raises `OutlinesWrong`."""
    where = f"第 {number} 个区划"
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    told = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(shape, dict) or shape.get("type") not in DEEP:
        raise OutlinesWrong(f"{where}不是多边形")
    if not isinstance(told, dict) or not str(told.get("code") or ""):
        raise OutlinesWrong(f"{where}没有区划代码 code")
    parts = shape.get("coordinates")
    rings = parts if shape["type"] == "Polygon" else [ring for part in as_list(parts) for ring in as_list(part)]
    points = []
    for ring in as_list(rings):
        if len(as_list(ring)) < 4 or ring[0] != ring[-1]:
            raise OutlinesWrong(f"{where}的边界没有闭合")
        for point in ring:
            if not is_place(point):
                raise OutlinesWrong(f"{where}有不在地球上的点：{str(point)[:40]}")
            points.append(point)
    if not points:
        raise OutlinesWrong(f"{where}没有边界")
    return points


def as_list(value: Any) -> list[Any]:
    """A list, empty for what is none."""
    return value if isinstance(value, list) else []


def is_place(point: Any) -> bool:
    """Whether something is a longitude and a latitude."""
    pair = as_list(point)[:2]
    numbers = len(pair) == 2 and all(isinstance(each, int | float) for each in pair)
    return numbers and -180 <= pair[0] <= 180 and -90 <= pair[1] <= 90


@register()
def outlines_can_be_drawn(**told: Any) -> list[CheckMessage]:
    """A wrong file stops the start."""
    try:
        city_outlines()
    except OutlinesWrong as wrong:
        return [Error(wrong.message, hint=wrong.advice, id="supply.E001")]
    return []
