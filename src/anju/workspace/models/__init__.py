"""Tables of the workspace: one file an aggregate."""

from anju.workspace.models.desks import Layout, PersonalSet
from anju.workspace.models.doors import DoorEvent, DoorWay
from anju.workspace.models.mail import Channel, Contact, Mail, MailState, Preference, SeenStep, Template
from anju.workspace.models.messages import Message, Sms, SmsState
from anju.workspace.models.notices import NoticeKind, NoticeRead, OfficeNotice
from anju.workspace.models.screen import ScreenEstate
from anju.workspace.models.tasks import (
    FinishedDay,
    FinishedMonth,
    FinishedSpan,
    FinishedTask,
    FinishedUntil,
    FinishedYear,
    Priority,
    Task,
    TaskCopy,
    TaskPush,
    TaskState,
)

__all__ = [
    "Channel",
    "Contact",
    "DoorEvent",
    "DoorWay",
    "FinishedDay",
    "FinishedMonth",
    "FinishedSpan",
    "FinishedTask",
    "FinishedUntil",
    "FinishedYear",
    "Layout",
    "Mail",
    "MailState",
    "Message",
    "NoticeKind",
    "NoticeRead",
    "OfficeNotice",
    "PersonalSet",
    "Preference",
    "Priority",
    "ScreenEstate",
    "SeenStep",
    "Sms",
    "SmsState",
    "Task",
    "TaskCopy",
    "TaskPush",
    "TaskState",
    "Template",
]
