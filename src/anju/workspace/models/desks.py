"""What a person arranged for himself: the cards of a work view, and his set of applications (SH-001, SH-002.7)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Layout(models.Model):
    """The cards of one view as one person wants them, in order, each with its width; without a row the view's own."""

    person_ref = models.CharField("人员", max_length=64)
    view = models.CharField("视图", max_length=30)
    cards = models.JSONField("卡片", default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_ref", "view"], name="workspace_layout_once")]


class PersonalSet(models.Model):
    """The applications a person put together for his daily work, in his order."""

    person_ref = models.CharField("人员", max_length=64, unique=True)
    applications = ArrayField(models.CharField(max_length=80), verbose_name="应用", default=list)
