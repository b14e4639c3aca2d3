"""Editing the special days over the API needs the right, and is on the record."""

from __future__ import annotations

from typing import Any

import pytest

from anju.kernel.audit.models import AuditEntry
from anju.kernel.calendar.models import Day
from anju.kernel.calendar.services import forget_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_days() -> Any:
    forget_days()
    yield
    forget_days()


def test_days_are_listed_changed_and_cleared(staff: Any, client_as: Any) -> None:
    api = client_as(staff("calendar.day.view", "calendar.day.change"))
    rows = api.get("/calendar/days", year=2026).json()["rows"]
    assert {"date": "2026-10-01", "kind": "holiday", "kind_title": "放假", "name": "国庆节"} in rows
    assert all(row["date"].startswith("2026") for row in rows)
    changed = api.put("/calendar/days/2026-12-16", {"kind": "holiday", "name": "停工"})
    assert changed.status_code == 200
    assert Day.objects.get(date="2026-12-16").name == "停工"
    assert api.delete("/calendar/days/2026-12-16").status_code == 200
    assert api.delete("/calendar/days/2026-12-16").status_code == 404
    actions = AuditEntry.objects.filter(subject="calendar.day:2026-12-16").values_list("action", flat=True)
    assert sorted(actions) == ["change", "delete"]


def test_without_the_right_nothing_changes(staff: Any, client_as: Any) -> None:
    api = client_as(staff("calendar.day.view"))
    assert api.put("/calendar/days/2026-12-16", {"kind": "holiday"}).status_code == 403
    assert not Day.objects.filter(date="2026-12-16").exists()
    assert client_as(staff()).get("/calendar/days").status_code == 403


@pytest.mark.parametrize(("path", "body"), [("2026-12-16", {"kind": "maybe"}), ("2026-02-30", {"kind": "holiday"})])
def test_wrong_input_is_told(staff: Any, client_as: Any, path: str, body: dict[str, Any]) -> None:
    answer = client_as(staff("calendar.day.change")).put(f"/calendar/days/{path}", body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "form.invalid"
