"""The catalogue: operations belong to services, services to classes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anju.kernel.base import Stamped
from anju.kernel.http import explain

UNSORTED = "unsorted"


class Dimension(models.TextChoices):
    """By what a class sorts services (SH-229.1)."""

    NATURE = "nature", "性质"
    FUNCTION = "function", "功能"
    FLOW = "flow", "业务流程"


class Level(models.IntegerChoices):
    """How much of a service one may use; each level includes those below it (SH-231.2)."""

    READ = 1, "查询"
    ACT = 2, "办理"
    MANAGE = 3, "管理"


class Period(models.TextChoices):
    """After which a quota begins anew, by the calendar of Shanghai."""

    DAY = "day", "每日"
    MONTH = "month", "每月"


class ServiceClass(Stamped):
    """A class of services (服务分类)."""

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60)
    dimension = models.CharField("分类方式", max_length=12, choices=Dimension.choices)
    position = models.PositiveIntegerField("次序", default=100)
    note = models.CharField("说明", max_length=300, default="", blank=True)

    class Meta:
        verbose_name = "服务分类"
        constraints = [
            models.CheckConstraint(condition=Q(dimension__in=Dimension.values), name="gateway_class_dimension"),
            models.UniqueConstraint(fields=["dimension", "title"], name="gateway_class_title"),
        ]
        indexes = [models.Index(fields=["position", "id"], name="gateway_class_position")]

    def __str__(self) -> str:
        return self.title


class Service(Stamped):
    """A set of operations that is granted and limited as one (服务), in one class of each dimension.

    `rate_calls` in `rate_seconds` and `quota_calls` in `quota_period` hold for each party that has no limits of its own.
    """

    key = models.CharField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=60, unique=True)
    note = models.CharField("说明", max_length=300, default="", blank=True)
    nature = models.ForeignKey(ServiceClass, models.PROTECT, related_name="by_nature", verbose_name="性质")
    function = models.ForeignKey(ServiceClass, models.PROTECT, related_name="by_function", verbose_name="功能")
    flow = models.ForeignKey(ServiceClass, models.PROTECT, related_name="by_flow", verbose_name="业务流程")
    open = models.BooleanField("可授权", default=True)
    rate_calls = models.PositiveIntegerField("频率上限", default=600)
    rate_seconds = models.PositiveIntegerField("频率周期", default=60)
    quota_calls = models.PositiveIntegerField("配额", null=True, blank=True)
    quota_period = models.CharField("配额周期", max_length=8, choices=Period.choices, default=Period.DAY)

    class Meta:
        verbose_name = "服务"
        constraints = [
            models.CheckConstraint(condition=Q(rate_calls__gte=1), name="gateway_service_rate_calls"),
            models.CheckConstraint(
                condition=Q(rate_seconds__gte=1, rate_seconds__lte=3600), name="gateway_service_rate_seconds"
            ),
            models.CheckConstraint(condition=Q(quota_period__in=Period.values), name="gateway_service_quota_period"),
        ]

    def __str__(self) -> str:
        return self.title


class Operation(Stamped):
    """An operation of the API as the program declares it; `gone` when the program no longer has it.

    What a person moves to another service stays there (`placed`), whatever the next release says.
    """

    method = models.CharField("方法", max_length=8)
    path = models.CharField("地址", max_length=200)
    summary = models.CharField("名称", max_length=120)
    right = models.CharField("所需权限", max_length=100)
    reach = models.CharField("数据范围", max_length=60)
    level = models.PositiveSmallIntegerField("权限级别", choices=Level.choices)
    service = models.ForeignKey(Service, models.PROTECT, related_name="operations", verbose_name="所属服务")
    placed = models.BooleanField("人工归类", default=False)
    gone = models.BooleanField("已下线", default=False)

    class Meta:
        verbose_name = "接口操作"
        constraints = [
            models.UniqueConstraint(fields=["method", "path"], name="gateway_operation_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="gateway_operation_level"),
        ]
        indexes = [models.Index(fields=["path", "id"], name="gateway_operation_path")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


explain("gateway_serviceclass_key_key", "gateway.class_exists", "这个分类标识已被使用", "请换一个标识", "key")
explain("gateway_class_title", "gateway.class_exists", "这种分类方式下已有同名分类", "请换一个名称", "title")
explain("gateway_service_key_key", "gateway.service_exists", "这个服务标识已被使用", "请换一个标识", "key")
explain("gateway_service_title_key", "gateway.service_exists", "已有同名服务", "请换一个名称", "title")
