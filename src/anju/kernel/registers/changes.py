"""Create, change, delete and act on rows of a register: scoped, checked, locked optimistically, recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError

from anju.kernel import audit
from anju.kernel.errors import Conflict, DomainError, FieldError, Forbidden, Invalid, NotFound
from anju.kernel.forms import load, validate
from anju.kernel.http.constraints import explained
from anju.kernel.registers import attributes, history
from anju.kernel.registers.fields import Field, Wrong
from anju.kernel.registers.register import Action, Register, find
from anju.kernel.scope import Actor

M = TypeVar("M", bound=models.Model)
MAX_BATCH = 1000


class Stale(Conflict):
    """Somebody saved the row after it was read; both versions are in the details, nothing is lost."""

    code = "register.stale"


class InUse(Conflict):
    """The row may not be deleted because others depend on it; the message says which."""

    code, message = "register.in_use", "还有其他记录使用这条记录，不能删除"
    advice = "请先处理相关记录"


def clean(register: Register[Any], values: Mapping[str, Any], actor: Actor, *, new: bool) -> dict[str, Any]:
    """Checked values in their own types; a change may name some fields only. Raises `Invalid` with all errors."""
    known = {item.key: item for item in register.form}
    errors = [FieldError(key, "unknown_field", "没有这一项，或你不能修改它") for key in values if key not in known]
    cleaned: dict[str, Any] = {}
    for key, item in known.items():
        if key not in values and not new:
            continue
        raw = values.get(key, item.default)
        try:
            value = item.clean(raw)
            if item.type == "row" and value is not None:
                value = chosen(item, value, actor)
            cleaned[key] = value
        except Wrong as wrong:
            errors.append(FieldError(key, wrong.code, wrong.message))
    if errors:
        raise Invalid(errors)
    return cleaned


def chosen(item: Field, raw: Any, actor: Actor) -> models.Model:
    """The row of another register that a field names by id, if the actor may see it."""
    target = find(item.register or "")
    if not isinstance(raw, int) or abs(raw) >= 2**63:
        raise Wrong("type", "请从列表中选择")
    row: models.Model | None = target.rows(actor).filter(pk=raw).first()
    if row is None:
        raise Wrong("not_found", f"没有这个{target.title}，或不在你的管辖范围内")
    return row


def stored(register: Register[M], row: M) -> dict[str, Any]:
    """The form's values of a row as they are stored, ids for rows of other registers."""
    return {item.key: attributes.get(row, item) for item in register.form}


def worded(register: Register[M], row: M) -> dict[str, Any]:
    """The form's values as history keeps them: rows of other registers by their words, not by their ids."""
    return {
        item.key: str(getattr(row, item.key)) if item.type == "row" and getattr(row, f"{item.key}_id") else value
        for item, value in zip(register.form, stored(register, row).values(), strict=True)
    }


def assign(register: Register[Any], row: models.Model, values: Mapping[str, Any]) -> None:
    """Sets values, an empty one as the column keeps it."""
    elsewhere = {item.key: item for item in register.form if item.kept_in}
    for key, value in values.items():
        if key in elsewhere:
            attributes.put(row, elsewhere[key], value)
            continue
        field = row._meta.get_field(key)
        assert isinstance(field, models.Field)
        setattr(row, key, "" if value is None and not field.null and field.empty_strings_allowed else value)


def save(register: Register[M], row: M, actor: Actor, verb: str) -> M:
    """Saves, reads back what triggers filled in, and makes sure the row is still within the actor's reach."""
    register.fill(row, actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise explained(error) from error
    kept = register.rows(actor, verb).filter(pk=row.pk).first()
    if kept is None:
        raise Forbidden(
            "这条记录会落到你的管辖范围之外", code="register.out_of_reach", advice="请选择本机构范围内的上级记录"
        )
    return kept


def create(register: Register[M], values: Mapping[str, Any], actor: Actor) -> M:
    """Adds a row. It belongs to the actor's office unless its parent says otherwise."""
    if register.locked_out:
        titles = "、".join(item.title for item in register.locked_out)
        raise Forbidden(f"你不能填写{titles}，不能新增", code="register.field_rights", advice="请由有权填写的同事新增")
    cleaned = clean(register, values, actor, new=True)
    register.check(cleaned, actor, None)
    row = register.model()
    for key, value in {"org_path": actor.org_path or "/", "division": actor.division, "created_by": actor.ref}.items():
        if hasattr(row, key):
            setattr(row, key, value)
    assign(register, row, {key: value for key, value in cleaned.items() if value is not None})
    row = save(register, row, actor, "create")
    history.record(register.key, row.pk, actor=actor, action="create", new=worded(register, row))
    audit.record("create", actor=actor, subject=f"{register.key}:{row.pk}", title=f"新增{register.title} {row}")
    register.after(row, actor, "create")
    return row


def locked(register: Register[M], row_id: int, actor: Actor, verb: str) -> M:
    """The row, locked, if the actor's right of this verb reaches it; else `NotFound`."""
    row = register.rows(actor, verb).select_for_update(of=("self",)).filter(pk=row_id).first()
    if row is None:
        raise NotFound
    return row


def change(
    register: Register[M], row_id: int, version: int, values: Mapping[str, Any], actor: Actor, note: str = ""
) -> M:
    """Changes some fields of a row. Raises `Stale` when another version than the one read is stored."""
    row = locked(register, row_id, actor, "change")
    if row.version != version:  # type: ignore[attr-defined]
        current = stored(register, row)
        raise Stale(details={"current": current, "mine": dict(values), "version": row.version})  # type: ignore[attr-defined]
    cleaned = clean(register, values, actor, new=False)
    fixed = [item.key for item in register.form if item.fixed and item.key in cleaned]
    before, before_words = stored(register, row), worded(register, row)
    for key in fixed:
        same = cleaned[key].pk if isinstance(cleaned[key], models.Model) else cleaned[key]
        if same != before[key]:
            raise Invalid([FieldError(key, "fixed", "登记后不能修改")])
    register.check(cleaned, actor, row)
    assign(register, row, cleaned)
    if stored(register, row) == before:
        return row
    row.version += 1  # type: ignore[attr-defined]
    row = save(register, row, actor, "change")
    history.record(
        register.key, row.pk, actor=actor, action="change", old=before_words, new=worded(register, row), note=note
    )
    audit.record("change", actor=actor, subject=f"{register.key}:{row.pk}", title=f"修改{register.title} {row}")
    register.after(row, actor, "change")
    return row


def delete(register: Register[M], row_id: int, version: int, actor: Actor) -> None:
    """Removes a row on which nothing rests. Raises `InUse` with the reason, or `Stale`."""
    row = locked(register, row_id, actor, "delete")
    if row.version != version:  # type: ignore[attr-defined]
        raise Stale(details={"current": stored(register, row), "version": row.version})  # type: ignore[attr-defined]
    for guard in register.guards:
        if reason := guard.reason(row):
            raise InUse(reason, code=guard.code, advice=guard.advice)
    words = worded(register, row)
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as error:
        kinds = {str(item._meta.verbose_name) for item in error.protected_objects}
        raise InUse(details={"kinds": sorted(kinds)}) from error
    except IntegrityError as error:
        raise explained(error) from error
    history.record(register.key, row_id, actor=actor, action="delete", old=words)
    audit.record("delete", actor=actor, subject=f"{register.key}:{row_id}", title=f"删除{register.title} {row}")
    register.after(row, actor, "delete")


def picked(action: Action, entered: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The rows of other registers that an act's fields name, within the actor's reach; raises `Invalid`."""
    found: dict[str, Any] = {}
    for item in action.fields:
        if item.type == "row" and entered[item.key] is not None:
            try:
                found[item.key] = chosen(item, entered[item.key], actor)
            except Wrong as wrong:
                raise Invalid([FieldError(item.key, wrong.code, wrong.message)]) from wrong
    return found


def told_by_form(action: Action, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """The answers to an act's form and what is wrong with them, by their own keys."""
    schema, own = load(action.form), {item.key for item in action.fields}
    section = schema.sections[0].key
    clean, errors = validate(schema, {section: {key: value for key, value in values.items() if key not in own}})
    prefix = f"{section}."
    return clean.get(section, {}), [
        FieldError(each.path.removeprefix(prefix), each.code, each.message) for each in errors
    ]


def refused(row_id: int, refusal: DomainError) -> dict[str, Any]:
    """Why nothing was done to a row of several, and what to do about it."""
    return {"id": row_id, "code": refusal.code, "message": refusal.message, "advice": refusal.advice}


def act(
    register: Register[M], action: Action, ids: Sequence[int], values: Mapping[str, Any], actor: Actor
) -> dict[str, Any]:
    """Runs an act on each row in turn; a refusal concerns its row only and is told with it."""
    entered: dict[str, Any] = {}
    errors = []
    for item in action.fields:
        try:
            entered[item.key] = item.clean(values.get(item.key, item.default))
        except Wrong as wrong:
            errors.append(FieldError(item.key, wrong.code, wrong.message))
    if action.form:
        given, unsound = told_by_form(action, values)
        entered |= given
        errors += unsound
    if errors:
        raise Invalid(errors)
    if not ids or len(ids) > MAX_BATCH:
        raise DomainError(f"一次可选 1 至 {MAX_BATCH} 条", code="register.batch_size", field="ids")
    failed, told = [], []
    wanted = sorted(set(ids))
    for row_id in wanted:
        try:
            with transaction.atomic():
                row = locked(register, row_id, actor, action.right)
                said = action.run(actor, row, entered | picked(action, entered, actor))
            if said:
                told.append({"id": row_id, "text": said})
        except DomainError as refusal:
            if len(wanted) == 1:
                raise
            failed.append(refused(row_id, refusal))
        except IntegrityError as error:
            if len(wanted) == 1:
                raise explained(error) from error
            failed.append(refused(row_id, explained(error)))
    audit.record(
        "act",
        actor=actor,
        subject=f"{register.key}:{','.join(map(str, wanted[:20]))}",
        title=f"{action.title}（{register.title}）",
        detail={"done": len(wanted) - len(failed), "failed": len(failed)},
    )
    return {"done": len(wanted) - len(failed), "failed": failed, "told": told}
