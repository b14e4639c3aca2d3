"""The pages and switches people use."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from anju.workspace.connectors import SmsGateway, SmsMessage
from tests.sandbox_fixture import ROOT, Sandbox, free_port, start_sandbox, stop


@pytest.mark.parametrize(
    ("path", "title"), [("/", "外部部门仿真"), ("/phone", "手机短信"), ("/case-store", "一网通办办件库")]
)
def test_a_page_and_all_it_needs_are_there(sandbox: Sandbox, path: str, title: str) -> None:
    page = sandbox.get(path)
    assert page.status_code == 200
    assert f"<title>{title}</title>" in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for part in ("style.css", "shared.js", {"/": "overview.js"}.get(path, f"{path[1:]}.js")):
        assert sandbox.get(f"/pages/{part}").status_code == 200


def test_the_phone_lists_numbers_and_their_messages(sandbox: Sandbox) -> None:
    for id_, to in (("m1", "13800006205"), ("m2", "13911112222")):
        SmsGateway().call(SmsMessage(message_id=id_, to=to, text=f"短信 {id_}"))
    phones = sandbox.get("/phone/messages").json()["phones"]
    assert [(one["phone"], one["count"], one["text"]) for one in phones] == [
        ("13911112222", 1, "短信 m2"), ("13800006205", 1, "短信 m1"),
    ]  # fmt: skip


def test_every_department_can_be_seen_and_switched(sandbox: Sandbox) -> None:
    listed = sandbox.get("/control/state").json()
    keys = [department["key"] for department in listed["departments"]]
    assert {"real_estate", "public_housing", "resettlement", "marriage", "social_insurance", "bank", "sms"} <= set(keys)
    for key in keys:
        for mode in listed["modes"]:
            sandbox.behave(key, mode)
    assert {d["behaviour"]["mode"] for d in sandbox.get("/control/state").json()["departments"]} == {"denied"}
    sandbox.reset()
    assert {d["behaviour"]["mode"] for d in sandbox.get("/control/state").json()["departments"]} == {"ok"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"department": "moon", "mode": "ok"}, {"department": "bank", "mode": "asleep"}, {"department": "bank"}, {},
        {"department": "bank", "mode": "slow", "seconds": -1}, {"department": "bank", "mode": "slow", "seconds": "x"},
        {"department": "bank", "mode": "fail", "times": 0}, {"department": "bank", "mode": "garbage", "kind": "x"},
    ],
)  # fmt: skip
def test_a_wrong_switch_is_refused_in_words(sandbox: Sandbox, wrong: dict[str, object]) -> None:
    answer = httpx.post(f"{sandbox.url}/control/behaviour", json=wrong, trust_env=False)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_a_form_of_another_site_cannot_switch(sandbox: Sandbox) -> None:
    told = '{"department": "bank", "mode": "fail"}'
    answer = httpx.post(
        f"{sandbox.url}/control/behaviour", content=told, headers={"Content-Type": "text/plain"}, trust_env=False
    )
    assert answer.status_code == 400
    assert sandbox.get("/control/state").json()["departments"][0]["behaviour"]["mode"] == "ok"


def test_a_person_can_be_read_set_and_forgotten(sandbox: Sandbox) -> None:
    path = "/control/people/339901198603075313"
    assert sandbox.get(path).json()["titles"] == {
        "housing": "大户型产权房",
        "marriage": "已婚",
        "insurance": "按月连续",
    }
    sandbox.person("339901198603075313", housing="none", name="陈卫国")
    assert sandbox.get(path).json()["housing"] == "none"
    httpx.delete(sandbox.url + path, trust_env=False)
    assert sandbox.get(path).json()["set"] == {}
    for facts in ({"housing": "castle"}, {"colour": "red"}, {"records": []}):
        assert httpx.post(sandbox.url + path, json=facts, trust_env=False).status_code == 400


def test_the_exchange_refuses_what_is_no_envelope(sandbox: Sandbox) -> None:
    for body in (b"", b"{", b"[]", b"x" * 1_000_001):
        answer = httpx.post(f"{sandbox.url}/exchange/bank/verify", content=body, trust_env=False)
        assert answer.status_code in (401, 413)
    assert httpx.post(f"{sandbox.url}/exchange/moon/query", content=b"{}", trust_env=False).status_code == 404


def test_a_restart_keeps_messages_people_and_answers(tmp_path: Path, db: None, settings: object) -> None:
    port = free_port()
    settings.SANDBOX_URL = f"http://127.0.0.1:{port}"  # type: ignore[attr-defined]
    running = Sandbox(f"http://127.0.0.1:{port}")
    process = start_sandbox(tmp_path, port)
    sent = SmsGateway().call(SmsMessage(message_id="kept", to="13800006205", text="还在"), call_id="kept")
    running.person("339901198603075313", housing="none")
    running.behave("bank", "fail")
    assert stop(process) == 0
    process = start_sandbox(tmp_path, port)
    try:
        again = Sandbox(f"http://127.0.0.1:{port}")
        assert [one["text"] for one in again.messages("13800006205")] == ["还在"]
        assert again.get("/control/people/339901198603075313").json()["housing"] == "none"
        assert SmsGateway().call(SmsMessage(message_id="kept", to="13800006205", text="还在"), call_id="kept") == sent
        assert {d["behaviour"]["mode"] for d in again.get("/control/state").json()["departments"]} == {"ok"}
    finally:
        stop(process)


def test_the_sandbox_knows_nothing_of_the_platform() -> None:
    for source in (ROOT / "sandbox").rglob("*.py"):
        assert "anju." not in source.read_text().replace("anju.exchange", ""), source
        assert "import anju" not in source.read_text()
