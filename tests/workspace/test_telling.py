"""Telling people: reminders, channels, templates, quiet hours, order, a provider that is down (SH-004)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from anju.identity.models import Organisation
from anju.kernel import audit, clock
from anju.kernel.processes.models import Token
from anju.kernel.scope import Actor, system
from anju.workspace.contacts import choose_channels, set_contact
from anju.workspace.jobs import GIVE_UP_AFTER, deliver_mail, end_quiet, sweep
from anju.workspace.models import Mail, Message, Sms, Task
from anju.workspace.post import NotNow
from anju.workspace.reminders import remind_late, remind_new
from anju.workspace.services import send_sms
from anju.workspace.telling import after_quiet, send_mail, tell
from tests.casework import Town
from tests.sandbox_fixture import Sandbox, _close_breakers
from tests.support import run_jobs
from tests.workspace.test_tasks import as_party, give

__all__ = ["as_party"]

ADDRESS = "zhoumin@lz.example"
PHONE = "13900000031"


def mail(text: str, key: str, address: str = ADDRESS) -> Mail:
    return send_mail(address, text, f"{text}的正文", kind="open", key=key, actor=system())


def titles(sandbox: Sandbox, address: str = ADDRESS) -> list[str]:
    """What arrived at an address, oldest first."""
    return [each["title"] for each in reversed(sandbox.mails(address))]


@pytest.mark.covers("SH-004.1")
def test_a_task_reminds_its_user_by_message_and_by_mail_with_name_deadline_and_requirement(
    sandbox: Sandbox, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff()
    set_contact(clerk.ref, email=ADDRESS)
    task = give(clerk, "a", name="核对租金台账", requirement="逐户核对后反馈")
    run_jobs()
    run_jobs()
    (message,) = client_as(clerk).get("/workspace/messages").json()["rows"]
    (arrived,) = sandbox.mails(ADDRESS)
    for text in (message["text"], arrived["text"]):
        assert "核对租金台账" in text
        assert str(task.due_on) in text
        assert "逐户核对后反馈" in text
    assert message["link"] == f"/tasks/{task.pk}"
    assert arrived["title"] == "待办：核对租金台账"


def test_a_step_of_a_case_is_told_to_those_who_may_take_it_and_once(town: Town) -> None:
    clerk, stranger = town.actor("fangting"), town.actor("fangting.np")
    case = town.apply()
    for _ in range(2):
        remind_new()
    (message,) = Message.objects.filter(recipient_ref=clerk.ref)
    assert case.number in message.title
    assert message.link == f"/cases/{case.pk}"
    assert not Message.objects.filter(recipient_ref=stranger.ref).exists()


@pytest.mark.covers("SH-004.2")
def test_an_overdue_task_is_told_once_a_deadline_and_again_for_a_new_one(
    town: Town, staff: Callable[..., Actor]
) -> None:
    clerk = staff()
    task = give(clerk, "a", due_in=-1)
    give(clerk, "in time", due_in=0)
    for _ in range(2):
        remind_late()
    (told,) = Message.objects.filter(recipient_ref=clerk.ref, kind="task_overdue")
    assert told.title == "已逾期：任务a"
    Task.objects.filter(pk=task.pk).update(due_on=clock.today() - timedelta(days=2))
    remind_late()
    assert Message.objects.filter(recipient_ref=clerk.ref, kind="task_overdue").count() == 2
    Task.objects.filter(pk=task.pk).update(
        state="done", result="好", done_at=clock.now(), due_on=clock.today() - timedelta(days=3)
    )
    remind_late()
    assert Message.objects.filter(recipient_ref=clerk.ref, kind="task_overdue").count() == 2


def test_an_overdue_step_of_a_case_is_told_too(town: Town) -> None:
    clerk, case = town.actor("fangting"), town.apply()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE processes_token SET due_on = %s", [clock.today() - timedelta(days=1)])
    for _ in range(2):
        remind_late()
    (told,) = Message.objects.filter(recipient_ref=clerk.ref, kind="task_overdue")
    assert case.number in told.title


def test_an_untaken_step_is_told_to_supervisors_and_to_who_did_it_last_not_to_everybody(
    town: Town, staff: Callable[..., Actor]
) -> None:
    clerk, boss, boss_of_others = town.actor("fangting"), town.actor("liangchen"), town.actor("helan")
    office = Organisation.objects.get(code="LZ-OP-01")
    colleagues = [staff("cases.public_rental.accept", org=office, reach="org_and_below") for _ in range(6)]
    town.go(town.apply(), "first_review")  # fangting accepted this one
    Message.objects.all().delete()
    late = town.apply()
    Token.objects.filter(subject=f"case:{late.pk}").update(due_on=clock.today() - timedelta(days=1))
    remind_late()
    told = set(Message.objects.filter(kind="task_overdue").values_list("recipient_ref", flat=True))
    assert told == {clerk.ref, boss.ref}
    assert boss_of_others.ref not in told
    assert len(colleagues) == 6


def test_an_alarm_of_the_audit_trail_reaches_the_security_administrator_once_an_hour(
    db: None, staff: Callable[..., Actor]
) -> None:
    guard, clerk = staff("trust.integrity.check"), staff("cases.case.view")
    for _ in range(2):
        audit.raise_alarm("audit.broken", "审计记录核验不通过：第 7 号审计记录被删除")
    (told,) = Message.objects.filter(recipient_ref=guard.ref)
    assert (told.kind, told.link) == ("alarm", "/trust/integrity")
    assert "第 7 号审计记录被删除" in told.title
    assert not Message.objects.filter(recipient_ref=clerk.ref).exists()


@pytest.mark.covers("SH-004.7")
def test_one_message_goes_out_on_each_channel_chosen_for_it(sandbox: Sandbox, staff: Callable[..., Actor]) -> None:
    both, mail_only, nothing = staff(), staff(), staff()
    for at, person in enumerate((both, mail_only, nothing)):
        set_contact(person.ref, email=f"p{at}@lz.example", phone=f"1390000004{at}")
    choose_channels(both.ref, {"task_new": ["email", "sms"]})
    choose_channels(nothing.ref, {"task_new": []})
    for person in (both, mail_only, nothing):
        give(person, person.ref)
    run_jobs()
    run_jobs()
    assert [len(sandbox.mails(f"p{at}@lz.example")) for at in range(3)] == [1, 1, 0]
    assert [len(sandbox.messages(f"1390000004{at}")) for at in range(3)] == [1, 0, 0]
    assert [Message.objects.filter(recipient_ref=each.ref).count() for each in (both, mail_only, nothing)] == [1, 1, 1]
    assert set(Mail.objects.values_list("state", "tries", "text")) == {("sent", 1, None)}


def test_a_template_changed_in_the_register_speaks_from_then_on(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    keeper = client_as(staff("workspace.template.view", "workspace.template.create", "workspace.template.change"))
    wrong = {"kind": "task_new", "channel": "in_app", "title": "新任务 {nam}", "text": "{name}"}
    refused = keeper.post("/registers/workspace.templates/rows", {"values": wrong})
    assert (refused.status_code, refused.json()["code"]) == (422, "template.unknown_place")
    made = keeper.post("/registers/workspace.templates/rows", {"values": {**wrong, "title": "新任务 {name}"}})
    assert made.status_code in (200, 201), made.content
    tell("staff:9", "task_new", {"name": "盘点"}, key="k")
    assert Message.objects.get().title == "新任务 盘点"


def test_within_quiet_hours_what_is_not_urgent_waits_for_their_end(
    sandbox: Sandbox, staff: Callable[..., Actor]
) -> None:
    clerk = staff()
    now = clock.now().astimezone(clock.SHANGHAI)
    start, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time().replace(second=0, microsecond=0)
    set_contact(clerk.ref, email=ADDRESS, quiet_from=start, quiet_to=end)
    tell(clerk.ref, "open", {"title": "可以等", "text": "x"}, key="a", channels=("email",))
    tell(clerk.ref, "alarm", {"title": "不能等", "text": "x"}, key="b", channels=("email",))
    run_jobs()
    assert titles(sandbox) == ["告警：不能等"]
    Mail.objects.filter(state="waiting").update(not_before=clock.now())
    end_quiet()
    run_jobs()
    assert titles(sandbox) == ["告警：不能等", "可以等"]


@pytest.mark.parametrize(
    ("hour", "until"),
    [(23, "2026-11-21 07:00"), (3, "2026-11-20 07:00"), (12, None), (7, None), (22, "2026-11-21 07:00")],
)
def test_quiet_hours_may_pass_midnight(hour: int, until: str | None) -> None:
    from anju.workspace.models import Contact

    contact = Contact(quiet_from=time(22), quiet_to=time(7))
    moment = datetime(2026, 11, 20, hour, tzinfo=clock.SHANGHAI).astimezone(UTC)
    found = after_quiet(contact, moment)
    assert (found.strftime("%Y-%m-%d %H:%M") if found else None) == until


@pytest.mark.django_db(transaction=True)
def test_a_provider_down_for_an_hour_costs_nothing_but_time(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lost, nothing sent twice, order kept a person: the queue's own retries, with its clock moved on."""
    for at in range(4):
        mail(f"信{at}", f"k{at}")
        send_sms(PHONE, f"短信{at}", "reminder", "", system(), key=f"k{at}")
    sandbox.behave("mail", "fail")
    sandbox.behave("sms", "fail")
    for minute in range(0, 61, 10):
        _queue_moves_on()
        call_command("worker", "--once")
        if minute == 30:
            mail("半路的信", "k9")
            send_sms(PHONE, "半路的短信", "reminder", "", system(), key="k9")
    assert titles(sandbox) == []
    assert sandbox.messages(PHONE) == []
    assert set(Mail.objects.values_list("state", flat=True)) == {"waiting"}
    sandbox.reset()
    _close_breakers()
    for _ in range(6):
        _queue_moves_on()
        call_command("worker", "--once")
    assert titles(sandbox) == ["信0", "信1", "信2", "信3", "半路的信"]
    texts = [each["text"] for each in reversed(sandbox.messages(PHONE))]
    assert texts == ["短信0", "短信1", "短信2", "短信3", "半路的短信"]
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
    assert set(Sms.objects.values_list("state", flat=True)) == {"sent"}


def _queue_moves_on() -> None:
    """The pauses between tries are over; breakers have had their rest."""
    _close_breakers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def test_a_message_whose_job_gave_up_goes_before_what_came_later(sandbox: Sandbox) -> None:
    first = mail("先", "a")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    second = mail("后", "b")
    deliver_mail(second.pk)
    assert titles(sandbox) == ["先", "后"]
    deliver_mail(first.pk)
    assert titles(sandbox) == ["先", "后"]


def test_a_message_whose_job_was_lost_is_asked_for_again(sandbox: Sandbox) -> None:
    mail("找回来", "a")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    Mail.objects.update(created_at=clock.now() - timedelta(hours=1))
    sweep()
    run_jobs()
    assert titles(sandbox) == ["找回来"]


def test_an_address_that_does_not_exist_ends_at_once_and_lets_the_next_pass(sandbox: Sandbox) -> None:
    lost = mail("错地址", "a", address="nobody@lz.example")
    deliver_mail(lost.pk)
    lost.refresh_from_db()
    assert lost.state == "failed"
    assert "550" in lost.answer


def test_a_message_that_nobody_wants_any_more_is_given_up(sandbox: Sandbox) -> None:
    old = mail("太久", "a")
    sandbox.behave("mail", "fail")
    with pytest.raises(NotNow):
        deliver_mail(old.pk)
    Mail.objects.update(created_at=clock.now() - GIVE_UP_AFTER)
    deliver_mail(old.pk)
    old.refresh_from_db()
    assert (old.state, old.text) == ("failed", None)


@pytest.mark.parametrize("channel", ["sms", "mail"])
def test_a_door_that_is_shut_to_us_keeps_the_message_and_raises_one_alarm_an_hour(
    sandbox: Sandbox, staff: Callable[..., Actor], channel: str
) -> None:
    keeper = staff("connectors.call.view")
    sandbox.behave(channel, "denied")
    if channel == "sms":
        from anju.workspace.jobs import deliver

        sms = send_sms(PHONE, "留着", "reminder", "", system())
        attempt = lambda: deliver(sms.pk)  # noqa: E731
    else:
        kept = mail("留着", "a")
        attempt = lambda: deliver_mail(kept.pk)  # noqa: E731
    for _ in range(2):
        with pytest.raises(Exception, match=r"未对你方开放|530"):
            attempt()
    assert Message.objects.filter(recipient_ref=keeper.ref, kind="alarm").count() == 1
    sandbox.reset()
    _close_breakers()
    attempt()
    assert len(titles(sandbox)) + len(sandbox.messages(PHONE)) == 1


@pytest.fixture
def caller(as_party: Callable[[Actor], None]) -> Iterator[Actor]:
    from anju.kernel.scope import Reach

    actor = Actor(
        kind="party", id=5, name="维修系统", org_path="/", division="339900",
        grants={"open.message.send": Reach.OWN, "open.message.view": Reach.DIVISION},
    )  # fmt: skip
    as_party(actor)
    return actor


@pytest.mark.covers("SH-004.5", "SH-004.8")
def test_an_outside_system_sends_a_message_that_leads_to_the_record(
    sandbox: Sandbox, staff: Callable[..., Actor], caller: Actor, anonymous: Any
) -> None:
    clerk = staff()
    set_contact(clerk.ref, email=ADDRESS)
    body = {
        "key": "R-1", "account": clerk.account, "title": "维修已派工", "text": "3 号楼电梯维修已派工",
        "link": "/cases/12", "subject": "case:12", "channels": ["email"],
    }  # fmt: skip
    first = anonymous.post("/open/messages", body).json()
    assert (first["created"], first["channels"]) == (True, ["in_app", "email"])
    assert anonymous.post("/open/messages", body).json()["created"] is False
    run_jobs()
    message = Message.objects.get(recipient_ref=clerk.ref)
    assert (message.title, message.link, message.subject) == ("维修已派工", "/cases/12", "case:12")
    assert "维修系统" in message.text
    assert titles(sandbox) == ["维修已派工"]
    state = anonymous.get("/open/messages/R-1/state").json()["channels"]
    assert [(each["channel"], each["state"]) for each in state] == [("in_app", "delivered"), ("email", "sent")]
    other = anonymous.post("/open/messages", {**body, "title": "另一条"})
    assert other.status_code == 409
    for wrong, field in (({"account": "nobody.here"}, "account"), ({"link": "javascript:alert(1)"}, "link")):
        answer = anonymous.post("/open/messages", {**body, "key": "R-2", **wrong})
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert Message.objects.count() == 1


@pytest.mark.covers("SH-004.6")
def test_an_outside_system_fetches_the_messages_within_its_reach(
    db: None, staff: Callable[..., Actor], caller: Actor, anonymous: Any
) -> None:
    clerk = staff()
    tell(clerk.ref, "open", {"title": "本市", "text": "x"}, key="a", division="339901")
    tell(clerk.ref, "open", {"title": "外市", "text": "x"}, key="b", division="110101")
    page = anonymous.get("/open/messages").json()
    assert [row["title"] for row in page["rows"]] == ["本市"]
    assert anonymous.get("/open/messages", after=page["rows"][0]["id"]).json()["rows"] == []
    assert anonymous.get("/open/messages", account="nobody.here").json()["rows"] == []


def test_settings_are_ones_own_checked_and_shown_masked(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    api = client_as(staff())
    kept = api.put(
        "/workspace/messages/settings",
        {"email": "zhoumin@lz.example", "phone": PHONE, "quiet_from": "22:00", "quiet_to": "07:00",
         "kinds": {"task_new": ["sms"]}},
    ).json()  # fmt: skip
    assert (kept["email"], kept["phone"]) == ("zh***@lz.example", "139****0031")
    assert next(k["channels"] for k in kept["kinds"] if k["key"] == "task_new") == ["in_app", "sms"]
    wrong = api.put("/workspace/messages/settings", {"email": "nonsense", "quiet_from": "22:00"})
    assert {e["field"] for e in wrong.json()["details"]["errors"]} == {"email", "quiet_to"}
    assert api.put("/workspace/messages/settings", {"kinds": {"nope": []}}).status_code == 422
    assert api.get("/workspace/messages/settings").json()["email"] == "zh***@lz.example"
