"""What demand surveys say, counted (JN-01.2)."""

from __future__ import annotations

from django.db.models import Count, Sum

from anju.citizen.models import SurveyAnswer
from anju.kernel.reports import Dataset, Dimension, Drill, Measure, Report, declare

answers = Dataset(
    "citizen.survey_answers",
    "需求调查答卷",
    SurveyAnswer,
    right="citizen.survey.view",
    dimensions=(
        Dimension("survey", "调查", "survey_id", title_path="survey__title"),
        Dimension("programme", "想要的保障", "programme", dictionary="programme"),
        Dimension("wanted_division", "想住的区", "wanted_division", dictionary="division"),
        Dimension("layout", "户型", "layout", dictionary="layout"),
        Dimension("rent_band", "能承受的月租", "rent_band", dictionary="survey_rent_band"),
        Dimension("moving", "什么时候要住", "moving", dictionary="survey_moving"),
        Dimension("situation", "现在的住房", "situation", dictionary="survey_housing"),
    ),
    measures=(Measure("answers", "答卷", Count("id"), "份"), Measure("people", "涉及人数", Sum("people"), "人")),
)

declare(
    Report(
        "citizen.survey_demand",
        "住房需求调查结果",
        answers,
        rows=["wanted_division"],
        columns=["programme"],
        measures=["answers", "people"],
        group="公众端",
        drill=Drill(
            "citizen.survey_answers",
            {
                key: key
                for key in ("survey", "programme", "wanted_division", "layout", "rent_band", "moving", "situation")
            },
        ),
    )
)
