"""Corrections: at a step that allows it, sections of the declared form are mended, each change on the record.

The record says field by field what was and what is; numbers of persons only masked (SH-170.2, SH-170.4, SH-170.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from anju.kernel import audit
from anju.kernel.cases.drafts import checked_data, conditions, fetch_of, merged, with_own
from anju.kernel.cases.fetched import FACT
from anju.kernel.cases.masking import MASKS, unmasked
from anju.kernel.cases.models import Case
from anju.kernel.cases.services import Blocked, at_version, lock, may_handle, task_of, write
from anju.kernel.cases.types import CaseType, case_type
from anju.kernel.errors import Conflict, Forbidden, Invalid
from anju.kernel.forms import Field, Schema, dictionary, load
from anju.kernel.processes.models import Token
from anju.kernel.registers.history import figure
from anju.kernel.scope import Actor
from anju.kernel.scope.fields import HIDDEN, MASKED, limits_of

FIELDS = "cases.case"
NUMERIC = {"integer", "number", "money", "area"}
# as many lines of one correction are read by somebody; of more, the rest is counted
MOST_LINES = 200
# rows that came or went, told by name
NAMED = 20


def editable_sections(kind: CaseType, task: Token, actor: Actor) -> list[str]:
    """The sections that the actor may correct at a task; none that his role hides or masks a part of."""
    covered = {name.partition(".")[0] for name, level in limits_of(actor, FIELDS).items() if level in {HIDDEN, MASKED}}
    return [key for key in kind.editable.get(task.node_id, ()) if key not in covered]


def in_hand_at(case: Case, task_id: int, actor: Actor) -> Token:
    """The waiting task, if the actor has it in hand."""
    task = task_of(case, task_id)
    may_handle(case, task, actor)
    if task.claimed_by != actor.ref:
        raise Blocked("请先签收再修改", code="task.not_claimed", advice="点“签收”后再修改")
    return task


def edit(*, case_id: int, task_id: int, version: int, data: Mapping[str, Any], actor: Actor) -> Case:
    """Corrects sections of the form; what they held in other sections stays.

    A masked number that comes back as it was shown stays what it is. Raises `Changed` for another version than the one
    seen, `Forbidden` for a section that this step does not open, `Invalid` with everything that is wrong.
    """
    case = lock(case_id, actor)
    task = in_hand_at(case, task_id, actor)
    at_version(case, version)
    kind, schema = case_type(case.type_key), load(case.form_key)
    if closed := sorted(set(data) - set(editable_sections(kind, task, actor))):
        titles = "、".join(section.title for section in schema.sections if section.key in closed) or "这一部分"
        raise Forbidden(f"“{task.node_title}”这一步不能修改{titles}", code="case.not_editable", advice="")
    before = case.data
    whole = with_own(kind, {**before, **unmasked(schema, data, before)}, actor)
    clean, errors = checked_data(kind, schema, whole, case.facts.get(FACT, {}))
    if errors:
        raise Invalid(errors)
    changes = list(differences(schema, before, clean))
    if not changes:
        return case
    case.data, case.version = clean, case.version + 1
    if kind.filing:
        case.title = kind.filing.title(clean)[:120]
    case.save(update_fields=["sealed_data", "title", "version", "updated_at"])
    write(case, actor, "更正内容", "\n".join(_shortened(changes)), tone="fix")
    if kind.record:
        kind.record.edited(case, clean, actor)
    audit.record(
        "change", actor=actor, subject=case.subject, title=f"更正案件 {case.number}", detail={"at": task.node_id}
    )
    return case


def proposed(*, case: Case, task_id: int, key: str, asked: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """What an outside system says for the sections open at this step, over what is there; nothing is saved.

    Called outside of a transaction: the department is asked.
    """
    task = in_hand_at(case, task_id, actor)
    kind = case_type(case.type_key)
    fetch = fetch_of(kind, key, task.node_id)
    found = fetch.run(actor, conditions(fetch, asked), case.data)
    open_here = editable_sections(kind, task, actor)
    proposals = {section: values for section, values in found.data.items() if section in open_here}
    if not proposals:
        raise Conflict("读到的内容在这一步不能修改", code="fetch.nothing", advice="请到可以更正的环节再读取")
    return {key: merged(case.data, proposals)[key] for key in proposals}


def differences(schema: Schema, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Each changed answer as a line: 项目名称：甲 → 乙."""
    for section in schema.sections:
        yield from _level(section.fields, old.get(section.key) or {}, new.get(section.key) or {}, "")


def _level(fields: Iterable[Field], old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for each in fields:
        was, now = old.get(each.key), new.get(each.key)
        if each.type == "group":
            yield from _rows(each, was or [], now or [])
        elif not _same(each, was, now):
            yield f"{prefix}{each.title}：{_words(each, was)} → {_words(each, now)}"


def _shortened(changes: list[str]) -> list[str]:
    if len(changes) <= MOST_LINES:
        return changes
    return [*changes[:MOST_LINES], f"另有 {len(changes) - MOST_LINES} 处更正"]


def _rows(group: Field, old: list[Any], new: list[Any]) -> Iterator[str]:
    if len(old) != len(new):
        yield f"{group.title}：{len(old)} 条 → {len(new)} 条"
    for key in group.sums:
        was, now = _sum(old, key), _sum(new, key)
        if was != now:
            column = next(each for each in group.fields if each.key == key)
            yield f"{group.title} {column.title}合计：{_words(column, was)} → {_words(column, now)}"
    if group.unique and not any(each.type in MASKS for each in group.fields if each.key in group.unique):
        yield from _named(group, old, new)
        return
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else {}
        now = new[number] if number < len(new) else {}
        yield from _level(group.fields, was, now, f"{group.title} 第 {number + 1} 条 ")


def _named(group: Field, old: list[Any], new: list[Any]) -> Iterator[str]:
    """The rows of a table that are known by what is unique to each: which came, which went, which changed."""
    own = [each for each in group.fields if each.key in group.unique]
    before, after = (
        {" ".join(_words(each, row.get(each.key)) for each in own): row for row in rows} for rows in (old, new)
    )
    for word, names in (("新增", after.keys() - before.keys()), ("删去", before.keys() - after.keys())):
        if names:
            told = "、".join(sorted(names)[:NAMED])
            yield f"{group.title} {word} {len(names)} 条：{told}{'等' if len(names) > NAMED else ''}"
    for name, now in after.items():
        if name in before:
            yield from _level(group.fields, before[name], now, f"{group.title} {name} ")


def _sum(rows: list[Any], key: str) -> Decimal:
    return sum((Decimal(str(row[key])) for row in rows if row.get(key) not in (None, "")), Decimal(0))


def _same(field: Field, was: Any, now: Any) -> bool:
    if was in (None, "") and now in (None, ""):
        return True
    if field.type in NUMERIC and was is not None and now is not None:
        try:
            return Decimal(str(was)) == Decimal(str(now))
        except InvalidOperation:
            return False
    return str(was) == str(now)


def _words(field: Field, value: Any) -> str:
    """A value as a person reads it in the record; personal numbers masked."""
    if value in (None, "", []):
        return "（空）"
    if field.type in MASKS and isinstance(value, str):
        return MASKS[field.type](value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type in {"money", "area"}:
        return str(figure(value))
    values = value if isinstance(value, list) else [value]
    own = dict(field.options)
    words = dictionary(field.dictionary or "division") if field.dictionary or field.type == "division" else None
    return "、".join(own.get(one) or (words.title(str(one)) if words else "") or str(one) for one in values)
