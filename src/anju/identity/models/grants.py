"""What an organisation has been given by one above it, and who stands in for somebody absent."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.fields.ranges import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value

from anju.identity.models.organisations import Organisation
from anju.kernel.base import Stamped
from anju.kernel.http import explain
from anju.kernel.scope import Reach


class Grant(Stamped):
    """A superior organisation gives one below it rights up to a reach and a day (SH-227).

    `source` is the grant on which the giver stands; only an organisation that no grant binds gives without one. What
    is in force is what the whole chain says at the moment it is asked: no right is copied.
    """

    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="授权机构")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="grants", verbose_name="被授权机构"
    )
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, default="")
    source: Any = models.ForeignKey("self", on_delete=models.PROTECT, null=True, verbose_name="依据的授权")
    title = models.CharField("授权事项", max_length=100)
    rights = ArrayField(models.CharField(max_length=100), verbose_name="权限")
    reach = models.CharField("最大数据范围", max_length=20, choices=[(r.value, r.value) for r in Reach])
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("截止日期", null=True, blank=True)
    revoked_at = models.DateTimeField("收回时间", null=True)
    revoked_by = models.CharField("收回人", max_length=64, default="", blank=True)
    reason = models.CharField("收回原因", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="identity_grant_period"
            ),
            models.CheckConstraint(condition=~Q(giver=F("organisation")), name="identity_grant_not_to_itself"),
            models.CheckConstraint(condition=~Q(reach=Reach.CHOSEN), name="identity_grant_reach"),
        ]
        indexes = [
            models.Index(fields=["organisation"], name="identity_grant_live", condition=Q(revoked_at__isnull=True)),
            models.Index(fields=["org_path", "id"], name="identity_grant_path", opclasses=["text_pattern_ops", "int8_ops"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Substitution(Stamped):
    """Somebody acts for a colleague who is absent, within the days and with the colleague's rights.

    While `acting`, the substitute acts with the rights of the absent instead of his own, and both names are on record.
    """

    absent = models.ForeignKey(
        "identity.Account", on_delete=models.PROTECT, related_name="absences", verbose_name="被代班人"
    )
    substitute = models.ForeignKey(
        "identity.Account", on_delete=models.PROTECT, related_name="substitutions", verbose_name="代班人"
    )
    org_path = models.CharField("所属机构", max_length=200, default="/")
    division = models.CharField("行政区划", max_length=6, default="")
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("截止日期")
    reason = models.CharField("事由", max_length=200)
    approved_by = models.CharField("批准人", max_length=64, default="", blank=True)
    approved_name = models.CharField("批准人姓名", max_length=60, default="", blank=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    ended_at = models.DateTimeField("提前结束", null=True)
    acting = models.BooleanField("正在代班", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["substitute"], condition=Q(acting=True), name="identity_substitution_one_acting"
            ),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="identity_substitution_of_another"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="identity_substitution_period"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("created_by")), name="identity_substitution_not_own"
            ),
            ExclusionConstraint(
                name="identity_substitution_one_at_a_time",
                expressions=[
                    (F("absent"), RangeOperators.EQUAL),
                    (
                        Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(approved_at__isnull=False, ended_at__isnull=True),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["org_path", "id"], name="identity_substitution_path", opclasses=["text_pattern_ops", "int8_ops"]),
        ]  # fmt: skip


explain("identity_grant_period", "grant.period", "截止日期早于起始日期", "请重新选择日期", "ends_on")
explain("identity_grant_not_to_itself", "grant.self", "不能授权给本机构", "请选择下级机构", "organisation")
explain("identity_grant_wider", "grant.wider", "授权超出了本机构自己的权限", "请减少权限、缩小数据范围或提前截止日期")
explain("identity_grant_not_below", "grant.not_below", "只能授权给下级机构", "请选择下级机构", "organisation")
explain("identity_substitution_of_another", "substitution.self", "不能由本人代班", "请选择另一位同事", "substitute")
explain("identity_substitution_period", "substitution.period", "截止日期早于起始日期", "请重新选择日期", "ends_on")
explain("identity_substitution_not_own", "substitution.own", "不能批准自己提出的代班", "请由另一位管理员批准")
explain(
    "identity_substitution_one_at_a_time",
    "substitution.overlap",
    "这段时间已经有人代班",
    "请先结束已有的代班",
    "starts_on",
)
