"""需求调查: what a city asks its residents about the homes they want, and what each answered once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.citizen.models.accounts import Resident
from anju.kernel.base import Owned
from anju.kernel.http import explain


class Survey(Owned):
    """A survey of a city; residents see and answer it from `published_at` on, between its two days."""

    city = models.CharField("城市", max_length=6)
    title = models.CharField("标题", max_length=60)
    intro = models.CharField("说明", max_length=500, default="", blank=True)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="citizen_survey_days"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, withdrawn_at__gte=F("published_at")),
                name="citizen_survey_withdrawn_after",
            ),
        ]
        indexes = [models.Index(fields=["city", "-closes_on", "-id"], name="citizen_survey_list")]

    def __str__(self) -> str:
        return self.title


class SurveyAnswer(Owned):
    """One resident's answers; who answered is known to the table alone, no page and no export shows it."""

    survey = models.ForeignKey(Survey, models.PROTECT, verbose_name="调查", related_name="+")
    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name="居民", related_name="+", db_index=False)
    situation = models.CharField("现在的住房", max_length=32)
    programme = models.CharField("想要的保障", max_length=32)
    wanted_division = models.CharField("想住的区", max_length=6)
    layout = models.CharField("户型", max_length=32)
    rent_band = models.CharField("能承受的月租", max_length=16)
    moving = models.CharField("什么时候要住", max_length=16)
    people = models.PositiveSmallIntegerField("同住人数")
    note = models.CharField("还想说的", max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "resident"], name="citizen_survey_answered_once"),
            models.CheckConstraint(condition=Q(people__gte=1, people__lte=20), name="citizen_survey_people"),
        ]
        indexes = [models.Index(fields=["resident"], name="citizen_survey_of_resident")]


explain("citizen_survey_days", "survey.days", "截止日期不能早于开始日期", "请核对日期", "closes_on")
explain("citizen_survey_withdrawn_after", "survey.withdrawn", "撤下时间不能早于发布时间", "", "withdrawn_at")
explain("citizen_survey_answered_once", "survey.answered", "这份调查你已经填过", "可以打开修改")
explain("citizen_survey_people", "survey.people", "同住人数在 1 到 20 之间", "", "people")
