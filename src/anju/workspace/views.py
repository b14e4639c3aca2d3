"""The eight work views (SH-001) and the cards that the workspace itself offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.cases.lists import open_counts, trend
from anju.kernel.cases.models import OPEN_STATES, Case
from anju.kernel.cases.types import all_types
from anju.kernel.connectors.models import ConnectorCall
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor, reach_filter, restrict
from anju.workspace.cards import Card, Entrance, View, declare_card, declare_view, figure, figures
from anju.workspace.models import Mail, MailState, Sms, SmsState
from anju.workspace.notices import notice_page
from anju.workspace.services import message_page
from anju.workspace.statistics import own_statistics
from anju.workspace.tasks import Asked, summary, task_page

CASES = "cases.case.view"
AT_ONCE = 10


def case_reach(actor: Actor) -> Q:
    """The cases within a person's reach, each kind by its own right."""
    within = Q(pk__in=())
    for kind in all_types():
        reach = reach_filter(actor, kind.view_right)
        if reach is not None:
            within |= Q(type_key=kind.key) & reach
    return within


@figure("arrived", "今日新受理", right=CASES, order=10)
def arrived(actor: Actor) -> dict[str, Any]:
    """Cases that came in today, against yesterday."""
    today = clock.start_of(clock.today())
    rows = Case.objects.filter(case_reach(actor)).exclude(state="deleted")
    now = rows.filter(submitted_at__gte=today).count()
    before = rows.filter(submitted_at__gte=today - timedelta(days=1), submitted_at__lt=today).count()
    return {"value": now, "unit": "件", "note": f"较昨日 {now - before:+d}", "link": "/registers/cases.cases"}


@figure("open", "在办案件", right=CASES, order=20)
def in_hand(actor: Actor) -> dict[str, Any]:
    """Cases not yet closed; those that wait for the person himself as a note."""
    count = Case.objects.filter(case_reach(actor), state__in=OPEN_STATES).count()
    mine = sum(node["count"] for node in open_counts(actor))
    return {"value": count, "unit": "件", "note": f"其中待我办 {mine}", "link": "/registers/cases.cases"}


@figure("late", "超时限案件", right=CASES, order=30)
def late(actor: Actor) -> dict[str, Any]:
    """Open cases past the deadline of the whole matter; a step that is late is a task (逾期任务), told in the head."""
    count = Case.objects.filter(case_reach(actor), state__in=OPEN_STATES, due_on__lt=clock.today()).count()
    return {
        "value": count,
        "unit": "件",
        "note": "整件超过办理期限",
        "tone": "bad" if count else "",
        "link": "/cases/countdown",
    }


@figure("calls_failed", "接口异常", right="connectors.call.view", order=60)
def calls_failed(actor: Actor) -> dict[str, Any]:
    """Calls of outside systems that failed in the last hour."""
    failed = ConnectorCall.objects.filter(asked_at__gte=clock.now() - timedelta(hours=1)).exclude(result="ok").count()
    return {
        "value": failed, "unit": "次", "note": "近一小时", "tone": "bad" if failed else "",
        "link": "/registers/connectors.calls",
    }  # fmt: skip


@figure("undelivered", "未送达消息", right="workspace.mail.view", order=70)
def undelivered(actor: Actor) -> dict[str, Any]:
    """Text messages and e-mails that have not left yet."""
    sms = restrict(Sms.objects.filter(state=SmsState.WAITING), actor, "workspace.sms.view").count()
    mail = restrict(Mail.objects.filter(state=MailState.WAITING), actor, "workspace.mail.view").count()
    return {"value": sms + mail, "unit": "条", "note": f"短信 {sms}，邮件 {mail}", "link": "/registers/workspace.mails"}


@figure("acts", "今日操作", right="audit.entry.view", order=40)
def acts(actor: Actor) -> dict[str, Any]:
    """Entries of the audit trail of today."""
    rows = AuditEntry.objects.filter(at__gte=clock.start_of(clock.today()))
    failed = rows.filter(action="sign_in_failed").count()
    return {
        "value": rows.count(), "unit": "条", "note": f"登录失败 {failed}", "link": "/registers/audit.entries",
    }  # fmt: skip


def todo_card(actor: Actor) -> dict[str, Any]:
    """The first of the to-do list with its counts."""
    return {"rows": task_page(actor, Asked(limit=AT_ONCE))["rows"], "counts": summary(actor)}


def steps_card(actor: Actor) -> dict[str, Any]:
    """How much waits at each step, the late part told apart."""
    return {"rows": open_counts(actor)}


def messages_card(actor: Actor) -> dict[str, Any]:
    """The latest messages."""
    page = message_page(actor.ref)
    return {"rows": page["rows"][:5], "unread": page["unread"]}


def notices_card(actor: Actor) -> dict[str, Any]:
    """The latest notices meant for the person."""
    page = notice_page(actor)
    return {"rows": page["rows"][:5], "unread": page["unread"]}


def trend_card(actor: Actor) -> dict[str, Any]:
    """What arrived and what was closed on each of the last days."""
    return {"days": trend(actor)}


def links_card(actor: Actor) -> dict[str, Any]:
    """The entrances of the view: the page has them already."""
    return {}


def efficiency_card(actor: Actor) -> dict[str, Any]:
    """One's own tasks of the last 30 days."""
    return own_statistics(actor, None, None)


def districts_card(actor: Actor) -> dict[str, Any]:
    """Open cases by district within reach, the late part told apart."""
    rows = (
        Case.objects.filter(case_reach(actor), state__in=OPEN_STATES)
        .values("division")
        .annotate(count=Count("id"), late=Count("id", filter=Q(due_on__lt=clock.today())))
        .order_by("-count", "division")
    )
    titles = dictionary("division")
    return {
        "rows": [
            {"key": r["division"], "title": titles.title(r["division"], r["division"]), "count": r["count"], "late": r["late"]}
            for r in rows[:20]
        ]
    }  # fmt: skip


for card in (
    Card("figures", "业务数据", "figures", figures, width=12),
    Card("todo", "我的待办", "todo", todo_card, width=8),
    Card("entrances", "快捷入口", "links", links_card, width=4),
    Card("notices", "通知公告", "notices", notices_card, width=4),
    Card("messages", "消息", "messages", messages_card, width=4),
    Card("steps", "各环节待办", "steps", steps_card, width=4),
    Card("trend", "办理趋势", "trend", trend_card, right=CASES, width=8),
    Card("districts", "各区在办案件", "steps", districts_card, right=CASES, width=4),
    Card("efficiency", "我的办理效率", "efficiency", efficiency_card, width=4),
):
    declare_card(card)

BASE = ("figures", "todo", "entrances", "trend", "notices", "messages")
NOTICE_VIEW, UNITS, REPORTS = "workspace.notice.view", "supply.unit.view", "reports.view"
for view in (
    View(
        "city", "市级工作视图", "workspace.view.city",
        (
            Entrance("政策制定与发布", "scroll-text", "/notices/manage?kind=policy", NOTICE_VIEW),
            Entrance("房源统筹管理", "building-2", "/registers/supply.units", UNITS),
            Entrance("监督与考核", "bar-chart-3", "/reports", REPORTS),
            Entrance("运行态势", "maximize-2", "/screen", "workspace.screen.view"),
            Entrance("复审", "file-search", "/cases/todo?node=second_review", "cases.public_rental.second_review"),
        ),
        ("figures", "todo", "entrances", "trend", "districts", "notices"),
    ),
    View(
        "district", "区级工作视图", "workspace.view.district",
        (
            Entrance("申请受理", "inbox", "/registers/cases.cases", CASES),
            Entrance("审核", "clipboard-check", "/tasks", CASES),
            Entrance("房源分配与管理", "grid-3x3", "/board", UNITS),
            Entrance("政策执行", "scroll-text", "/notices?kind=policy", CASES),
            Entrance("本区统计", "bar-chart-3", "/reports", REPORTS),
        ),
        BASE,
    ),
    View(
        "street", "街道工作视图", "workspace.view.street",
        (
            Entrance("申请受理", "inbox", "/registers/cases.cases", CASES),
            Entrance("我的任务", "list-checks", "/tasks", "workspace.view.street"),
        ),
        BASE,
    ),
    View(
        "operator", "运营公司工作视图", "workspace.view.operator",
        (
            Entrance("申请资料核验", "file-search", "/cases/todo?node=accept", "cases.public_rental.accept"),
            Entrance("公租网签合同备案", "file-signature", "/registers/tenancy.contracts", "tenancy.contract.view"),
            Entrance("房态图", "grid-3x3", "/board", UNITS),
            Entrance("配租批次", "layers", "/waiting/batches", "waiting.batch.view"),
        ),
        BASE,
    ),
    View(
        "property", "物业工作视图", "workspace.view.property",
        (
            Entrance("房态图", "grid-3x3", "/board", UNITS),
            Entrance("房源", "door-open", "/registers/supply.units", UNITS),
        ),
        ("figures", "todo", "entrances", "notices", "messages"),
    ),
    View(
        "fund", "公积金中心工作视图", "workspace.view.fund",
        (
            Entrance("我的任务", "list-checks", "/tasks", "workspace.view.fund"),
            Entrance("统计分析", "bar-chart-3", "/reports", REPORTS),
        ),
        ("figures", "todo", "entrances", "notices", "messages"),
    ),
    View(
        "administrator", "管理员工作视图", "workspace.view.administrator",
        (
            Entrance("账号", "users", "/registers/identity.accounts", "identity.account.view"),
            Entrance("组织机构", "network", "/registers/identity.organisations", "identity.organisation.view"),
            Entrance("通知公告", "megaphone", "/notices/manage", NOTICE_VIEW),
            Entrance("消息模板", "message-square", "/registers/workspace.templates", "workspace.template.view"),
            Entrance("接口日志", "plug", "/registers/connectors.calls", "connectors.call.view"),
        ),
        ("figures", "todo", "entrances", "messages", "notices"),
    ),
    View(
        "auditor", "审计工作视图", "workspace.view.auditor",
        (
            Entrance("审计记录", "shield-check", "/registers/audit.entries", "audit.entry.view"),
            Entrance("接口日志", "plug", "/registers/connectors.calls", "connectors.call.view"),
        ),
        ("figures", "todo", "entrances", "notices"),
    ),
    View(
        "personal", "个人", "",
        (
            Entrance("任务中心", "list-checks", "/tasks", ""),
            Entrance("消息中心", "bell", "/messages", ""),
            Entrance("通知公告", "newspaper", "/notices", ""),
            Entrance("应用中心", "grid-3x3", "/applications", ""),
        ),
        ("todo", "entrances", "efficiency", "messages", "notices"),
    ),
):  # fmt: skip
    declare_view(view)
