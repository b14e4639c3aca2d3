"""Everything that a case page shows, as one answer."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects

from anju.kernel import clock
from anju.kernel.calendar import working_days_between
from anju.kernel.cases.editing import FIELDS, editable_sections
from anju.kernel.cases.filing import Fetch
from anju.kernel.cases.lists import remaining_days
from anju.kernel.cases.masking import limited, masked
from anju.kernel.cases.models import Case, Check, CheckState, Entry, Material, StandardOpinion, Supplement
from anju.kernel.cases.printing import papers_of, print_list
from anju.kernel.cases.services import node_of
from anju.kernel.cases.types import CaseType, case_type
from anju.kernel.compiled import Compiled, read_ahead
from anju.kernel.crypto import mask_phone
from anju.kernel.documents.listing import ISSUED_FOR
from anju.kernel.forms import dictionary, load
from anju.kernel.processes import reading
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor, admits
from anju.kernel.scope.fields import HIDDEN, MASKED, level_of, limits_of

TONES = {"open": "run", "supplement": "wait", "passed": "ok", "refused": "bad", "failed": "bad"}
REVEAL = "cases.case.reveal"
CHECK_TONES = {"matched": "ok", "mismatched": "bad", "failed": "wait", "manual": "fix"}


_INSTANCE = Compiled(lambda instance: Instance.objects.filter(pk=instance))
_CHECKS = Compiled(lambda case: Check.objects.filter(case_id=case).order_by("order", "id"))
_ENTRIES = Compiled(lambda case: Entry.objects.filter(case_id=case).order_by("-id")[:200])
_MATERIALS = Compiled(lambda case: Material.objects.filter(case_id=case).order_by("id"))
_OPINIONS = Compiled(lambda step: StandardOpinion.objects.filter(active=True, step__in=("", step)).order_by("id")[:50])
_SUPPLEMENTS = Compiled(lambda case: Supplement.objects.filter(case_id=case).order_by("-id"))


def page(case: Case, actor: Actor) -> dict[str, Any]:
    """The case as the actor may see it; personal numbers in the form are masked by the form's own declaration.

    A case taken over closed from an earlier system has no process: its key is empty then and no step is listed.
    """
    kind = case_type(case.type_key)
    about: tuple[Compiled[Any], ...] = (_CHECKS, _ENTRIES, _MATERIALS, _SUPPLEMENTS, *kind.reads)
    run: tuple[Compiled[Any], ...] = (_INSTANCE, reading.tokens_of)
    with read_ahead(
        *((query, (case.pk,)) for query in about),
        *((query, (case.process_id,)) for query in run),
        (ISSUED_FOR, (case.subject,)),
    ):
        return laid_out(case, kind, actor)


def laid_out(case: Case, kind: CaseType, actor: Actor) -> dict[str, Any]:
    """The page, from what was read ahead."""
    instance = next(iter(_INSTANCE(case.process_id)), None)
    tokens = reading.tokens_of(instance.pk) if instance else []
    progress = reading.progress(instance, tokens) if instance else reading.NO_PROGRESS
    task = next((token for token in tokens if token.state == "waiting" and token.kind == "user"), None)
    if instance is not None and task is not None:
        task.instance = instance
    schema = load(case.form_key)
    today = clock.today()
    checks = _CHECKS(case.pk)
    entries = _ENTRIES(case.pk)
    supplements = _SUPPLEMENTS(case.pk)
    prefetch_related_objects(supplements, "items")
    key, version = reading.version_of(instance.definition_id) if instance else ("", 0)
    materials = [
        {
            "id": m.pk, "klass": m.klass, "klass_title": kind.material_title(m.klass), "file_id": m.file_id,
            "name": m.name, "mime": m.mime, "at": m.added_at, "note": m.note,
        }
        for m in _MATERIALS(case.pk)
    ]  # fmt: skip
    limits = limits_of(actor, FIELDS)
    form, data = limited(schema.as_json(), masked(schema, case.data), limits)
    return {
        "id": case.pk,
        "version": case.version,
        "number": case.number,
        "title": case.title,
        "type": {
            "key": kind.key, "title": kind.title, "filed": kind.filing is not None,
            "group": kind.filing.group if kind.filing else "",
        },
        "state": case.state,
        "state_title": case.node_title or case.get_state_display(),
        "tone": TONES.get(case.state, "idle"),
        "outcome": case.outcome,
        "source": case.source,
        "fail": {"type": case.fail_type, "reason": case.fail_reason} if case.fail_reason else None,
        "contact": mask_phone(case.phone) if case.phone and level_of(limits, "phone") not in {HIDDEN, MASKED} else "",
        "can_reveal": admits(actor, REVEAL, case),
        "household": {"name": case.household, "size": case.household_size},
        "division": case.division,
        "division_name": dictionary("division").title(case.division) or case.division,
        "submitted_at": case.submitted_at,
        "closed_at": case.closed_at,
        "deadline": deadline(case, task),
        "claimed_by": task.claimed_name if task else "",
        "task": task_json(case, kind, task, actor) if task else None,
        "steps": progress["steps"],
        "process": {
            "key": key, "version": version,
            "active": progress["active"], "done": progress["done"],
        },
        "form": {"schema": form, "data": data},
        "checks": [check_json(check) for check in checks],
        "materials": materials,
        "material_classes": [{"klass": m.key, "title": m.title} for m in kind.materials],
        "supplements": [supplement_json(each, kind) for each in supplements],
        "timeline": [
            {
                "id": e.pk, "at": e.at, "actor": e.actor_name, "org": e.org_name, "node_title": e.node_title,
                "action": e.action, "text": e.text, "tone": e.tone, "opinion": e.is_opinion,
            }
            for e in entries
        ],
        "documents": papers_of(case, actor),
        "print_list": print_list(case, actor),
        "returnable": reading.returnable(instance) if instance and task and task.claimed_by == actor.ref else [],
        "today": today,
        **kind.extra(case, actor),
    }  # fmt: skip


def deadline(case: Case, task: Token | None) -> dict[str, Any] | None:
    """Working days left at the present step and of the whole case (SH-048)."""
    if not case.is_open:
        return None
    today = clock.today()
    due_on = task.due_on if task and task.due_on else case.due_on
    remaining = remaining_days(due_on, today)
    return {
        "due_on": due_on,
        "remaining": remaining,
        "late": remaining is not None and remaining < 0,
        "case_due_on": case.due_on,
        "case_remaining": remaining_days(case.due_on, today),
        "total": working_days_between(clock.local_date(case.submitted_at), case.due_on) if case.due_on else None,
    }


def task_json(case: Case, kind: CaseType, task: Token, actor: Actor) -> dict[str, Any]:
    """The waiting task and what this person may do with it."""
    node = node_of(task)
    may = admits(actor, task.right, case)
    mine = task.claimed_by == actor.ref
    outcomes = []
    for outcome in node.outcomes:
        stop = kind.blocked(case, task.node_id, outcome.key)
        form_key = kind.outcome_forms.get((task.node_id, outcome.key))
        outcomes.append(
            {
                "key": outcome.key,
                "title": outcome.title,
                "tone": outcome.tone,
                "needs": {
                    "opinion": outcome.opinion,
                    "reason_type": dictionary(outcome.reason_type).as_options() if outcome.reason_type else None,
                    "reason_min": outcome.reason_min,
                    "inform": bool(outcome.reason_min) and kind.filing is None,
                },
                "form": load(form_key).as_json() if form_key else None,
                "data": kind.outcome_data(case, task.node_id, outcome.key) if form_key else {},
                "blocked": {"code": stop.code, "message": stop.message, "anchor": stop.anchor} if stop else None,
            }
        )
    here = mine and may
    return {
        "editable": editable_sections(kind, task, actor) if here else [],
        "fixed": kind.filing.fixed(actor) if here and kind.filing else [],
        "fetches": [fetch_json(each, actor) for each in kind.fetches if here and task.node_id in each.at],
        "opinions": [{"text": each.text, "suits": each.suits} for each in _OPINIONS(task.node_title)] if here else [],
        "id": task.pk,
        "node": task.node_id,
        "title": task.node_title,
        "instruction": node.instruction,
        "claimed_by": task.claimed_name,
        "mine": mine,
        "can_claim": may and not task.claimed_by,
        "can_act": may and mine and case.state != "supplement",
        "outcomes": outcomes,
    }


def fetch_json(fetch: Fetch, actor: Actor) -> dict[str, Any]:
    """What an outside system can be asked, and with which conditions; `options` where they are chosen, not typed."""
    asks = [
        {"key": each.key, "title": each.title, "options": list(each.options(actor)) if each.options else None}
        for each in fetch.asks
    ]
    return {"key": fetch.key, "title": fetch.title, "asks": asks}


def check_json(check: Check) -> dict[str, Any]:
    """A check with its answer, source and time."""
    return {
        "id": check.pk,
        "kind": check.kind,
        "title": check.title,
        "source": check.source,
        "state": check.state,
        "state_title": check.get_state_display(),
        "tone": CHECK_TONES.get(check.state, "run"),
        "finding": check.finding,
        "facts": check.facts,
        "error": check.error,
        "asked_at": check.asked_at,
        "answered_at": check.answered_at,
        "passed": check.passed,
        "decided": {"by": check.decided_name, "at": check.decided_at, "note": check.note} if check.decided_by else None,
        "proof_id": check.proof_id,
        "tries": check.tries,
        "can_retry": check.state not in {CheckState.WAITING, CheckState.RUNNING},
        "can_manual": check.state == CheckState.FAILED,
    }


def supplement_json(supplement: Supplement, kind: CaseType) -> dict[str, Any]:
    """A request for supplements and its answers."""
    return {
        "id": supplement.pk,
        "state": supplement.state,
        "state_title": supplement.get_state_display(),
        "note": supplement.note,
        "asked_by": supplement.asked_name,
        "asked_at": supplement.asked_at,
        "due_on": supplement.due_on,
        "done_at": supplement.done_at,
        "items": [
            {
                "id": item.pk, "klass": item.klass, "title": kind.material_title(item.klass), "note": item.note,
                "file_id": item.file_id, "name": item.name, "uploaded": item.file_id is not None,
            }
            for item in supplement.items.all()
        ],
    }  # fmt: skip
