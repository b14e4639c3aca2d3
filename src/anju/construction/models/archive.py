"""项目档案: every confirmed procedure of a project, found in one place."""

from __future__ import annotations

from django.db import models

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index


class ArchiveItem(Owned):
    """One archived procedure; declared data, materials, opinions and papers stay with its case.

    `project_id` is the project in the register, once a procedure has brought it there.
    """

    archive_no = models.CharField("档案号", max_length=40, unique=True)
    kind = models.CharField("档案类别", max_length=40)
    case_id = models.BigIntegerField("案件")
    number = models.CharField("事项编号", max_length=40)
    project_id = models.BigIntegerField("建设项目", null=True, blank=True)
    project_name = models.CharField("项目名称", max_length=100)
    base_name = models.CharField("基地名称", max_length=100, default="", blank=True)
    plot_no = models.CharField("地块编号", max_length=60, default="", blank=True)
    filer = models.CharField("填报单位", max_length=100)
    archived_on = models.DateField("归档日期")
    materials = models.PositiveIntegerField("材料份数", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id"], name="construction_archive_once")]
        indexes = [
            models.Index(fields=["-archived_on", "-id"], name="cons_archive_new"),
            models.Index(fields=["project_id", "id"], name="cons_archive_of_project"),
            search_index("cons_archive_found", "archive_no", "project_name", "number"),
        ]

    def __str__(self) -> str:
        return self.archive_no


explain("construction_archive_once", "construction.archived_twice", "这件事项已经归档", "到“项目档案”里查看")
