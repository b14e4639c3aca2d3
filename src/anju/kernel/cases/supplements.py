"""Supplements (补件): the applicant is asked for missing papers, answers, and the case goes on (SH-024).

While a request is open the case rests. The days it rests do not count: the deadlines of the case and of its present
task move by as many working days as the applicant took.
"""

from __future__ import annotations

from anju.kernel import clock
from anju.kernel.calendar import add_working_days, working_days_between
from anju.kernel.cases.models import Case, CaseState, Supplement, SupplementItem, SupplementState
from anju.kernel.cases.services import (
    Blocked,
    MaterialInput,
    add_material,
    at_version,
    lock,
    may_handle,
    own_case,
    task_of,
    write,
)
from anju.kernel.cases.types import case_type
from anju.kernel.errors import DomainError, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Token
from anju.kernel.scope import Actor


def ask_supplement(
    *, case_id: int, task_id: int, version: int, items: list[dict[str, str]], note: str, days: int, actor: Actor
) -> Supplement:
    """Asks the applicant for missing papers (SH-024.3); the case rests until they come back."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    may_handle(case, task, actor)
    at_version(case, version)
    if task.claimed_by != actor.ref:
        raise Blocked("请先签收再通知补件", code="task.not_claimed", advice="点“签收”后再通知补件")
    kind = case_type(case.type_key)
    known = {each.key for each in kind.materials}
    if not items:
        raise Invalid([FieldError("items", "items.missing", "请至少选一份要补的材料")])
    errors = [
        FieldError(f"items.{index}.klass", "klass.unknown", "没有这类材料")
        for index, item in enumerate(items)
        if item["klass"] not in known
    ]
    if errors:
        raise Invalid(errors)
    asked = Supplement.objects.create(
        case=case, note=note, asked_by=actor.ref, asked_name=actor.name, asked_at=clock.now(),
        due_on=add_working_days(clock.today(), days),
    )  # fmt: skip
    SupplementItem.objects.bulk_create(
        [SupplementItem(supplement=asked, klass=item["klass"], note=item.get("note", "")) for item in items]
    )
    case.state, case.version = CaseState.SUPPLEMENT, case.version + 1
    case.save(update_fields=["state", "version", "updated_at"])
    titles = "、".join(kind.material_title(item["klass"]) for item in items)
    text = "。".join(part for part in (titles, note.strip()) if part)
    write(case, actor, "通知补件", f"请补：{text}", tone="wait", opinion=True, public=True)
    kind.supplement_asked(case, asked, actor)
    publish(
        "supplement.changed", case_id=case.pk, supplement_id=asked.pk, state="supplement_asked", title="待补件",
        text=text,
    )  # fmt: skip
    return asked


def open_item(case: Case, item_id: int) -> SupplementItem:
    """An item of the case's open request, or `NotFound`."""
    item = SupplementItem.objects.filter(
        pk=item_id, supplement__case=case, supplement__state=SupplementState.ASKED
    ).first()
    if item is None:
        raise NotFound
    return item


def put_supplement_file(*, item: SupplementItem, material: MaterialInput) -> None:
    """The answer to one item; a later file replaces an earlier one until the whole is sent."""
    item.file_id, item.name, item.mime = material.file_id, material.name, material.mime
    item.save(update_fields=["file_id", "name", "mime"])


def send_supplement(*, case_id: int, actor: Actor) -> Case:
    """The applicant sends the answers back; the case goes on (SH-024.6). A second call changes nothing."""
    case = own_case(case_id, actor, locked=True)
    asked = open_request(case)
    if asked is None:
        return case
    if missing := missing_of(case, asked):
        raise DomainError(f"还有材料没传：{missing}", code="supplement.incomplete", advice="传齐后再提交")
    return take_back(case, asked, actor, "补件交回")


def finish_supplement(*, case_id: int, task_id: int, reason: str, actor: Actor) -> Case:
    """The clerk ends a request: papers handed in at the counter (SH-024.5), or no longer waited for, with a reason."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    may_handle(case, task, actor)
    asked = open_request(case)
    if asked is None:
        return case
    if (missing := missing_of(case, asked)) and len(reason.strip()) < 5:
        said = f"{missing}还没有补到，结束补件请写明原因，至少 5 个字"
        raise Invalid([FieldError("reason", "reason.too_short", said)])
    return take_back(case, asked, actor, "窗口补件" if not missing else "结束补件", reason.strip())


def open_request(case: Case) -> Supplement | None:
    """The request that waits for an answer."""
    return Supplement.objects.filter(case=case, state=SupplementState.ASKED).first()


def missing_of(case: Case, asked: Supplement) -> str:
    """The titles of the papers that have not come, or an empty text."""
    missing = asked.items.filter(file_id__isnull=True).order_by("id")
    return "、".join(case_type(case.type_key).material_title(item.klass) for item in missing)


def take_back(case: Case, asked: Supplement, actor: Actor, action: str, reason: str = "") -> Case:
    """What came becomes material, the case is open again, and its deadlines move by the days it rested."""
    came = [item for item in asked.items.order_by("id") if item.file_id is not None]
    for item in came:
        assert item.file_id is not None
        add_material(case, MaterialInput(item.klass, item.file_id, item.name, item.mime), actor, note="补件")
    asked.state, asked.done_at = SupplementState.DONE, clock.now()
    asked.save(update_fields=["state", "done_at"])
    rested = working_days_between(clock.local_date(asked.asked_at), clock.today())
    if case.due_on is not None:
        case.due_on = add_working_days(case.due_on, rested)
    case.state, case.version = CaseState.OPEN, case.version + 1
    case.save(update_fields=["state", "due_on", "version", "updated_at"])
    for task in Token.objects.filter(instance_id=case.process_id, state="waiting", kind="user", due_on__isnull=False):
        assert task.due_on is not None
        processes.set_deadline(task.pk, add_working_days(task.due_on, rested))
    text = "。".join(part for part in (f"补交 {len(came)} 份材料", reason) if part)
    write(case, actor, action, text, tone="ok" if came else "wait", public=True)
    publish(
        "supplement.changed", case_id=case.pk, supplement_id=asked.pk, state="supplement_done", title="已补件", text=""
    )
    return case
