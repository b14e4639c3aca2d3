"""The outside systems of the workspace: text messages, tasks of the office system, door events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from anju.kernel.connectors import Connector
from anju.kernel.errors import FieldError

MOBILE = re.compile(r"1[3-9]\d{9}")
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class SmsMessage:
    """A message; `message_id` (at most 64 characters) is unique to it, so that a repeat is delivered once.

    `sign` is the sender shown before the text, such as `澜州住房保障`.
    """

    message_id: str
    to: str
    text: str
    sign: str = "澜州住房保障"


@dataclass(frozen=True)
class SmsReceipt:
    """The gateway has taken the message."""

    message_id: str
    gateway_id: str
    accepted_at: datetime


class SmsGateway(Connector[SmsMessage, SmsReceipt]):
    """Hands one message to the gateway."""

    key, title, department = "sms", "短信发送", "政务短信平台"
    interface = "sms.send"

    def check(self, request: SmsMessage) -> Iterable[FieldError]:
        """The format of a message."""
        if not MOBILE.fullmatch(request.to):
            yield FieldError("to", "phone", "手机号码应为 11 位，以 1 开头")
        if not 1 <= len(request.text.strip()) <= LONGEST:
            yield FieldError("text", "sms.text", f"短信内容须有 1 到 {LONGEST} 个字")
        if not 1 <= len(request.message_id) <= 64:
            yield FieldError("message_id", "sms.message_id", "短信编号须有 1 到 64 个字符")


@dataclass(frozen=True, kw_only=True)
class PushedTask:
    """A to-do or its end (`state`); `push_id` is unique to it, so that a repeat is kept once."""

    push_id: str
    task_ref: str
    name: str
    requirement: str
    source: str
    assignee: str
    priority: int
    due_on: str | None
    link: str
    state: str
    result: str


@dataclass(frozen=True)
class PushReceipt:
    """The office system has kept it."""

    push_id: str
    first: bool


class TaskPusher(Connector[PushedTask, PushReceipt]):
    """Tells the office system of a to-do (SH-003.7)."""

    key, title, department = "task_push", "待办推送", "协同办公系统"
    interface = "office_automation.push"


@dataclass(frozen=True, kw_only=True)
class FetchAsked:
    """Asks for tasks, and says which of those offered before were taken, and which could not be."""

    taken: list[str]
    refused: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class OfferedTask:
    """A task that the office system has for somebody here; `assignee` is his account."""

    key: str
    name: str
    requirement: str
    assignee: str
    priority: int = 3
    due_on: date | None = None
    link: str = ""


@dataclass(frozen=True)
class Offered:
    """The tasks on offer."""

    tasks: list[OfferedTask]


class TaskFetch(Connector[FetchAsked, Offered]):
    """Fetches tasks from the office system (SH-003.8)."""

    key, title, department = "task_fetch", "任务获取", "协同办公系统"
    interface = "office_automation.offer"


@dataclass(frozen=True)
class DoorsAsked:
    """Asks for door events after the one with this number."""

    after: str


@dataclass(frozen=True, kw_only=True)
class DoorSeen:
    """One passage or refusal at a door; the name comes masked."""

    key: str
    at: datetime
    place: str
    division: str
    person: str
    way: str
    passed: bool


@dataclass(frozen=True)
class DoorsSeen:
    """Door events, oldest first."""

    events: list[DoorSeen]


class DoorFetch(Connector[DoorsAsked, DoorsSeen]):
    """Fetches door events from the platform of the access-control devices (PR-02.3)."""

    key, title, department = "doors", "门禁记录", "门禁设备平台"
    interface = "doors.events"
    tries = 1
