"""通用意见: the standard opinions that may be chosen at a step (SH-170.6)."""

from __future__ import annotations

from django.db.models import QuerySet

from anju.kernel.cases.models import Case, CaseState, StandardOpinion
from anju.kernel.cases.types import all_types
from anju.kernel.registers import Choice, Column, Field, Register, Rights, Search, declare
from anju.kernel.registers.subjects import subject_kind
from anju.kernel.scope import Actor, restrict


def seen(actor: Actor) -> QuerySet[Case]:
    """The cases that an actor may see, each kind by its own right."""
    kinds: dict[str, list[str]] = {}
    for kind in all_types():
        kinds.setdefault(kind.view_right, []).append(kind.key)
    found = Case.objects.none()
    for right, keys in kinds.items():
        if actor.may(right):
            found |= restrict(Case.objects.filter(type_key__in=keys).exclude(state=CaseState.DELETED), actor, right)
    return found


subject_kind("case", "案件", marks=["cases.cases"], rows=seen, name="number", page="/cases/{}", unit="件")
subject_kind("check", "核查")


@declare
class OpinionRegister(Register[StandardOpinion]):
    """Standard opinions; one office's are offered to all, so that a city speaks with one voice."""

    key, title, unit, group, icon = "cases.opinions", "通用意见", "条", "业务配置", "message-square"
    model = StandardOpinion
    rights = Rights("cases.opinion")
    columns = (
        Column("text", frozen=True, width=360),
        Column("step", width=140),
        Column("suits", dictionary="opinion_suits", width=120),
        Column("active", width=80),
        Column("updated_at", "修改时间", width=150, hidden=True),
    )
    filters = (Choice("suits", dictionary="opinion_suits"),)
    search = Search(["text", "step"], "意见、环节")
    order = "step"
    form = (
        Field("text", "意见", "textarea", required=True, max_length=200, example="情况属实，拟同意"),
        Field("step", "适用环节", max_length=60, hint="写环节的名称，例如 受理；空着表示各环节都可选", example="受理"),
        Field("suits", "适用结果", "choice", required=True, dictionary="opinion_suits", default="any"),
        Field("active", "启用", "boolean", required=True, default=True),
    )
    heading = ("text", "step")
    open_names = True
    badges = ("suits",)
