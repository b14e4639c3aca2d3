"""Registers of what was sent: text messages for tracing (SH-047.5), and messages inside the platform."""

from __future__ import annotations

from anju.kernel.registers import Choice, Column, DateBetween, Register, Rights, Search, Section, Text, declare
from anju.workspace.models import Message, Sms


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
        Column("subject", "所属事项", hidden=True),
        Column("idempotency_id", "网关防重编号", listed=False),
        Column("created_by", "操作人", hidden=True),
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
