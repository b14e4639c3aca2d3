"""Notices to staff: published for an audience, seen by it alone, safe to show (SH-004.3, SH-004.4)."""

from __future__ import annotations

from typing import Any

import pytest

from anju.workspace.models import OfficeNotice
from anju.workspace.notices import safe
from tests.casework import Town
from tests.conftest import Api

WRITER = "gaoyuan"


def draft(api: Api, **changes: Any) -> Any:
    body = {"kind": "policy", "title": "公租房准入标准调整", "body": "<p>自 12 月 1 日起执行。</p>", **changes}
    answer = api.post("/workspace/notices", body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def published(api: Api, **changes: Any) -> int:
    made = draft(api, **changes)
    assert api.post(f"/workspace/notices/{made['id']}/publish").status_code == 200
    return int(made["id"])


def titles(api: Api) -> list[str]:
    return [row["title"] for row in api.get("/workspace/notices").json()["rows"]]


@pytest.mark.covers("SH-004.3")
def test_a_notice_shows_from_publishing_until_it_is_taken_back(town: Town) -> None:
    writer, reader = town.staff(WRITER), town.staff("zhoumin")
    made = draft(writer)
    assert titles(reader) == []
    assert reader.get(f"/workspace/notices/{made['id']}").status_code == 404
    assert writer.post(f"/workspace/notices/{made['id']}/publish").status_code == 200
    assert writer.post(f"/workspace/notices/{made['id']}/publish").status_code == 409
    page = reader.get("/workspace/notices").json()
    assert [(row["kind_title"], row["title"], row["read"]) for row in page["rows"]] == [
        ("政策调整", "公租房准入标准调整", False)
    ]
    assert page["unread"] == reader.get("/workspace/messages/unread").json()["notices"] == 1
    for _ in range(2):
        assert "12 月 1 日" in reader.get(f"/workspace/notices/{made['id']}").json()["body"]
    assert reader.get("/workspace/notices").json()["unread"] == 0
    managed = writer.get("/workspace/notices/managed").json()["rows"]
    assert [(row["id"], row["readers"]) for row in managed] == [(made["id"], 1)]
    assert writer.post(f"/workspace/notices/{made['id']}/withdraw").status_code == 200
    assert titles(reader) == []
    assert reader.get(f"/workspace/notices/{made['id']}").status_code == 404


@pytest.mark.covers("SH-004.4")
def test_a_notice_for_chosen_roles_rights_and_areas_is_seen_by_those_alone(town: Town) -> None:
    writer = town.staff(WRITER)
    published(writer, title="给初审", roles=["district_reviewer"])
    published(writer, title="给能核查的", rights=["cases.check"])
    published(writer, title="给南屏", areas=["339902"])
    published(writer, title="给江湾的初审", roles=["district_reviewer"], areas=["339901"])
    published(writer, title="给大家")
    seen = {who: set(titles(town.staff(who))) for who in ("zhoumin", "zhoumin.np", "fangting", "gaoyuan")}
    assert seen == {
        "zhoumin": {"给初审", "给能核查的", "给江湾的初审", "给大家"},
        "zhoumin.np": {"给初审", "给能核查的", "给南屏", "给大家"},
        "fangting": {"给大家"},
        "gaoyuan": {"给能核查的", "给大家"},
    }
    hidden = OfficeNotice.objects.get(title="给初审")
    assert town.staff("fangting").get(f"/workspace/notices/{hidden.pk}").status_code == 404
    hidden.refresh_from_db()
    assert hidden.readers == 0


def test_only_those_who_may_write_and_publish(town: Town) -> None:
    made = draft(town.staff(WRITER))
    clerk = town.staff("zhoumin")
    for answer in (
        clerk.post("/workspace/notices", {"title": "x", "body": "x"}), clerk.get("/workspace/notices/managed"),
        clerk.post(f"/workspace/notices/{made['id']}/publish"),
        clerk.put(f"/workspace/notices/{made['id']}", {"title": "x", "body": "x", "version": 1}),
    ):  # fmt: skip
        assert answer.status_code == 403
    assert list(OfficeNotice.objects.values_list("title", "published_at")) == [("公租房准入标准调整", None)]


def test_of_two_who_change_a_notice_the_second_is_told(town: Town) -> None:
    writer = town.staff(WRITER)
    made = draft(writer)
    body = {"title": "甲的", "body": "<p>x</p>", "version": made["version"]}
    assert writer.put(f"/workspace/notices/{made['id']}", body).status_code == 200
    second = writer.put(f"/workspace/notices/{made['id']}", {**body, "title": "乙的"})
    assert (second.status_code, second.json()["details"]["current"]["title"]) == (409, "甲的")
    assert OfficeNotice.objects.get().title == "甲的"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "<script>alert(1)</script>"}, "body"), ({"roles": ["nobody"]}, "roles"), ({"areas": ["110101"]}, "areas"),
        ({"title": "   "}, "title"),
    ],
)  # fmt: skip
def test_a_notice_without_text_or_for_nobody_is_refused(town: Town, wrong: dict[str, Any], field: str) -> None:
    answer = town.staff(WRITER).post(
        "/workspace/notices", {"kind": "policy", "title": "x", "body": "<p>x</p>", **wrong}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not OfficeNotice.objects.exists()


@pytest.mark.parametrize(
    ("dirty", "gone"),
    [
        ("<p onclick='x()'>好</p>", "onclick"), ("<img src=x onerror=alert(1)>好", "<img"), ("<style>p{}</style>好", "style"),
        ("<a href='javascript:alert(1)'>好</a>", "javascript"), ("<iframe src='https://x'></iframe>好", "iframe"),
        ("<svg><script>alert(1)</script></svg>好", "script"), ("<p style='position:fixed'>好</p>", "style"),
    ],
)  # fmt: skip
def test_rich_text_keeps_words_and_drops_what_acts(dirty: str, gone: str) -> None:
    cleaned = safe(dirty)
    assert gone not in cleaned
    assert "好" in cleaned
    assert (
        safe("<h3>标题</h3><ul><li><strong>好</strong></li></ul>")
        == "<h3>标题</h3><ul><li><strong>好</strong></li></ul>"
    )
