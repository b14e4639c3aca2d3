"""Registers of what was sent: text messages for tracing (SH-047.5), and messages inside the platform."""

from __future__ import annotations

from typing import Any

from anju.kernel.errors import DomainError
from anju.kernel.registers import (
    Choice,
    Column,
    DateBetween,
    Field,
    Register,
    Rights,
    Search,
    Section,
    Text,
    declare,
)
from anju.kernel.registers.subjects import subject_kind
from anju.kernel.scope import Actor, restrict
from anju.workspace.kinds import PLACE, kind_of
from anju.workspace.models import Mail, Message, OfficeNotice, Sms, Task, Template

subject_kind(
    "workspace.notice", "通知公告", rows=lambda actor: restrict(OfficeNotice.objects.all(), actor, "workspace.notice.view"),
    name="title", every=OfficeNotice.objects.all,
)  # fmt: skip


@declare
class SmsRegister(Register[Sms]):
    """Text messages, latest first. Codes are blotted out before they are stored here."""

    key, title, unit, group, icon = "workspace.sms", "短信", "条", "系统", "message-square"
    model = Sms
    rights = Rights("workspace.sms")
    columns = [
        Column("created_at", "提交时间", frozen=True),
        Column("phone_masked", "手机号"),
        Column("purpose", "用途", dictionary="sms_purpose"),
        Column("shown", "内容", width=420),
        Column("state", "状态", dictionary="sms_state"),
        Column("sent_at", "发送时间"),
        Column("tries", "尝试次数", hidden=True),
        Column("answer", "网关答复", hidden=True),
        Column("subject", "所属事项", subject=True, hidden=True),
        Column("idempotency_id", "网关防重编号", listed=False),
        Column("created_by", "操作人", subject=True, hidden=True),
    ]
    filters = [
        Choice("state", "状态", dictionary="sms_state"),
        Choice("purpose", "用途", dictionary="sms_purpose"),
        DateBetween("created_at", "提交时间"),
        Text("subject", "所属事项", primary=False, exact=True),
    ]
    search = Search(["shown", "phone_masked"], "搜内容或手机号后四位")
    order = "-created_at"
    can_create = can_change = can_delete = False
    heading = ("phone_masked", "shown")
    badges = ["state"]
    detail = [
        Section("短信", ["phone_masked", "purpose", "shown", "subject"]),
        Section("发送", ["state", "created_at", "sent_at", "tries", "answer", "idempotency_id", "created_by"]),
    ]


@declare
class MessageRegister(Register[Message]):
    """Messages on people's lists, latest first."""

    key, title, unit, group, icon = "workspace.messages", "站内消息", "条", "系统", "bell"
    model = Message
    rights = Rights("workspace.message", path="org_path", division="division", owner="recipient_ref")
    columns = [
        Column("created_at", "时间", frozen=True),
        Column("recipient_ref", "收件人"),
        Column("title", "标题"),
        Column("text", "内容", width=420),
        Column("kind", "种类", hidden=True),
        Column("subject", "所属事项", hidden=True),
        Column("read_at", "阅读时间"),
    ]
    filters = [DateBetween("created_at", "时间"), Text("recipient_ref", "收件人", exact=True)]
    search = Search(["title", "text"], "搜标题或内容")
    order = "-created_at"
    can_create = can_change = can_delete = False
    heading = ("title", "text")
    detail = [Section("消息", ["recipient_ref", "title", "text", "subject", "created_at", "read_at"])]


@declare
class MailRegister(Register[Mail]):
    """E-mails, latest first; the text is erased once it has gone."""

    key, title, unit, group, icon = "workspace.mails", "邮件", "封", "系统", "mail"
    model = Mail
    rights = Rights("workspace.mail")
    columns = [
        Column("created_at", "提交时间", frozen=True),
        Column("address_masked", "邮箱"),
        Column("kind", "种类", dictionary="message_kind"),
        Column("title", "主题", width=360),
        Column("state", "状态", dictionary="mail_state"),
        Column("sent_at", "发送时间"),
        Column("not_before", "最早发送", hidden=True),
        Column("tries", "尝试次数", hidden=True),
        Column("answer", "邮件系统答复", hidden=True),
        Column("subject", "所属事项", hidden=True),
    ]
    filters = [
        Choice("state", "状态", dictionary="mail_state"),
        Choice("kind", "种类", dictionary="message_kind"),
        DateBetween("created_at", "提交时间"),
    ]
    order = "-created_at"
    can_create = can_change = can_delete = False
    heading = ("address_masked", "title")
    badges = ["state"]
    detail = [
        Section("邮件", ["address_masked", "kind", "title", "subject"]),
        Section("发送", ["state", "created_at", "not_before", "sent_at", "tries", "answer"]),
    ]


@declare
class TemplateRegister(Register[Template]):
    """The words of each kind of message on each channel; what is not here speaks the product's own words."""

    key, title, unit, group, icon = "workspace.templates", "消息模板", "个", "系统", "message-square"
    model = Template
    rights = Rights("workspace.template")
    columns = [
        Column("kind", "种类", dictionary="message_kind", frozen=True),
        Column("channel", "渠道", dictionary="message_channel"),
        Column("title", "标题", width=240),
        Column("text", "内容", width=420),
        Column("updated_at", "修改时间"),
    ]
    filters = [
        Choice("kind", "种类", dictionary="message_kind"),
        Choice("channel", "渠道", dictionary="message_channel"),
    ]
    order = "kind"
    form = (
        Field("kind", "种类", "choice", required=True, dictionary="message_kind", fixed=True),
        Field("channel", "渠道", "choice", required=True, dictionary="message_channel", fixed=True),
        Field("title", "标题", required=True, max_length=100, hint="可用 {name} 这样的占位"),
        Field("text", "内容", "textarea", required=True, max_length=500),
    )
    heading = ("kind", "channel")
    open_names = True
    detail = [Section("模板", ["kind", "channel", "title", "text", "updated_at"])]

    def check(self, values: dict[str, Any], actor: Actor, old: Template | None) -> None:
        """Refuses a place that the kind does not fill."""
        kind = kind_of(values.get("kind") or (old.kind if old else ""))
        for key in ("title", "text"):
            unknown = sorted(set(PLACE.findall(values.get(key) or "")) - set(kind.offers))
            if unknown:
                offered = "、".join(f"{{{name}}} {title}" for name, title in kind.offers.items())
                raise DomainError(
                    f"“{kind.title}”没有 {{{unknown[0]}}} 这一项", code="template.unknown_place", field=key,
                    advice=f"可用的有：{offered}",
                )  # fmt: skip


@declare
class TaskRegister(Register[Task]):
    """Tasks of other origins within one's office, latest first; each is done on its own page."""

    key, title, unit, group, icon = "workspace.tasks", "任务记录", "项", "系统", "list-checks"
    model = Task
    rights = Rights("workspace.task")
    columns = [
        Column("created_at", "到达时间", frozen=True),
        Column("name", "任务名称", width=260),
        Column("source_title", "任务来源"),
        Column("assignee_name", "承办人"),
        Column("priority", "优先级", dictionary="task_priority"),
        Column("due_on", "截止时间"),
        Column("state", "状态", dictionary="task_state"),
        Column("result", "办理结果"),
        Column("done_name", "办理人", hidden=True),
        Column("done_at", "办理时间"),
        Column("requirement", "任务要求", hidden=True),
    ]
    filters = [
        Choice("state", "状态", dictionary="task_state"),
        Choice("priority", "优先级", dictionary="task_priority"),
        DateBetween("due_on", "截止时间"),
        DateBetween("done_at", "办理时间", primary=False),
    ]
    order = "-created_at"
    can_create = can_change = can_delete = False
    heading = ("name", "source_title")
    subjects = ("workspace.task", "task")
    badges = ["state"]
    detail = [
        Section("任务", ["name", "requirement", "source_title", "priority", "due_on", "created_at"]),
        Section("办理", ["assignee_name", "state", "result", "done_name", "done_at"]),
    ]
