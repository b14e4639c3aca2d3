"""Persons, append-only facts about them, and snapshots of households."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from anju.households.papers import DocumentType
from anju.kernel.base import Stamped
from anju.kernel.crypto import EncryptedText
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class Gender(models.TextChoices):
    """As on the identity document."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class Person(Stamped):
    """A person, the same by document type and number. The number is encrypted; `number_blind` finds it."""

    document_type = models.CharField("证件类型", max_length=20, choices=DocumentType.choices)
    document_number = EncryptedText("证件号码")
    number_blind = models.BinaryField("证件号码索引", max_length=32)
    name = models.CharField("姓名", max_length=60)
    birth_on = models.DateField("出生日期", null=True)
    gender = models.CharField("性别", max_length=8, choices=Gender.choices, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number_blind", "document_type"], name="households_person_by_number"),
            models.CheckConstraint(condition=Q(document_type__in=DocumentType.values), name="households_person_paper"),
            models.CheckConstraint(condition=Q(gender__in=["", *Gender.values]), name="households_person_gender"),
            models.CheckConstraint(condition=~Q(name=""), name="households_person_named"),
        ]
        indexes = [search_index("households_person_search", "name")]

    def __str__(self) -> str:
        return self.name


class Dealing(models.Model):
    """An office that has to do with a person: it registered him, or a household of its own names him. Persons belong
    to no office; whom an office may see follows from these."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="dealings", verbose_name="人员", db_index=False
    )
    org_path = models.CharField("机构", max_length=200)
    division = models.CharField("行政区划", max_length=6, default="", blank=True)
    created_at = models.DateTimeField("起始时间", auto_now_add=True)
    created_by = models.CharField("登记人", max_length=64, default="system:0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "org_path", "division"], name="households_dealing_once"),
        ]
        indexes = [
            models.Index(fields=["org_path"], name="households_dealing_office", opclasses=["text_pattern_ops"]),
        ]


class Fact(models.Model):
    """Something known of a person: from which day it holds, who says so, and when we were told. Never changed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts", verbose_name="人员")
    kind = models.CharField("种类", max_length=40)
    value = models.JSONField("内容")
    holds_from = models.DateField("自何日起")
    source = models.CharField("来源", max_length=80)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.CharField("记录人", max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["person", "kind", "-holds_from", "-recorded_at"], name="households_fact_latest"),
        ]


class HouseholdSnapshot(models.Model):
    """A household as it stood on a day, for a subject such as `case:12`. A later edition never replaces an earlier."""

    subject = models.CharField("所属事项", max_length=64)
    edition = models.PositiveIntegerField("第几次")
    taken_on = models.DateField("状况日期")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "edition"], name="households_snapshot_edition"),
            models.CheckConstraint(condition=Q(edition__gte=1), name="households_snapshot_numbered"),
        ]


class SnapshotMember(models.Model):
    """A member of the household on that day, with what the document said then."""

    snapshot = models.ForeignKey(HouseholdSnapshot, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    position = models.PositiveSmallIntegerField("次序")
    relation = models.CharField("与申请人关系", max_length=30)
    name = models.CharField("姓名", max_length=60)
    sealed_details = EncryptedText("其他登记内容")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "person"], name="households_member_once"),
            models.UniqueConstraint(fields=["snapshot"], condition=Q(relation="self"), name="households_one_applicant"),
        ]
        indexes = [models.Index(fields=["person"], name="households_member_person")]

    @property
    def details(self) -> dict[str, Any]:
        """What else was declared of the member: telephone, work, income."""
        told: dict[str, Any] = json.loads(self.sealed_details)
        return told


explain(
    "households_person_by_number", "person.exists", "这个证件号码已经登记过", "请直接使用已有人员", "document_number"
)
explain("households_member_once", "members.twice", "同一个人填了两次", "请移除重复的家庭成员", "members")
explain(
    "households_one_applicant", "members.two_applicants", "申请人只能有一位", "请修改其他成员与申请人的关系", "members"
)
explain("households_snapshot_edition", "members.recorded_meanwhile", "家庭情况刚刚被另一人登记", "请刷新后核对再提交")
explain("households_append_only", "households.frozen", "已登记的事实和家庭快照不能修改", "请登记一条新的")
