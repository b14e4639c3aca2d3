"""Supply information of projects in six parts, its files, units linked to estates, what the data hub is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from anju.kernel.scope import Actor
from anju.supply import scene
from anju.supply.models import Building, Estate, ProjectInformation, ProjectMedium, SetupBatch, SetupUnit, Unit
from tests.supply.media import box, picture, video
from tests.supply.samples import Supply, make_supply, make_unit

RIGHTS = (
    "supply.project.view",
    "supply.project.change",
    "supply.information.change",
    "supply.unit.view",
    "supply.unit.create",
)
PARTS: dict[str, Any] = {
    "allocation": "central", "supply_on": "2026-12-20", "price": "26.00", "rent_from": "900", "rent_to": "1800.50",
    "accept_from": "2026-12-01", "accept_until": "2026-12-15", "supply_from": "2026-12-20", "supply_until": "2026-12-31",
    "contact": "沈立群", "contact_phone": "0599-6201 8801", "hours": "周一至周五 9:00—17:00", "transport": "地铁 2 号线",
    "fittings": ["television", "refrigerator", "sofa"], "rules": "按轮候次序", "conveniences": "菜场 300 米", "notes": "带身份证",
}  # fmt: skip


def upload(clerk: Any, project: int, kind: str, content: bytes, **fields: str) -> Any:
    return clerk.upload(
        f"/supply/projects/{project}/media", {"kind": kind, "file": SimpleUploadedFile("a.bin", content), **fields}
    )


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Any:
    return client_as(staff(*RIGHTS, reach="org_and_below", name="周敏"))


@pytest.mark.django_db
class TestSixParts:
    @pytest.mark.covers("SH-181.1", "SH-181.2", "SH-181.4", "SH-181.8")
    def test_saved_read_and_told(self, clerk: Any, branch: Supply, anonymous: Any, sandbox: Any) -> None:
        path = f"/supply/projects/{branch.project.pk}/information"
        assert clerk.get(path).json()["version"] == 0
        assert clerk.put(path, {"version": 0, **PARTS}).json() == {"version": 1}
        kept = clerk.get(path).json()
        assert kept["parts"] == PARTS | {"rent_from": "900.00", "fittings": ["refrigerator", "television", "sofa"]}
        assert clerk.put(path, {"version": 1, **PARTS}).json() == {"version": 1}, "nothing changed, nothing told"
        late = clerk.put(path, {"version": 0, **PARTS, "notes": "别的"})
        assert (late.status_code, late.json()["code"]) == (409, "supply.information_changed")
        for kind, content, fields in (
            ("video", video(), {}), ("cover", picture(), {}), ("plan", picture("tan"), {"layout": "one_one"}),
        ):  # fmt: skip
            assert upload(clerk, branch.project.pk, kind, content, **fields).status_code == 200
        row = ProjectInformation.objects.get()
        scene.push_project(row.pk)
        scene.push_project(row.pk)
        (told,) = sandbox.get("/control/units?department=data_hub.projects").json()["units"]
        assert (told["code"], told["revision"], told["fittings"][0]) == ("A01", 4, "refrigerator")
        assert {told[key] for key in ("rules", "conveniences", "notes")} == {"按轮候次序", "菜场 300 米", "带身份证"}
        assert told["plans"][0]["layout"] == "one_one"
        assert told["rent_to"] == "1800.50"
        address = told["video"].partition("/api")[2]
        assert anonymous.get(address)["Content-Type"] == "video/mp4"
        assert len(sandbox.calls("data_hub")) == 1
        # the name is told too, and an older state that comes late changes nothing there
        version = clerk.get(f"/registers/supply.projects/rows/{branch.project.pk}").json()["version"]
        body = {"version": version, "values": {"name": "江湾新家园"}}
        assert clerk.patch(f"/registers/supply.projects/rows/{branch.project.pk}", body).status_code == 200
        scene.push_project(row.pk)
        old = scene.project_told(ProjectInformation.objects.select_related("project__operator").get())
        assert scene.ProjectPush().call(old.__class__(**{**vars(old), "revision": 2, "name": "旧名"})).taken is False
        (told,) = sandbox.get("/control/units?department=data_hub.projects").json()["units"]
        assert (told["name"], told["revision"]) == ("江湾新家园", 5)
        row.refresh_from_db()
        assert row.told_version == row.version == 5

    @pytest.mark.covers("SH-181.5", "SH-181.6", "SH-181.7")
    @pytest.mark.parametrize(("part", "most"), [("rules", 2000), ("conveniences", 500), ("notes", 2000)])
    def test_too_long_is_refused(self, clerk: Any, branch: Supply, part: str, most: int) -> None:
        path = f"/supply/projects/{branch.project.pk}/information"
        refused = clerk.put(path, {"version": 0, **PARTS, part: "字" * (most + 1)})
        assert refused.status_code == 422
        assert [each["field"] for each in refused.json()["details"]["errors"]] == [part]
        assert clerk.put(path, {"version": 0, **PARTS, part: "字" * most}).status_code == 200
        with pytest.raises(IntegrityError), transaction.atomic():
            ProjectInformation.objects.update(**{part: "字" * (most + 1)})

    def test_what_makes_no_sense(self, clerk: Any, branch: Supply) -> None:
        path = f"/supply/projects/{branch.project.pk}/information"
        for wrong, code in (
            ({"accept_until": "2026-11-01"}, "supply.period_reversed"),
            ({"rent_to": "100"}, "supply.rent_range"),
            ({"fittings": ["helicopter"]}, "form.invalid"),
        ):
            refused = clerk.put(path, {"version": 0, **PARTS, **wrong})
            assert refused.status_code in {409, 422}
            assert refused.json()["code"] == code
            assert refused.json()["advice"] or refused.json()["details"]
        assert not ProjectInformation.objects.exclude(version=0).exists()
        place = {"version": branch.project.version, "values": {"longitude": "118.1"}}
        half = clerk.patch(f"/registers/supply.projects/rows/{branch.project.pk}", place)
        assert half.json()["code"] == "supply.place_malformed"


@pytest.mark.django_db
class TestMedia:
    @pytest.mark.covers("SH-006.5", "SH-007.3")
    def test_a_video_is_played_in_parts(self, clerk: Any, branch: Supply, anonymous: Any) -> None:
        content, project = video(), branch.project.pk
        assert upload(clerk, project, "cover", picture()).status_code == 200
        made = upload(clerk, project, "video", content).json()
        shown = anonymous.get("/public/projects/A01/video").json()
        address = shown["video"].removeprefix("/api")
        assert address.endswith(f"/{made['id']}")
        whole = anonymous.get(address)
        assert (whole.content, whole["Accept-Ranges"]) == (content, "bytes")
        assert "inline" in whole["Content-Disposition"]

        def part(wanted: str) -> Any:
            return anonymous.client.get(f"/api{address}", headers={"Range": wanted})

        size = len(content)
        for wanted, first, last in (
            ("bytes=0-99", 0, 99), ("bytes=100-", 100, size - 1), ("bytes=-50", size - 50, size - 1),
            (f"bytes=10-{size * 9}", 10, size - 1),
        ):  # fmt: skip
            answer = part(wanted)
            assert answer.status_code == 206
            assert answer.content == content[first : last + 1]
            assert answer["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert (part(f"bytes={size}-").status_code, part("bytes=9-3").json()["code"]) == (416, "file.range")
        assert part("lines=1-2").status_code == 200
        newer = upload(clerk, project, "video", video()).json()
        assert ProjectMedium.objects.filter(kind="video").get().pk == newer["id"]
        assert anonymous.get(address).status_code == 404
        assert clerk.delete(f"/supply/projects/{project}/media/{newer['id']}").status_code == 200
        assert anonymous.get("/public/projects/A01/video").json()["video"] is None

    def test_what_is_no_video_or_picture(self, clerk: Any, branch: Supply) -> None:
        head = box(b"ftyp", b"isom\0\0\2\0isom")
        for kind, content, code in (
            ("video", picture(), "file.not_video"),
            ("video", head + box(b"moov", bytes(2000)), "file.not_video"),
            ("video", video()[:-7], "file.not_video"),
            ("video", head + (1).to_bytes(4, "big") + b"moov" + bytes(2000), "file.not_video"),
            ("video", b"x" * 10, "file.too_small"),
            ("picture", video(), "file.not_picture"),
        ):
            refused = upload(clerk, branch.project.pk, kind, content)
            assert (refused.status_code, refused.json()["code"]) == (422, code)
        wrong = upload(clerk, branch.project.pk, "plan", picture(), layout="three_two")
        assert wrong.json()["code"] == "supply.layout_missing"
        assert upload(clerk, branch.project.pk, "poster", picture()).status_code == 422
        assert not ProjectMedium.objects.exists()


@pytest.mark.django_db
class TestLinking:
    @pytest.mark.covers("SH-180.1", "SH-180.2", "SH-180.3", "SH-180.4")
    def test_units_that_agree_are_linked_the_others_reported(self, clerk: Any, branch: Supply) -> None:
        make_unit(branch.building, "A-0102", "102", layout="studio", floor_area=Decimal("30.00"))
        good = {
            "code": "A-0201", "estate": "A小区", "building": "1号楼", "room_no": "201", "floor": 2, "layout": "studio",
            "floor_area": "30.00", "rent": "800", "location": "A小区 1号楼 201室",
        }  # fmt: skip
        wrong = [
            good | {"code": "X1", "estate": "B小区"},
            good | {"code": "X2", "building": "9号楼"},
            good | {"code": "X3", "room_no": "1301", "floor": 13, "location": ""},
            good | {"code": "X4", "room_no": "202", "location": "A小区 2号楼 202室"},
            good | {"code": "X5", "room_no": "102", "floor": 1, "floor_area": "38.00", "location": ""},
            good | {"code": "A-0201", "room_no": "203", "location": ""},
        ]
        answer = clerk.post(f"/supply/projects/{branch.project.pk}/units", {"units": [good, *wrong]})
        linked, reported = answer.json()["linked"], answer.json()["reported"]
        assert [row["address"] for row in linked] == ["A小区 1号楼 201室"]
        unit = Unit.objects.get(code="A-0201")
        assert (unit.estate_id, unit.project_id, unit.status) == (branch.estate.pk, branch.project.pk, "unconfirmed")
        assert [row["row"] for row in reported] == [2, 3, 4, 5, 6, 7]
        said = ["；".join(row["reasons"]) for row in reported]
        for text, one in zip(("没有小区", "没有“9号楼”", "13 层", "不一致", "30.00 ㎡", "相同编码"), said, strict=True):
            assert text in one
        assert Unit.objects.filter(code__startswith="X").count() == 0
        (estate,) = clerk.get(f"/supply/projects/{branch.project.pk}/information").json()["distribution"]
        assert (estate["name"], estate["units"], estate["rentable"], estate["let"]) == ("A小区", 3, 2, 0)
        assert {row["layout"]: row["units"] for row in estate["layouts"]} == {"one_one": 1, "studio": 2}

    @pytest.mark.covers("SH-180.4")
    def test_each_estate_of_a_project_is_told_its_own_units(self, clerk: Any, branch: Supply) -> None:
        second = Estate.objects.create(project=branch.project, name="B小区")
        tower = Building.objects.create(estate=second, name="1号楼", floors=6)
        for room, layout, status in (
            ("101", "studio", "vacant"),
            ("102", "studio", "unconfirmed"),
            ("201", "two_one", "vacant"),
        ):
            make_unit(tower, f"B-{room}", room, layout=layout, status=status)
        told = clerk.get(f"/supply/projects/{branch.project.pk}/information").json()["distribution"]
        found = {each["name"]: each for each in told}
        assert {name: each["units"] for name, each in found.items()} == {"A小区": 1, "B小区": 3}
        assert (found["A小区"]["rentable"], found["B小区"]["rentable"]) == (1, 2)
        layouts = {name: {row["layout"]: row["units"] for row in each["layouts"]} for name, each in found.items()}
        assert layouts == {"A小区": {"one_one": 1}, "B小区": {"studio": 2, "two_one": 1}}

    @pytest.mark.covers("SH-180.2", "SH-180.3")
    def test_units_are_linked_as_they_were_surveyed(self, clerk: Any, branch: Supply) -> None:
        batch = SetupBatch.objects.create(
            number="DJ1", project=branch.project, estate="A小区", org_path=branch.project.org_path, division="339901"
        )
        for room, floor in (("301", 3), ("302", 3), ("303", 3), ("304", 3)):
            SetupUnit.objects.create(
                batch=batch, surveyed=True, estate="A小区", building="1号楼", room_no=room, floors=12, floor=floor,
                layout="studio", floor_area=Decimal("40.00"), org_path=batch.org_path, division=batch.division,
            )  # fmt: skip
        unit = {
            "code": "S1", "estate": "A小区", "building": "1号楼", "room_no": "301", "floor": 3, "layout": "studio",
            "floor_area": "41.20", "rent": "800",
        }  # fmt: skip
        units = [
            unit,
            unit | {"code": "S2", "room_no": "302", "floor_area": "41.21"},
            unit | {"code": "S3", "room_no": "303", "layout": "one_one"},
            unit | {"code": "S4", "room_no": "304", "floor": 4},
            unit | {"code": "S5", "room_no": "305"},
        ]
        answer = clerk.post(f"/supply/projects/{branch.project.pk}/units", {"units": units}).json()
        assert [row["code"] for row in answer["linked"]] == ["S1"], "within 3% of the measured area"
        assert [row["reasons"] for row in answer["reported"]] == [
            ["建筑面积 41.21 ㎡，测绘为 40.00 ㎡，相差 +1.21 ㎡（+3.03%），超出允许误差 3%"],
            ["测绘户型是一室户，不是一室一厅"],
            ["测绘成果里 304 室在第 3 层，不在第 4 层"],
            ["测绘成果里1号楼没有 305 室"],
        ]
