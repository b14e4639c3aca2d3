"""Processes over the API: staff see versions and drawings, others do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.kernel.processes import services as processes

pytestmark = pytest.mark.django_db


def test_staff_see_published_processes(staff: Callable[..., Any], client_as: Callable[..., Any]) -> None:
    processes.publish_all()
    api = client_as(staff())
    listed = {(row["key"], row["version"]): row["title"] for row in api.get("/processes").json()}
    assert listed["public_rental", 1] == "公共租赁住房资格申请"
    shown = api.get("/processes/public_rental/1").json()
    assert "accept" in {node["id"] for node in shown["graph"]["nodes"]}
    drawing = api.get("/processes/public_rental/1/xml")
    assert drawing["Content-Type"].startswith("application/xml")
    assert drawing.content.decode().startswith("<?xml")
    for version in ("2", "0", "-1", "99999999999999"):
        assert api.get(f"/processes/public_rental/{version}").status_code == 404


def test_others_do_not(anonymous: Any) -> None:
    for path in ("", "/public_rental/1", "/public_rental/1/xml"):
        assert anonymous.get(f"/processes{path}").status_code == 401
