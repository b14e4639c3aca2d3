"""Kinds of messages: what each offers to its templates, which channels it takes by default, and its first words.

A context declares its own kinds with `declare_kind`; a city changes the words in the register of templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from anju.kernel.errors import NotFound
from anju.workspace.models import Channel, Template

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """A title and a text with `{places}`."""

    title: str
    text: str

    def filled(self, values: Mapping[str, str]) -> Words:
        """The words with every place filled; a place without a value becomes a dash."""
        return Words(_fill(self.title, values), _fill(self.text, values))


@dataclass(frozen=True)
class Kind:
    """One kind of message. `urgent` ones do not wait for the end of quiet hours; the person's own list always has it."""

    key: str
    title: str
    offers: Mapping[str, str]
    channels: tuple[str, ...]
    words: Words
    short: str
    urgent: bool = False

    def default(self, channel: str) -> Words:
        """The words that ship with the product."""
        return Words(self.words.title, self.short) if channel == Channel.SMS else self.words


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: values.get(place[1]) or "—", text)


KINDS: dict[str, Kind] = {}


def declare_kind(kind: Kind) -> Kind:
    """Makes a kind of message known."""
    KINDS[kind.key] = kind
    return kind


def kind_of(key: str) -> Kind:
    """A kind by key, or `NotFound`."""
    if key not in KINDS:
        raise NotFound("没有这种消息", code="message.unknown_kind", field="kind")
    return KINDS[key]


def words_for(kind: Kind, channel: str) -> Words:
    """The city's template for the channel, or the words that ship with the product."""
    row = Template.objects.filter(kind=kind.key, channel=channel).first()
    return Words(row.title, row.text) if row else kind.default(channel)


TASK = {"name": "任务名称", "due": "截止时间", "requirement": "办理要求", "source": "任务来源"}

TASK_NEW = declare_kind(
    Kind(
        "task_new", "任务提醒", TASK, (Channel.IN_APP, Channel.EMAIL),
        Words("待办：{name}", "你有一项新的待办。\n任务：{name}\n来源：{source}\n截止：{due}\n要求：{requirement}"),
        "待办：{name}，截止 {due}。",
    )
)  # fmt: skip
TASK_OVERDUE = declare_kind(
    Kind(
        "task_overdue", "逾期提醒", TASK, (Channel.IN_APP, Channel.EMAIL),
        Words("已逾期：{name}", "任务已过截止时间，还没有办理。\n任务：{name}\n截止：{due}\n要求：{requirement}"),
        "任务已逾期：{name}，原截止 {due}，请尽快办理。",
    )
)  # fmt: skip
NOTICE = declare_kind(
    Kind(
        "notice", "通知公告", {"title": "公告标题", "kind": "公告种类"}, (Channel.IN_APP,),
        Words("{kind}：{title}", "发布了新的{kind}：{title}。"), "{kind}：{title}",
    )
)  # fmt: skip
OPEN = declare_kind(
    Kind(
        "open", "外部系统消息", {"title": "标题", "text": "内容", "source": "来源系统"}, (Channel.IN_APP,),
        Words("{title}", "{text}\n来源：{source}"), "{source}：{title}",
    )
)  # fmt: skip
ALARM = declare_kind(
    Kind(
        "alarm", "运行告警", {"title": "标题", "text": "内容"}, (Channel.IN_APP,),
        Words("告警：{title}", "{text}"), "告警：{title}", urgent=True,
    )
)  # fmt: skip
