"""预告: advance notices on their way from the company through district and city to the public (SH-182).

An act moves a notice one step and leaves opinion and author on record; a return goes one step back, to be mended there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.errors import Conflict
from anju.kernel.registers import record_history
from anju.kernel.scope import Actor
from anju.supply.models import AdvanceNotice, NoticeState
from anju.supply.scene import tell_notice

REGISTER = "supply.notices"


@dataclass(frozen=True)
class Step:
    """An act on a notice: from which state to which, and who does it (`supply.notice.<right>`)."""

    title: str
    right: str
    before: NoticeState
    after: NoticeState
    moments: tuple[str, ...] = field(default=())


STEPS = {
    "submit": Step("提交", "submit", NoticeState.DRAFT, NoticeState.DISTRICT),
    "pass": Step("审核通过", "review", NoticeState.DISTRICT, NoticeState.CITY),
    "return": Step("退回企业", "review", NoticeState.DISTRICT, NoticeState.DRAFT),
    "approve": Step("审核发布", "approve", NoticeState.CITY, NoticeState.PUBLISHED, ("published_at",)),
    "return_city": Step("退回区级", "approve", NoticeState.CITY, NoticeState.DISTRICT),
    "take_down": Step("置为无效", "approve", NoticeState.PUBLISHED, NoticeState.INVALID, ("ended_at",)),
}


class NotNow(Conflict):
    """The notice is not at the step that the act belongs to."""

    code, advice = "supply.notice_moved", "请刷新后查看它现在的状态"


@transaction.atomic
def act(*, actor: Actor, notice: AdvanceNotice, step: str, opinion: str = "") -> AdvanceNotice:
    """Moves a notice, whose row the caller has locked. Raises `NotNow`."""
    taken = STEPS[step]
    state = NoticeState(notice.state)
    if state != taken.before:
        raise NotNow(f"预告现在是“{state.label}”，不能{taken.title}", details={"state": state})
    moments: dict[str, datetime] = dict.fromkeys(taken.moments, clock.now())
    changes: dict[str, Any] = {"state": taken.after, "opinion": opinion, **moments}
    for key, value in changes.items():
        setattr(notice, key, value)
    notice.version += 1
    notice.save(update_fields=[*changes, "version", "updated_at"])
    record_history(
        REGISTER, notice.pk, actor=actor, action=taken.title, old={"state": state.label},
        new={"state": taken.after.label}, note=opinion,
    )  # fmt: skip
    audit.record("act", actor=actor, subject=f"{REGISTER}:{notice.pk}", title=f"预告 {notice.number} {taken.title}")
    if notice.published_at is not None:
        tell_notice(notice.pk)
    return notice
