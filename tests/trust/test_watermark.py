"""Who looks and when: over every page of the office, and on everything that leaves it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.conf import LazySettings

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.files import open_file
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run

pytestmark = pytest.mark.django_db


@pytest.mark.covers("NF-05.4")
def test_the_screen_says_name_account_and_date_unless_switched_off(
    staff: Any, client_as: Any, settings: LazySettings
) -> None:
    actor = staff(name="周敏")
    api = client_as(actor)
    assert api.get("/trust/screen").json() == {"watermark": f"周敏 {actor.account} {clock.today()}"}
    settings.ANJU_SCREEN_WATERMARK = False
    assert api.get("/trust/screen").json() == {"watermark": ""}


@pytest.mark.covers("NF-05.4")
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_carries_who_and_when_and_is_on_record(staff: Any, client_as: Any, form: str) -> None:
    actor = staff("audit.entry.view", "audit.entry.export", name="周敏")
    answer = client_as(actor).post("/registers/audit.entries/exports", {"format": form})
    assert answer.status_code == 200, answer.content
    job = Job.objects.get(kind="registers.export")
    run(job_id=job.pk)
    job.refresh_from_db()
    assert job.file_id is not None, job.error
    content = open_file(job.file_id)
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        header, footer = sheet.split("<oddHeader>")[1].split("<")[0], sheet.split("<oddFooter>")[1].split("<")[0]
        first_row = sheet.split('<row r="1"')[1].split("</row>")[0]
        marks = [header, footer, first_row]
    else:
        marks = [content.decode("utf-8-sig").splitlines()[0]]
    for mark in marks:
        assert "周敏" in mark
        assert f"{clock.today()}" in mark
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.subject) == (actor.ref, "audit.entries:*")
