"""Developers, districts and the city at work on projects, for the tests of this folder."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PdfReader

from anju.kernel.cases.models import Case
from tests.casework import Town, town
from tests.citizen.people import picture
from tests.construction.answers import ANSWERS

__all__ = ["text_of", "town"]


def text_of(answer: Any) -> str:
    """What a PDF says."""
    pages = PdfReader(io.BytesIO(b"".join(answer) if answer.streaming else answer.content)).pages
    return "".join(page.extract_text() for page in pages)


@dataclass
class Site:
    """A town in which projects are built."""

    town: Town

    def staff(self, name: str) -> Any:
        return self.town.staff(name)

    def draft(self, kind: str, who: str = "jianshe", data: Any = None) -> dict[str, Any]:
        """A draft with everything filled in and every required material."""
        api = self.staff(who)
        matter = api.get(f"/cases/matters/construction.{kind}").json()
        made = api.post("/cases/drafts", {"type": matter["key"], "data": ANSWERS[kind] if data is None else data})
        assert made.status_code == 200, made.content.decode()
        for paper in (each for each in matter["materials"] if each["required"]):
            sent = self.upload(api, f"/cases/drafts/{made.json()['id']}/materials", klass=paper["klass"])
            assert sent.status_code == 200, sent.content.decode()
        return dict(api.get(f"/cases/drafts/{made.json()['id']}").json())

    @staticmethod
    def upload(api: Any, path: str, **fields: Any) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile(f"{uuid.uuid4().hex[:6]}.jpg", picture(), "image/jpeg")
        return api.upload(path, {**fields, "file": file})

    def file(self, kind: str, who: str = "jianshe", data: Any = None) -> Case:
        """Files a matter, and gives its case."""
        return self.file_draft(self.draft(kind, who, data), who)

    def file_draft(self, draft: dict[str, Any], who: str) -> Case:
        """Files a draft, and gives its case."""
        answer = self.staff(who).post(f"/cases/drafts/{draft['id']}/file")
        assert answer.status_code == 200, answer.content.decode()
        return Case.objects.get(pk=answer.json()["id"])

    def page(self, case: Case, who: str) -> dict[str, Any]:
        answer = self.staff(who).get(f"/cases/{case.pk}")
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    def take(self, case: Case, who: str) -> dict[str, Any]:
        """Claims the waiting task and gives the page."""
        task = self.page(case, who)["task"]
        answer = self.staff(who).post(f"/cases/{case.pk}/claim", {"task_id": task["id"]})
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    def act(self, case: Case, who: str, outcome: str = "pass", **more: Any) -> Any:
        """Claims and takes a step; asserts that it was done."""
        page = self.take(case, who)
        body = {
            "task_id": page["task"]["id"], "version": page["version"], "outcome": outcome, "opinion": "情况属实，拟同意",
            "reason": "填报的面积与规划许可不一致，请核对" if outcome in {"correct", "refuse", "fail", "back"} else "", **more,
        }  # fmt: skip
        answer = self.staff(who).post(f"/cases/{case.pk}/act", body)
        assert answer.status_code == 200, answer.content.decode()
        case.refresh_from_db()
        return answer.json()

    def edit(self, case: Case, who: str, data: dict[str, Any], **more: Any) -> Any:
        """Corrects sections at the task that the person has in hand."""
        page = self.page(case, who)
        body = {"task_id": page["task"]["id"], "version": page["version"], "data": data, **more}
        return self.staff(who).post(f"/cases/{case.pk}/edit", body)

    def paper(self, case: Case, who: str, key: str) -> Any:
        return self.staff(who).post(f"/cases/{case.pk}/papers/{key}")

    def archived(self, case: Case, who: str) -> dict[str, Any]:
        """What the archive holds of a case, as somebody finds it there: the item, and the whole procedure that it leads to."""
        (item,) = self.rows("archives", who, q=case.number)
        record = self.staff(who).get(f"/registers/construction.archives/rows/{item['id']}").json()
        held = self.staff(who).get(record["page"])
        assert held.status_code == 200, held.content.decode()
        opinions = [
            (each["node_title"], each["actor"], each["text"]) for each in held.json()["timeline"] if each["opinion"]
        ]
        return {"item": item, "data": held.json()["form"]["data"], "opinions": opinions, **{
            key: held.json()[key] for key in ("number", "state", "materials", "documents")
        }}  # fmt: skip

    def rows(self, register: str, who: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.staff(who).get(f"/registers/construction.{register}/rows", **query)
        assert answer.status_code == 200, answer.content.decode()
        return list(answer.json()["rows"])


@pytest.fixture
def site(town: Town) -> Site:
    return Site(town)
