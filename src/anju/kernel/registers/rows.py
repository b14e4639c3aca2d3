"""One row: what the side panel shows, the related counts, and the full value behind a mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anju.kernel import audit
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.registers import changes
from anju.kernel.registers.lists import EXACT_UP_TO, SHUT, Query, Reader, narrowed
from anju.kernel.registers.register import CHANGE, REGISTERS, Register
from anju.kernel.registers.subjects import TOLD, tell, words_of
from anju.kernel.scope import Actor

REASON_MIN = 4
OPTIONS = 20
_readers: dict[tuple[str, tuple[tuple[str, str], ...]], Reader] = {}


def reader(register: Register[Any]) -> Reader:
    """The reader of all columns of a register; made once."""
    key = (register.key, register.variant)
    if key not in _readers:
        if len(_readers) > 500:
            _readers.clear()
        _readers[key] = Reader(register, register.columns, offering=True)
    return _readers[key]


def read(register: Register[Any], row_id: int, actor: Actor) -> dict[str, Any]:
    """A row with everything its panel shows, or `NotFound` when there is none within the actor's reach."""
    found = register.rows(actor).filter(pk=row_id)
    rows = reader(register).fetch(found)
    if not rows:
        raise NotFound
    row = rows[0]
    tell(register.columns, rows, actor)
    number = row.pop("id")
    title, subtitle = (words_of(row[key + TOLD]) if key + TOLD in row else row.get(key, "") for key in register.heading)
    answer = {
        "id": number,
        "version": row.pop("version", 1),
        "title": title,
        "subtitle": subtitle,
        "badges": [
            {"dictionary": register.own[key].dictionary, "code": row[key]} for key in register.badges if row[key]
        ],
        "related_counts": related_counts(register, row_id, actor),
        "shut": (shut := row.pop(SHUT, [])),
        "values": row,
    }
    address, key = register.page
    if address and row.get(key) and register.leads(row_id, actor):
        answer["page"] = address.format(row[key])
    name, key = register.paper
    if name and row.get(key):
        answer["paper"] = {"title": name, "address": f"/documents/{row[key]}/file"}
    if register.form and register.can_change and CHANGE not in shut and register.may(actor, "change"):
        instance = register.rows(actor, "change").filter(pk=row_id).first()
        answer["form"] = changes.stored(register, instance) if instance else None
    return answer


def written(register: Register[Any], row_id: int, actor: Actor) -> dict[str, Any]:
    """The answer to a change: the row as its panel shows it, or its id alone to one who may write but not read."""
    return read(register, row_id, actor) if register.may(actor, "view") else {"id": row_id}


def related_counts(register: Register[Any], row_id: int, actor: Actor) -> dict[str, int]:
    """How many rows of each related register belong to this row, up to a thousand and one."""
    counts = {}
    for item in register.related:
        target = REGISTERS.get(item.register)
        if target is not None and target.may(actor, "view"):
            belonging = narrowed(target, target.rows(actor), Query({item.filter: [str(row_id)]}), actor)
            counts[item.key] = belonging.order_by().values("pk")[: EXACT_UP_TO + 1].count()
    return counts


def reveal(register: Register[Any], row_id: int, field: str, reason: str, actor: Actor) -> Any:
    """The whole value of a masked column; the reason and the reading go into the audit trail."""
    column = register.own.get(field)
    if column is None or column.masked is None or field in register.barred:
        raise NotFound("没有这一项，或你不能查看它的全文")
    if len(reason.strip()) < REASON_MIN:
        raise DomainError(f"请写明查看原因，至少 {REASON_MIN} 个字", code="register.reason_needed", field="reason")
    source = register.field_of[field]
    statement = register.rows(actor, "reveal").filter(pk=row_id).values_list(column.path, flat=True)
    values = list(statement[:1])
    if not values:
        raise NotFound
    audit.record(
        "read_personal",
        actor=actor,
        subject=f"{register.key}:{row_id}",
        title=f"查看{register.title}的{column.title or (source.verbose_name if source is not None else field)}",
        detail={"field": field, "reason": reason.strip()},
    )
    return values[0]


def options(register: Register[Any], q: str, actor: Actor, ids: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Rows to choose from elsewhere: the first that the text finds, or those chosen before, by their ids."""
    title, subtitle = register.heading
    columns = [register.own[key] for key in (title, subtitle) if key]
    found = narrowed(register, register.rows(actor), Query(q=q.strip()), actor)
    found = found.filter(pk__in=ids).order_by("pk") if ids else found.order_by("pk")[:OPTIONS]
    rows = Reader(register, columns).fetch(found)
    return [{"id": row["id"], "title": row.get(title), "subtitle": row.get(subtitle)} for row in rows]
