"""Filing by offices: a draft is saved while it is filled in, fetched into, and becomes a case exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.cases.fetched import FACT, mark_of, unaltered
from anju.kernel.cases.filing import Fetch, Filing
from anju.kernel.cases.models import Case, Draft
from anju.kernel.cases.services import MaterialInput, open_case
from anju.kernel.cases.types import CaseType, all_types, case_type
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.files import check_material, store
from anju.kernel.forms import Schema, load, validate
from anju.kernel.scope import Actor

LARGEST = 1024 * 1024
MATERIALS_A_DRAFT = 60
SOURCE = "office"


class Newer(Conflict):
    """Another window saved the draft meanwhile."""

    code, message, advice = "draft.newer", "这份草稿在别处刚保存过", "请刷新后接着填写"


def filed_types(actor: Actor) -> list[CaseType]:
    """The kinds of matters that the actor may file."""
    return [kind for kind in all_types() if kind.filing and actor.may(kind.filing.right)]


def fileable(type_key: str, actor: Actor) -> tuple[CaseType, Filing]:
    """A kind that the actor may file; raises `NotFound` for one that is none, `Forbidden` without the right."""
    kind = next((each for each in all_types() if each.key == type_key and each.filing), None)
    if kind is None or kind.filing is None:
        raise NotFound("没有这类填报事项", code="matter.unknown")
    actor.require(kind.filing.right)
    return kind, kind.filing


def drafts_of(actor: Actor) -> list[Draft]:
    """The actor's drafts, latest first."""
    return list(Draft.objects.filter(created_by=actor.ref).order_by("-saved_at", "-id")[:200])


def own_draft(draft_id: int, actor: Actor, *, locked: bool = False) -> Draft:
    """The actor's own draft; raises `NotFound`."""
    rows = Draft.objects.select_for_update() if locked else Draft.objects.all()
    found = rows.filter(pk=draft_id, created_by=actor.ref).first()
    if found is None:
        raise NotFound
    return found


def begin(type_key: str, data: Mapping[str, Any], actor: Actor) -> Draft:
    """A new draft with what is filled in so far, over what a matter of this kind begins with."""
    kind, filing = fileable(type_key, actor)
    draft = Draft(
        type_key=kind.key, saved_at=clock.now(), created_by=actor.ref, org_path=actor.org_path, division=actor.division
    )
    return _saved(draft, kind, merged(filing.begins(actor), data), actor)


def save(draft_id: int, version: int, data: Mapping[str, Any], actor: Actor) -> Draft:
    """Saves a draft over the version that was read, however incomplete; raises `Newer`."""
    draft = own_draft(draft_id, actor, locked=True)
    if draft.version != version:
        raise Newer(details={"version": draft.version})
    draft.version += 1
    return _saved(draft, case_type(draft.type_key), data, actor)


def _saved(draft: Draft, kind: CaseType, data: Mapping[str, Any], actor: Actor) -> Draft:
    known = {section.key for section in load(kind.form).sections}
    draft.data = with_own(kind, {key: value for key, value in data.items() if key in known}, actor)
    if len(draft.sealed_data) > LARGEST:
        raise DomainError("内容太多，保存不下", code="draft.too_large", advice="请删去重复的行或缩短说明")
    draft.title, draft.saved_at = titled(kind, draft.data), clock.now()
    draft.save()
    return draft


def titled(kind: CaseType, data: Mapping[str, Any]) -> str:
    """What a draft is called: the matter's own words as soon as they are there."""
    assert kind.filing is not None
    try:
        return str(kind.filing.title(data) or "")[:120]
    except (KeyError, TypeError, AttributeError):
        # a draft may lack anything
        return ""


def discard(draft_id: int, actor: Actor) -> None:
    """Throws a draft away."""
    own_draft(draft_id, actor, locked=True).delete()


def add_file(draft_id: int, klass: str, name: str, content: bytes, actor: Actor) -> Draft:
    """Puts a picture or PDF into a class of the draft's materials."""
    draft = own_draft(draft_id, actor, locked=True)
    kind = case_type(draft.type_key)
    if klass not in {each.key for each in kind.materials}:
        raise DomainError("没有这类材料", code="klass.unknown", field="klass", advice="请从列表中选择类别")
    put_file(draft, klass, name, content, actor)
    draft.version += 1
    draft.save(update_fields=["materials", "version", "updated_at"])
    return draft


def put_file(draft: Draft, klass: str, name: str, content: bytes, actor: Actor) -> None:
    """Checks and keeps a file and lists it in the draft, which the caller saves."""
    if len(draft.materials) >= MATERIALS_A_DRAFT:
        raise DomainError(f"最多 {MATERIALS_A_DRAFT} 个文件", code="material.too_many", field="file")
    clean, mime = check_material(content)
    file = store(clean, name=name, mime=mime, actor=actor, purpose="material")
    draft.materials = [*draft.materials, {"file_id": file.pk, "klass": klass, "name": file.name, "mime": mime}]


def remove_file(draft_id: int, file_id: int, actor: Actor) -> Draft:
    """Takes a file out of the draft; raises `NotFound`."""
    draft = own_draft(draft_id, actor, locked=True)
    kept = [each for each in draft.materials if each["file_id"] != file_id]
    if len(kept) == len(draft.materials):
        raise NotFound
    draft.materials, draft.version = kept, draft.version + 1
    draft.save(update_fields=["materials", "version", "updated_at"])
    return draft


def fetch_of(kind: CaseType, key: str, step: str) -> Fetch:
    """A fetch offered at a step (an empty name is the filing); raises `NotFound`."""
    found = next((each for each in kind.fetches if each.key == key and step in each.at), None)
    if found is None:
        raise NotFound("这一环节没有这项读取", code="fetch.unknown")
    return found


def conditions(fetch: Fetch, asked: Mapping[str, str]) -> dict[str, str]:
    """The conditions of a fetch, each given; raises `Invalid`."""
    given = {each.key: str(asked.get(each.key, "")).strip()[:100] for each in fetch.asks}
    missing = [
        FieldError(f"asked.{each.key}", "missing", f"请填“{each.title}”") for each in fetch.asks if not given[each.key]
    ]
    if missing:
        raise Invalid(missing)
    return given


def fetch_into(draft_id: int, key: str, asked: Mapping[str, str], actor: Actor) -> Draft:
    """Asks an outside system and puts its answer into the draft: sections are filled, files are added once.

    The question goes out before the transaction begins. A file whose name and class the draft has already is not
    added again.
    """
    draft = own_draft(draft_id, actor)
    kind, _ = fileable(draft.type_key, actor)
    fetch = fetch_of(kind, key, "")
    found = fetch.run(actor, conditions(fetch, asked), draft.data)
    with transaction.atomic():
        draft = own_draft(draft_id, actor, locked=True)
        for klass, name, content in found.files:
            if not any(each["klass"] == klass and each["name"] == name for each in draft.materials):
                put_file(draft, klass, name, content, actor)
        draft.version += 1
        draft.fetched = {**draft.fetched, key: mark_of(kind.form, found.data)}
        return _saved(draft, kind, merged(draft.data, found.data), actor)


def merged(data: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The data with what was found put over it, section by section; what is no section of answers stays as it came."""

    def over(held: Any, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {**(held if isinstance(held, Mapping) else {}), **values}

    return {**data, **{key: over(data.get(key), values) for key, values in found.items()}}


def with_own(kind: CaseType, data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The data with the answers that can be no others where the actor fills them in."""
    return merged(data, kind.filing.own(actor) if kind.filing else {})


def checked_data(
    kind: CaseType, schema: Schema, data: Mapping[str, Any], marks: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldError]]:
    """The form's data, clean and with what the server fills in, and everything that is wrong with them."""
    clean, errors = validate(schema, data)
    errors += kind.examine(clean)
    return kind.derived(clean, lambda key: unaltered(marks, key, clean)), errors


def request_key(draft_id: int) -> str:
    """The key under which the case of a draft is stored, so that a draft becomes one case however often it is sent."""
    return f"draft-{draft_id}"


def file(draft_id: int, actor: Actor) -> Case:
    """Turns a draft into a case in the present transaction; again, it gives the same case.

    Raises `Invalid` with everything that is wrong or missing, materials too; the draft is as it was then.
    """
    draft = Draft.objects.select_for_update().filter(pk=draft_id, created_by=actor.ref).first()
    if draft is None:
        case = Case.objects.filter(applicant_ref=actor.ref, request_key=request_key(draft_id)).first()
        if case is None:
            raise NotFound
        return case
    case = file_matter(
        draft.type_key, draft.data, draft.materials, actor, key=request_key(draft_id), fetched=draft.fetched
    )
    draft.delete()
    return case


def file_matter(
    type_key: str, data: Mapping[str, Any], materials: list[dict[str, Any]], actor: Actor, *, key: str,
    fetched: Mapping[str, Any] | None = None,
) -> Case:  # fmt: skip
    """Files a matter of an office: checks the form and the materials, opens the case, makes its row.

    `fetched` are the marks of what outside systems said while it was filled in.
    """
    kind, filing = fileable(type_key, actor)
    marks = dict(fetched or {})
    clean, errors = checked_data(kind, load(kind.form), with_own(kind, data, actor), marks)
    held = {each["klass"] for each in materials}
    errors += [
        FieldError(f"materials.{each.key}", "material.missing", f"还没有上传{each.title}")
        for each in kind.materials
        if each.required and each.key not in held
    ]
    if errors:
        raise Invalid(errors, "还有几处要补上才能提交")
    case = open_case(
        facts={FACT: marks} if marks else {},
        type_key=kind.key, actor=actor, request_key=key, title=filing.title(clean)[:120],
        household=filing.applicant(clean, actor)[:60], applicant_key=b"", phone="", data=clean, parties=(),
        materials=[MaterialInput(m["klass"], m["file_id"], m["name"], m["mime"]) for m in materials],
        org_path=actor.org_path, division=actor.division, source=SOURCE,
    )  # fmt: skip
    if kind.record:
        kind.record.filed(case, clean, actor)
    audit.record("create", actor=actor, subject=case.subject, title=f"填报{kind.title} {case.number}")
    return case
