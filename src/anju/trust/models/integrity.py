"""Devices and their records, and the integrity values of rows that other blocks keep."""

from __future__ import annotations

from django.db import models

from anju.kernel.base import Owned
from anju.kernel.http import explain


class DeviceKind(models.TextChoices):
    """What a device is."""

    SERVER = "server", "物理服务器"
    VIRTUAL = "virtual", "应用服务器虚拟机"
    DATABASE = "database", "数据库服务器虚拟机"
    NETWORK = "network", "网络与安全设备"


class Serves(models.TextChoices):
    """Which functions a device carries."""

    NEW = "new", "新建功能"
    FORMER = "former", "原功能整合"
    BOTH = "both", "新建与整合"


class Device(Owned):
    """A server or virtual machine whose logs and access-control data are kept with an integrity value (SH-233.3)."""

    code = models.CharField("设备编号", max_length=40, unique=True)
    name = models.CharField("设备名称", max_length=100)
    kind = models.CharField("类别", max_length=12, choices=DeviceKind.choices)
    serves = models.CharField("承载功能", max_length=8, choices=Serves.choices, default=Serves.BOTH)
    address = models.CharField("网络地址", max_length=64, default="", blank=True)
    last_number = models.BigIntegerField("最近记录号", default=0, editable=False)
    last_value = models.BinaryField("最近完整性值", max_length=32, default=bytes, editable=False)
    checked_at = models.DateTimeField("最近核验", null=True, editable=False)
    finding = models.CharField("核验结果", max_length=200, default="", blank=True, editable=False)

    class Meta:
        verbose_name = "设备"
        indexes = [models.Index(fields=["org_path"], name="trust_device_path", opclasses=["text_pattern_ops"])]


class RecordKind(models.TextChoices):
    """What a device reported."""

    LOG = "log", "日志"
    ACCESS = "access", "访问控制信息"


class DeviceRecord(models.Model):
    """One line of a device's log or of its access-control data.

    `value` is HMAC-SM3 over the device, the number, the moment, the kind, the text and the value before it; numbers
    leave no gap, and the device's row knows the last, so a removed record is missed wherever it stood.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="records", verbose_name="设备")
    number = models.BigIntegerField("记录号")
    kind = models.CharField("类别", max_length=8, choices=RecordKind.choices)
    at = models.DateTimeField("时间")
    text = models.TextField("内容")
    digest = models.BinaryField("来源摘要", max_length=32)
    value = models.BinaryField("完整性值", max_length=32)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "设备记录"
        constraints = [
            models.UniqueConstraint(fields=["device", "number"], name="trust_record_number"),
            models.UniqueConstraint(fields=["device", "digest"], name="trust_record_once"),
        ]
        indexes = [models.Index(fields=["device", "at"], name="trust_record_at")]


explain("trust_device_code_key", "device.exists", "设备编号已存在", "请换一个编号", "code")


class IntegrityMark(models.Model):
    """The integrity value of a row of another table, made soon after the row was written (SH-233.7)."""

    kind = models.CharField("类别", max_length=40)
    row = models.BigIntegerField("行")
    value = models.BinaryField("完整性值", max_length=32)
    made_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="trust_mark_once")]
