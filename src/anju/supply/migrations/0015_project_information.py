"""What people are told of a project, its pictures and video, and advance notices."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0014_project_place_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdvanceNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("number", models.CharField(max_length=32, verbose_name="预告编号")),
                ("name", models.CharField(max_length=100, verbose_name="项目名称")),
                ("address", models.CharField(max_length=200, verbose_name="项目地址")),
                ("planned_on", models.DateField(verbose_name="计划供应时间")),
                ("scope", models.CharField(max_length=300, verbose_name="供应范围")),
                ("units", models.PositiveIntegerField(verbose_name="套数")),
                ("rent_from", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="预计租金下限")),
                ("rent_to", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="预计租金上限")),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "待提交"),
                            ("district", "待区级审核"),
                            ("city", "待市级审核"),
                            ("published", "已发布"),
                            ("invalid", "无效"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opinion", models.CharField(blank=True, default="", max_length=300, verbose_name="最近意见")),
                ("published_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="下架时间")),
                ("told_version", models.PositiveIntegerField(default=0, verbose_name="已推送的版本")),
                ("told_at", models.DateTimeField(null=True, verbose_name="推送时间")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.operator",
                        verbose_name="出租单位",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.project",
                        verbose_name="对应项目",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["planned_on", "id"], name="supply_notice_by_day"),
                    models.Index(fields=["state", "planned_on"], name="supply_notice_by_state"),
                    models.Index(fields=["org_path"], name="supply_notice_path", opclasses=["text_pattern_ops"]),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="supply_notice_number"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "district", "city", "published", "invalid"])),
                        name="supply_notice_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="supply_notice_units"),
                    models.CheckConstraint(
                        condition=models.Q(("rent_from__gte", 0), ("rent_to__gte", models.F("rent_from"))),
                        name="supply_notice_rents",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "invalid"]), ("published_at__isnull", False)),
                            models.Q(
                                models.Q(("state__in", ["published", "invalid"]), _negated=True),
                                ("published_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="supply_notice_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "invalid"), ("ended_at__isnull", False)),
                            models.Q(models.Q(("state", "invalid"), _negated=True), ("ended_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="supply_notice_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectInformation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("told_version", models.PositiveIntegerField(default=0, verbose_name="已推送的版本")),
                ("told_at", models.DateTimeField(null=True, verbose_name="推送时间")),
                (
                    "allocation",
                    models.CharField(
                        choices=[("central", "集中配租"), ("regular", "常态配租")],
                        default="regular",
                        max_length=16,
                        verbose_name="配租方式",
                    ),
                ),
                ("supply_on", models.DateField(null=True, verbose_name="供应日期")),
                (
                    "price",
                    models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="供应价格（元/㎡·月）"),
                ),
                (
                    "rent_from",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, null=True, verbose_name="租金水平下限（元/月）"
                    ),
                ),
                (
                    "rent_to",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, null=True, verbose_name="租金水平上限（元/月）"
                    ),
                ),
                ("accept_from", models.DateField(null=True, verbose_name="受理开始日期")),
                ("accept_until", models.DateField(null=True, verbose_name="受理截止日期")),
                ("supply_from", models.DateField(null=True, verbose_name="集中供应开始日期")),
                ("supply_until", models.DateField(null=True, verbose_name="集中供应截止日期")),
                ("contact", models.CharField(default="", max_length=50, verbose_name="联系人")),
                ("contact_phone", models.CharField(default="", max_length=30, verbose_name="联系电话")),
                ("hours", models.CharField(default="", max_length=100, verbose_name="接待时间")),
                ("transport", models.TextField(default="", verbose_name="交通")),
                ("fittings", models.JSONField(default=list, verbose_name="房屋配套")),
                ("rules", models.TextField(default="", verbose_name="配租规则")),
                ("conveniences", models.TextField(default="", verbose_name="便民信息")),
                ("notes", models.TextField(default="", verbose_name="办理须知")),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="information",
                        to="supply.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("version", models.F("told_version")), _negated=True),
                        fields=["id"],
                        name="supply_info_untold",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("rules"), 2000
                        ),
                        name="supply_info_rules",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("conveniences"), 500
                        ),
                        name="supply_info_conveniences",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("notes"), 2000
                        ),
                        name="supply_info_notes",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("transport"), 500
                        ),
                        name="supply_info_transport",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accept_until__gte", models.F("accept_from")),
                            ("supply_until__gte", models.F("supply_from")),
                        ),
                        name="supply_info_periods",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("price__gte", 0), ("rent_from__gte", 0), ("rent_to__gte", models.F("rent_from"))
                        ),
                        name="supply_info_rents",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("allocation__in", ["central", "regular"])), name="supply_info_allocation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectMedium",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("picture", "项目照片"),
                            ("plan", "户型图"),
                            ("room", "房源图"),
                            ("video", "项目视频"),
                            ("cover", "视频封面"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("layout", models.CharField(default="", max_length=32, verbose_name="户型")),
                ("title", models.CharField(default="", max_length=60, verbose_name="说明")),
                ("file_id", models.BigIntegerField(verbose_name="文件")),
                ("mime", models.CharField(max_length=40, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("created_at", models.DateTimeField(verbose_name="上传时间")),
                ("created_by", models.CharField(max_length=64, verbose_name="上传人")),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media",
                        to="supply.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="supply.unit",
                        verbose_name="房源",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["project", "kind", "id"], name="supply_medium_of_project")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["video", "cover"])),
                        fields=("project", "kind"),
                        name="supply_medium_one_video",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "plan")),
                        fields=("project", "layout"),
                        name="supply_medium_one_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["picture", "plan", "room", "video", "cover"])),
                        name="supply_medium_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["plan", "room"]), _negated=True),
                            models.Q(("layout", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="supply_medium_layout",
                    ),
                ],
            },
        ),
    ]
