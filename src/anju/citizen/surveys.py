"""Acts on demand surveys: what is open, one's own answer, answering once and changing it until the last day (JN-01.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from anju.citizen.models import Survey, SurveyAnswer
from anju.kernel import clock
from anju.kernel.errors import Conflict, FieldError, Invalid, NotFound
from anju.kernel.forms import load, validate
from anju.kernel.scope import Actor

FORM = "demand_survey"
SECTION = "main"


class Closed(Conflict):
    """The survey takes no answers today."""

    code, message, advice = "survey.closed", "这份调查现在不接受填写", "请看首页有没有新的调查"


def shown(city: str = "") -> QuerySet[Survey]:
    """The surveys that residents may see, of a city if one is named."""
    found = Survey.objects.filter(published_at__isnull=False, withdrawn_at__isnull=True, opens_on__lte=clock.today())
    return found.filter(city=city) if city else found


def as_json(survey: Survey) -> dict[str, Any]:
    """A survey as residents see it."""
    return {
        "id": survey.pk,
        "title": survey.title,
        "intro": survey.intro,
        "opens_on": survey.opens_on,
        "closes_on": survey.closes_on,
        "open": survey.closes_on >= clock.today(),
    }


def listed(city: str) -> list[dict[str, Any]]:
    """The surveys of a city, those still open first, at most twenty."""
    rows = [as_json(survey) for survey in shown(city).order_by("-closes_on", "-id")[:20]]
    return sorted(rows, key=lambda row: not row["open"])


def read(survey_id: int) -> dict[str, Any]:
    """A survey with its questions, or `NotFound`."""
    survey = shown().filter(pk=survey_id).first()
    if survey is None:
        raise NotFound("没有这份调查")
    return as_json(survey) | {"form": load(FORM).as_json()}


def own(survey_id: int, actor: Actor) -> dict[str, Any] | None:
    """What the resident answered, or None; `NotFound` for a survey that is not shown."""
    if not shown().filter(pk=survey_id).exists():
        raise NotFound("没有这份调查")
    answer = SurveyAnswer.objects.filter(survey_id=survey_id, resident_id=actor.id).first()
    return None if answer is None else {"answers": values_of(answer), "updated_at": answer.updated_at}


def values_of(answer: SurveyAnswer) -> dict[str, Any]:
    """The answers by question."""
    return {field.key: getattr(answer, field.key) for field in load(FORM).sections[0].fields}


@transaction.atomic
def answer_survey(survey_id: int, answers: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Keeps a resident's answers; a second time changes them. Raises `NotFound`, `Closed` or `Invalid`."""
    survey = shown().select_for_update().filter(pk=survey_id).first()
    if survey is None:
        raise NotFound("没有这份调查")
    if survey.closes_on < clock.today():
        raise Closed
    clean, errors = validate(load(FORM), {SECTION: dict(answers)})
    if errors:
        raise Invalid(
            [FieldError(error.path.removeprefix(f"{SECTION}."), error.code, error.message) for error in errors]
        )
    held, _ = SurveyAnswer.objects.update_or_create(
        survey=survey,
        resident_id=actor.id,
        defaults={**clean[SECTION], "org_path": survey.org_path, "division": survey.division, "created_by": actor.ref},
    )
    return {"answers": values_of(held), "updated_at": held.updated_at}
