"""Outlines of the districts under the map: the city's own file, judged at the start."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anju.kernel.scope import Actor
from anju.supply.models import Project
from anju.supply.outlines import OutlinesWrong, city_outlines, outlines_can_be_drawn
from tests.supply.samples import make_supply

RING = [[120.0, 30.0], [120.5, 30.0], [120.5, 30.4], [120.0, 30.0]]


def feature(kind: str = "Polygon", coordinates: Any = None, code: str = "330101") -> dict[str, Any]:
    shape = {"type": kind, "coordinates": [RING] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"code": code}, "geometry": shape}


@pytest.fixture
def drawn(tmp_path: Path, settings: Any) -> Callable[..., None]:
    """Puts a file of outlines in place."""
    path = tmp_path / "districts.json"
    settings.MAP_OUTLINES = str(path)

    def put(*features: Any, text: str = "") -> None:
        path.unlink(missing_ok=True)
        path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}))

    return put


def test_the_map_draws_the_file_of_the_city(
    drawn: Callable[..., None], city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any],
    anonymous: Any, settings: Any,
) -> None:  # fmt: skip
    clerk = client_as(staff("supply.project.view"))
    far = [[[[121.0, 31.0], [121.2, 31.0], [121.2, 31.5], [121.0, 31.0]]]]
    drawn(feature(), feature("MultiPolygon", far, "330102"))
    told = clerk.get("/supply/map/outlines").json()
    assert told["bounds"] == [120.0, 30.0, 121.2, 31.5]
    assert [each["properties"]["code"] for each in told["outlines"]["features"]] == ["330101", "330102"]
    assert outlines_can_be_drawn() == []
    settings.MAP_TILES = "/tiles/{z}/{x}/{y}.png"
    assert anonymous.get("/public/projects/ground").json() == told | {"tiles": settings.MAP_TILES}


def test_without_a_file_the_demonstration_is_drawn(settings: Any) -> None:
    settings.MAP_OUTLINES = ""
    west, south, east, north = city_outlines()["bounds"]
    assert 117 < west < east < 119
    assert 26 < south < north < 27


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ([feature("Point", [120.0, 30.0])], "第 1 个区划不是多边形"),
        ([feature(), feature(code="")], "第 2 个区划没有区划代码"),
        ([feature(coordinates=[RING[:3]])], "没有闭合"),
        ([feature(coordinates=[[*RING[:3], [1, 1]]])], "没有闭合"),
        ([feature(coordinates=[[[200, 30], *RING[1:3], [200, 30]]])], "不在地球上"),
        ([feature(coordinates=[[["a", "b"], *RING[1:3], ["a", "b"]]])], "不在地球上"),
        ([feature(coordinates=[])], "没有边界"),
        ([feature("MultiPolygon", [3])], "没有边界"),
        (["x"], "不是多边形"),
        ([], "没有 features"),
    ],
)
def test_a_wrong_file_stops_the_start_and_says_where(
    drawn: Callable[..., None], features: list[Any], told: str
) -> None:
    drawn(*features)
    (error,) = outlines_can_be_drawn()
    assert told in error.msg
    with pytest.raises(OutlinesWrong, match=told):
        city_outlines()


def test_a_file_that_is_none_is_told_too(drawn: Callable[..., None], settings: Any) -> None:
    drawn(text='{"features": [')
    assert "不是 JSON" in outlines_can_be_drawn()[0].msg
    drawn(text=" " * (5 * 1024 * 1024 + 1))
    assert "5 MB" in outlines_can_be_drawn()[0].msg
    settings.MAP_OUTLINES = "/nowhere/districts.json"
    assert "读不到" in outlines_can_be_drawn()[0].msg


@pytest.mark.django_db
def test_the_map_is_narrowed_by_district_sector_and_distance(staff: Callable[..., Actor], client_as: Any) -> None:
    clerk = client_as(staff("supply.project.view"))
    places = {"A": ("118.000000", "26.000000"), "B": ("118.010000", "26.000000"), "C": ("118.000000", "26.050000")}
    for mark, (longitude, latitude) in places.items():
        division = "339902" if mark == "C" else "339901"
        project = make_supply(mark, f"/{mark}/", division).project
        Project.objects.filter(pk=project.pk).update(longitude=longitude, latitude=latitude, sector=f"{mark}板块")
    make_supply("D", "/D/")  # without a place

    def found(**wanted: Any) -> list[tuple[str, str | None]]:
        answer = clerk.get("/supply/map", **wanted)
        assert answer.status_code == 200, answer.json()
        return [(one["code"], one["distance"]) for one in answer.json()["projects"]]

    assert [code for code, _ in found()] == ["A01", "B01", "C01", "D01"]
    assert [code for code, _ in found(division="339902")] == ["C01"]
    assert [code for code, _ in found(division="339900")] == ["A01", "B01", "C01", "D01"]
    assert found(sector="B板块") == [("B01", None)]
    at = {"longitude": "118.011", "latitude": "26.0"}
    # a hundredth of a degree of longitude at 26° north is 1.00 km, one of latitude 1.11 km
    assert found(**at, radius=1) == [("B01", "0.10")]
    assert found(**at, radius=3) == [("B01", "0.10"), ("A01", "1.10")]
    assert found(**at, radius=6) == [("B01", "0.10"), ("A01", "1.10"), ("C01", "5.67")]
    assert clerk.get("/supply/map", longitude="181", latitude="0", radius=1).status_code == 422
