"""Operations of demand surveys: what is asked is open to everybody, one's answer to oneself (JN-01.2)."""

from __future__ import annotations

from typing import Any

from ninja import Query, Schema
from pydantic import Field

from anju.citizen import surveys
from anju.kernel.http import PUBLIC, RESIDENT, Request, Routes

routes = Routes("", title="需求调查")


class SurveyQuery(Schema):
    """Whose surveys; of all cities where none is named."""

    city: str = Field("", pattern=r"^([0-9]{6})?$")


class Answers(Schema):
    """Answers by question."""

    answers: dict[str, str | int | None]


@routes.read("/public/surveys", right=PUBLIC, scope="none", summary="需求调查")
def list_surveys(request: Request, wanted: Query[SurveyQuery]) -> dict[str, Any]:
    return {"rows": surveys.listed(wanted.city)}


@routes.read("/public/surveys/{int:survey_id}", right=PUBLIC, scope="none", summary="一份需求调查")
def read_survey(request: Request, survey_id: int) -> dict[str, Any]:
    return surveys.read(survey_id)


@routes.read("/citizen/surveys/{int:survey_id}", right=RESIDENT, scope="self", summary="我填的需求调查")
def read_answer(request: Request, survey_id: int) -> dict[str, Any]:
    return {"mine": surveys.own(survey_id, request.actor)}


@routes.act("/citizen/surveys/{int:survey_id}", right=RESIDENT, scope="self", summary="填写需求调查")
def answer_survey(request: Request, survey_id: int, body: Answers) -> dict[str, Any]:
    return {"mine": surveys.answer_survey(survey_id, body.answers, request.actor)}
