"""What the demonstration city has at its desks: applications in the centre, notices, tasks, and addresses for mail."""

from __future__ import annotations

from datetime import timedelta

from anju.identity.applications import from_menu
from anju.identity.models import Account, Application, ApplicationState, MenuItem
from anju.identity.sessions import staff_actor
from anju.kernel import clock
from anju.kernel.scope import system
from anju.workspace.contacts import set_contact
from anju.workspace.notices import Draft, publish, write
from anju.workspace.tasking import Wanted, bring

OFFICE_SYSTEM = "协同办公系统"
NOTICES = (
    Draft("system", "系统定于本周六 22:00 至 24:00 升级", "<p>升级期间请勿办理业务，已填写的内容会自动保存为草稿。</p>"),
    Draft(
        "business", "公租房初审期限口径说明（第 3 版）",
        "<h3>一、期限</h3><p>受理 5 个工作日，初审 10 个工作日。</p>"
        "<h3>二、起算</h3><ul><li>补件期间不计入办理期限</li><li>退回后重新起算</li></ul>",
        roles=("district_reviewer", "district_approver"),
    ),
    Draft("policy", "关于四季度公租房集中供应的通知", "<p>请各区于月底前完成房源确认，名单报市中心备案。</p>"),
)  # fmt: skip
TASKS = (
    ("会签：公租房租金标准调整方案", "三日内会签并反馈意见", 3, 2, False),
    ("核对三季度租金台账", "逐户核对后反馈差异", 5, 3, False),
    ("阅：保障性住房政策汇编", "阅知", 10, 4, True),
)


def seed_workspace() -> None:
    """Adds it; the accounts and the menu must be there."""
    publisher = Account.objects.filter(username="gaoyuan").first()
    actor = staff_actor(publisher.pk) if publisher else None
    if actor is None:
        return
    for draft in NOTICES:
        publish(write(draft, actor).pk, actor)
    pages = MenuItem.objects.exclude(path="").filter(application__isnull=True).select_related("parent")
    for item in pages.order_by("id"):
        made = from_menu(item, actor)
        Application.objects.filter(pk=made.pk).update(
            state=ApplicationState.PUBLISHED,
            system="住房保障平台",
            position=(item.parent.position if item.parent else 0) + item.position,
        )
    for account in Account.objects.order_by("id"):
        set_contact(f"staff:{account.pk}", email=f"{account.username}@housing.example")
    for at, (name, requirement, days, priority, batch) in enumerate(TASKS, start=1):
        for username in ("zhoumin", "fangting", "gaoyuan"):
            wanted = Wanted(
                f"OA-{at}-{username}", name, requirement, username, priority, clock.today() + timedelta(days=days),
                batch=batch,
            )  # fmt: skip
            bring(wanted, source="office_automation", source_title=OFFICE_SYSTEM, actor=system(OFFICE_SYSTEM))
