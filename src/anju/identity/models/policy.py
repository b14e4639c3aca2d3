"""The city's rules for accounts: passwords, sessions, automatic locking, second factor. One row, changed in a page."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Stamped


class PasswordProfile(models.TextChoices):
    """Which rule passwords follow (see the rulings on passwords)."""

    CLASSES = "classes", "等级保护（字符种类、定期更换）"
    LONG = "long", "长密码（不强制更换，比对泄露密码）"


class SecurityPolicy(Stamped):
    """The one row (`id` 1) of settings; the defaults are those of GB/T 22239, level 3."""

    profile = models.CharField(
        "密码规则", max_length=10, choices=PasswordProfile.choices, default=PasswordProfile.CLASSES
    )
    shortest = models.PositiveSmallIntegerField("密码最短长度", default=12)
    classes = models.PositiveSmallIntegerField("字符种类", default=3)
    max_age_days = models.PositiveSmallIntegerField("密码有效天数", default=90)
    remembered = models.PositiveSmallIntegerField("不可重复的旧密码数", default=5)
    idle_minutes = models.PositiveIntegerField("会话空闲时限（分钟）", default=30)
    longest_hours = models.PositiveIntegerField("会话最长时限（小时）", default=12)
    resident_idle_days = models.PositiveSmallIntegerField("居民会话空闲时限（天）", default=7)
    resident_longest_days = models.PositiveSmallIntegerField("居民会话最长时限（天）", default=30)
    failures_allowed = models.PositiveSmallIntegerField("连续失败次数", default=5)
    lock_minutes = models.PositiveIntegerField("失败后锁定（分钟）", default=15)
    idle_months = models.PositiveSmallIntegerField("未登录自动锁定（月）", default=3)
    barred_from = models.TimeField("禁止登录时段起", null=True)
    barred_until = models.TimeField("禁止登录时段止", null=True)
    notify_new_place = models.BooleanField("新地址登录提醒", default=True)
    second_factor_roles = ArrayField(
        models.CharField(max_length=60), verbose_name="须用第二因素的角色", default=list, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="identity_policy_one"),
            models.CheckConstraint(condition=Q(profile__in=PasswordProfile.values), name="identity_policy_profile"),
            models.CheckConstraint(
                condition=Q(profile="classes", shortest__gte=8, classes__range=(1, 4), max_age_days__gte=1)
                | Q(profile="long", shortest__gte=15, classes=0, max_age_days=0),
                name="identity_policy_passwords",
            ),
            models.CheckConstraint(
                condition=Q(idle_minutes__gte=1, longest_hours__gte=1, failures_allowed__gte=1),
                name="identity_policy_sessions",
            ),
            models.CheckConstraint(
                condition=Q(barred_from__isnull=True, barred_until__isnull=True)
                | (Q(barred_from__isnull=False, barred_until__isnull=False) & ~Q(barred_from=F("barred_until"))),
                name="identity_policy_hours",
            ),
        ]
