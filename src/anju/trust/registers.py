"""The registers of those who watch: the audit trail, calls of departments, certificates, devices and their records."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, Subquery

from anju.identity.models import Organisation
from anju.kernel.audit.models import AuditEntry
from anju.kernel.connectors import CONNECTORS
from anju.kernel.connectors.models import ConnectorCall
from anju.kernel.forms import provide
from anju.kernel.forms.dictionaries import Entry
from anju.kernel.jobs import start
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    DateBetween,
    Field,
    Register,
    Related,
    Rights,
    Search,
    Section,
    Text,
    declare,
)
from anju.kernel.registers.importing.services import reachable
from anju.kernel.registers.marked import MarkedSearch
from anju.kernel.registers.models import Import
from anju.kernel.registers.subjects import OfKind, subject_kind
from anju.kernel.reports.declaration import REPORTS
from anju.kernel.scope import Actor
from anju.trust import devices, retention
from anju.trust.certificates import binding
from anju.trust.models import Device, DeviceRecord, RetentionRule, RetentionRun, UserCertificate

GROUP = "密码与信任"


def report_title(key: str) -> str:
    """The title of a report that an entry names."""
    return REPORTS[key].title if key in REPORTS else key


# what entries are about that no register lists
for mark, words in {
    "audit.trail": "审计链", "audit.seal": "审计封印", "calendar.day": "工作日历", "calendar.clock": "系统时钟",
    "document": "文书", "trust.keys": "密钥", "trust.rights": "权限数据签名", "trust.integrity": "数据完整性核验",
}.items():  # fmt: skip
    subject_kind(mark, words)
# which alarm it was, its sentence says
subject_kind("alarm", "告警", words=lambda rest: "")
subject_kind("report", "报表", words=report_title)
subject_kind("import", "导入", rows=reachable, name="file_name", every=Import.objects.all, unit="次")
# who acts without an account of one's own
for mark, words in {"system": "系统", "anonymous": "未登录", "applicant": "账号申请人"}.items():
    subject_kind(mark, words, words=lambda rest: "", acts=True)


def interfaces() -> list[Entry]:
    """The outside interfaces by name, with the department that answers."""
    found = [Entry(key, f"{each.title}（{each.department}）") for key, each in CONNECTORS.items()]
    return sorted(found, key=lambda entry: entry.title)


provide("connector", interfaces)

# where an act was done from: the office that has the path today
OFFICE = Subquery(Organisation.objects.filter(path=OuterRef("org_path")).values("name")[:1])


@declare
class AuditRegister(Register[AuditEntry]):
    """The audit trail: who did what, when, from where (NF-05.3)."""

    key, title, unit, group, icon = "audit.entries", "审计记录", "条", "统计与监督", "shield-check"
    model = AuditEntry
    rights = Rights("audit.entry", owner="actor")
    columns = (
        Column("at", frozen=True, width=160),
        Column("actor_name", frozen=True, width=110),
        Column("action", dictionary="audit_action", width=110),
        Column("title", width=280),
        Column("subject", subject=True, width=260),
        Column("address", width=140),
        Column("office", "机构", type="text", expression=OFFICE, width=200, hidden=True),
        Column("actor", "操作账号", subject=True, width=220, hidden=True),
    )
    filters = (
        Choice("action", dictionary="audit_action"),
        OfKind("kind", "对象类别"),
        DateBetween("at"),
        Text("actor_name"),
        Text("subject", "对象标识", primary=False),
    )
    search = MarkedSearch(
        ["actor_name"],
        "人员、对象名称或编号",
        marks={"subject": (), "actor": ("staff", "resident", "party")},
    )
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("title", "subject")
    detail = (
        Section("记录", ["at", "action", "title", "subject"]),
        Section("操作人", ["actor_name", "office", "actor", "address"]),
    )


@declare
class CallRegister(Register[ConnectorCall]):
    """Calls of outside departments, latest first: what for, how long it took, how it ended. No personal data."""

    key, title, unit, group, icon = "connectors.calls", "接口日志", "次", "统计与监督", "plug"
    model = ConnectorCall
    rights = Rights("connectors.call", path="connector", division="connector", owner="actor")
    columns = (
        Column("asked_at", frozen=True, width=160),
        Column("connector", dictionary="connector", width=240),
        Column("result", dictionary="call_result", width=110),
        Column("duration_ms", width=110),
        Column("tries", width=90),
        Column("error", width=320),
        Column("subject", subject=True, width=200),
        Column("actor", subject=True, width=180, hidden=True),
        Column("call_id", width=200, hidden=True),
    )
    filters = (
        Choice("result", dictionary="call_result"),
        Choice("connector", dictionary="connector"),
        DateBetween("asked_at"),
        Text("subject", primary=False, exact=True),
    )
    search = Search(["subject", "connector"], "事由、接口标识")
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("connector", "call_id")
    badges = ("result",)
    detail = (
        Section("调用", ["connector", "subject", "actor", "asked_at", "call_id"]),
        Section("结果", ["result", "duration_ms", "tries", "error"]),
    )


def revoke(actor: Actor, row: UserCertificate, values: dict[str, Any]) -> str:
    """Ends a certificate."""
    binding.revoke(actor=actor, certificate=row, reason=values["reason"])
    return "证书已吊销，该账号的会话已结束"


@declare
class CertificateRegister(Register[UserCertificate]):
    """User certificates and the accounts they are bound to (SH-233.1)."""

    key, title, unit, group, icon = "trust.certificates", "用户证书", "张", GROUP, "badge-check"
    model = UserCertificate
    rights = Rights("trust.certificate")
    columns = (
        Column("account_name", frozen=True, width=130),
        Column("holder", width=180),
        Column("serial", width=260),
        Column("issuer", width=260),
        Column("not_before", width=160),
        Column("not_after", width=160),
        Column("revoked_at", width=160),
        Column("reason", width=200, hidden=True),
        Column("fingerprint", width=300, hidden=True),
    )
    filters = (Text("account_name", exact=True), Text("serial", exact=True), DateBetween("not_after"))
    search = Search(["account_name", "holder", "serial"], "账号、持有人、序列号")
    order = "-id"
    can_create = can_change = can_delete = False
    actions = (
        Action(
            "revoke", "吊销", revoke, right="revoke", tone="danger",
            fields=(Field("reason", "吊销原因", required=True, max_length=200),),
            confirm="吊销后不能恢复，持有人立即退出登录，确定吊销吗？",
            when=Q(revoked_at=None),
        ),
    )  # fmt: skip
    heading = ("holder", "account_name")
    detail = (
        Section("证书", ["account_name", "holder", "serial", "issuer", "fingerprint"]),
        Section("效力", ["not_before", "not_after", "revoked_at", "reason"]),
    )


def check_device(actor: Actor, row: Device, values: dict[str, Any]) -> str:
    """Checks the records of a device."""
    told = devices.check(actor, row)
    return f"核验不通过：{told}" if told else f"{row.last_number} 条记录完整"


@declare
class DeviceRegister(Register[Device]):
    """Servers and virtual machines whose logs and access-control data are kept (SH-233.3, SH-234.3)."""

    key, title, unit, group, icon = "trust.devices", "设备", "台", GROUP, "boxes"
    model = Device
    rights = Rights("trust.device")
    columns = (
        Column("code", frozen=True, width=130),
        Column("name", frozen=True, width=200),
        Column("kind", dictionary="device_kind", width=160),
        Column("serves", dictionary="device_serves", width=120),
        Column("address", width=150),
        Column("last_number", "记录数", width=100),
        Column("checked_at", width=160),
        Column("finding", width=260),
    )
    filters = (Choice("kind", dictionary="device_kind"), Choice("serves", dictionary="device_serves"))
    search = Search(["code", "name"], "设备编号、名称")
    order = "code"
    form = (
        Field(
            "code",
            "设备编号",
            required=True,
            max_length=40,
            fixed=True,
            pattern=r"[A-Za-z0-9_.-]{2,40}",
            hint="字母、数字和 . _ -",
        ),
        Field("name", "设备名称", required=True, max_length=100),
        Field("kind", "类别", "choice", required=True, dictionary="device_kind"),
        Field("serves", "承载功能", "choice", required=True, dictionary="device_serves"),
        Field("address", "网络地址", max_length=64),
    )
    can_delete = False
    actions = (Action("check", "核验记录", check_device, right="check", batch=True),)
    heading = ("name", "code")
    open_names = True
    subjects = ("trust.device",)
    badges = ("kind",)
    detail = (Section("设备", ["code", "name", "kind", "serves", "address", "last_number", "checked_at", "finding"]),)
    related = (Related("records", "日志与访问控制信息", "trust.device_records", "device"),)

    def fill(self, row: Device, actor: Actor) -> None:
        row.org_path, row.division = row.org_path if row.pk else actor.org_path or "/", row.division or actor.division


@declare
class DeviceRecordRegister(Register[DeviceRecord]):
    """The records of devices: logs and access-control data, each with its integrity value."""

    key, title, unit, group, icon = "trust.device_records", "设备记录", "条", GROUP, "scroll-text"
    model = DeviceRecord
    rights = Rights("trust.device", path="device__org_path", division="device__division", owner="device__created_by")
    columns = (
        Column("device.name", "设备", frozen=True, width=180),
        Column("number", width=90),
        Column("kind", dictionary="device_record_kind", width=120),
        Column("at", width=170),
        Column("text", width=520),
        Column("received_at", width=170, hidden=True),
    )
    filters = (
        Choice("device", register="trust.devices"),
        Choice("kind", dictionary="device_record_kind"),
        DateBetween("at"),
    )
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("text", "device.name")
    detail = (Section("记录", ["device.name", "number", "kind", "at", "text", "received_at"]),)


def preview_rule(actor: Actor, row: RetentionRule, values: dict[str, Any]) -> str:
    """What a run would do now."""
    made = retention.preview(actor, row)
    return f"到期 {made.rows} 条将{row.get_ending_display()}，因决定所依据而保留 {made.held} 条；尚未改动"


def run_rule(actor: Actor, row: RetentionRule, values: dict[str, Any]) -> str:
    """Runs a rule in the background."""
    start("trust.retention", actor, title=f"到期数据处理：{row.title}", rule=row.pk)
    return "已开始，进度见右上角后台任务"


@declare
class RetentionRegister(Register[RetentionRule]):
    """How long data of each kind are kept, and what happens then (NF-05.4)."""

    key, title, unit, group, icon = "trust.retention", "保存期限", "条", GROUP, "calendar-clock"
    model = RetentionRule
    rights = Rights("trust.retention", path="kind", division="kind")
    columns = (
        Column("title", frozen=True, width=180),
        Column("kind", width=140, hidden=True),
        Column("ending", dictionary="retention_ending", width=110),
        Column("months", unit="月", width=110),
        Column("least_months", unit="月", width=120),
        Column("active", width=80),
        Column("last_run_at", width=160),
        Column("last_rows", width=130),
        Column("basis", width=420),
    )
    filters = (Choice("ending", dictionary="retention_ending"),)
    order = "-id"
    form = (
        Field("months", "保存月数", "integer", required=True, min=1, max=1200),
        Field("active", "启用", "boolean", default=False),
        Field("basis", "依据", max_length=200),
    )
    can_create = can_delete = False
    actions = (
        Action("preview", "预演", preview_rule, right="run"),
        Action(
            "run", "立即执行", run_rule, right="run", tone="danger",
            confirm="到期数据将被清除或匿名化，不能恢复。已先预演并确认吗？",
        ),
    )  # fmt: skip
    heading = ("title", "kind")
    open_names = True
    badges = ("ending",)
    detail = (
        Section("规则", ["title", "ending", "months", "least_months", "active", "basis", "last_run_at", "last_rows"]),
    )
    related = (Related("runs", "执行记录", "trust.retention_runs", "rule"),)


@declare
class RetentionRunRegister(Register[RetentionRun]):
    """What was previewed and done."""

    key, title, unit, group, icon = "trust.retention_runs", "到期处理记录", "次", GROUP, "clipboard-list"
    model = RetentionRun
    rights = Rights("trust.retention", path="rule__kind", division="rule__kind", owner="actor")
    columns = (
        Column("rule.title", "规则", frozen=True, width=180),
        Column("at", width=160),
        Column("preview", width=80),
        Column("before", width=160),
        Column("rows", width=110),
        Column("held", width=170),
        Column("actor", subject=True, width=180),
    )
    filters = (Choice("rule", register="trust.retention"), DateBetween("at"))
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("rule.title", "actor")
    detail = (Section("执行", ["rule.title", "at", "preview", "before", "rows", "held", "actor"]),)
