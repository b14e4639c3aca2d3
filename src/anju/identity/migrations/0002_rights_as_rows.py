"""Roles with all that belongs to them, posts, grants, menus, applications, and the history of organisations."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import anju.kernel.scope.actor

HELD = """
ALTER TABLE identity_account_roles ADD COLUMN until date;
ALTER TABLE identity_account_roles ADD COLUMN granted_by varchar(64) NOT NULL DEFAULT 'system:0';
ALTER TABLE identity_account_roles ADD COLUMN granted_at timestamptz;
"""
NOT_HELD = """
ALTER TABLE identity_account_roles DROP COLUMN granted_at;
ALTER TABLE identity_account_roles DROP COLUMN granted_by;
ALTER TABLE identity_account_roles DROP COLUMN until;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="AccountPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(null=True, verbose_name="有效至")),
                ("bound_by", models.CharField(default="system:0", max_length=64, verbose_name="办理人")),
                ("bound_at", models.DateTimeField(auto_now_add=True, verbose_name="上岗时间")),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="标识")),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("icon", models.CharField(blank=True, default="app-window", max_length=40, verbose_name="图标")),
                ("path", models.CharField(blank=True, default="", max_length=300, verbose_name="地址")),
                ("summary", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("system", models.CharField(blank=True, default="", max_length=60, verbose_name="所属系统")),
                (
                    "state",
                    models.CharField(
                        choices=[("registered", "已注册"), ("published", "已发布"), ("suspended", "已停用")],
                        default="registered",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("release", models.CharField(blank=True, default="1.0", max_length=20, verbose_name="版本")),
                ("position", models.IntegerField(default=0, verbose_name="顺序")),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="所用权限",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FunctionPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("right", models.CharField(max_length=100, unique=True, verbose_name="权限标识")),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("group", models.CharField(default="", max_length=60, verbose_name="分组")),
                (
                    "kind",
                    models.CharField(
                        choices=[("menu", "菜单"), ("operation", "操作"), ("data", "数据")],
                        default="operation",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        blank=True,
                        choices=[("", "业务"), ("system", "系统管理"), ("security", "安全管理"), ("audit", "审计管理")],
                        default="",
                        max_length=10,
                        verbose_name="管理职责",
                    ),
                ),
                ("shipped", models.BooleanField(default=False, verbose_name="随产品提供")),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("title", models.CharField(max_length=100, verbose_name="授权事项")),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), size=None, verbose_name="权限"
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("all", "all"),
                            ("division", "division"),
                            ("org_and_below", "org_and_below"),
                            ("org", "org"),
                            ("own", "own"),
                            ("chosen", "chosen"),
                        ],
                        max_length=20,
                        verbose_name="最大数据范围",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="起始日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="收回时间")),
                ("revoked_by", models.CharField(blank=True, default="", max_length=64, verbose_name="收回人")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="收回原因")),
            ],
        ),
        migrations.CreateModel(
            name="Increment",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False, verbose_name="序号")),
                ("kind", models.CharField(max_length=20, verbose_name="对象")),
                ("object_id", models.BigIntegerField(verbose_name="标识")),
                ("action", models.CharField(max_length=20, verbose_name="变更")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
        ),
        migrations.CreateModel(
            name="MenuItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="标识")),
                ("title", models.CharField(max_length=40, verbose_name="名称")),
                ("icon", models.CharField(blank=True, default="table-2", max_length=40, verbose_name="图标")),
                ("path", models.CharField(blank=True, default="", max_length=200, verbose_name="地址")),
                ("right", models.CharField(blank=True, default="", max_length=100, verbose_name="所需权限")),
                ("position", models.IntegerField(default=0, verbose_name="顺序")),
                ("hidden", models.BooleanField(default=False, verbose_name="隐藏")),
                ("shipped", models.BooleanField(default=False, verbose_name="随产品提供")),
            ],
        ),
        migrations.CreateModel(
            name="OrganisationChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("move", "移动"), ("merge", "并入")], max_length=10, verbose_name="变更"),
                ),
                ("old_path", models.CharField(max_length=200, verbose_name="原路径")),
                ("new_path", models.CharField(max_length=200, verbose_name="新路径")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("rows", models.BigIntegerField(default=0, verbose_name="随迁记录")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor", models.CharField(max_length=64, verbose_name="经办")),
                ("actor_name", models.CharField(max_length=60, verbose_name="经办人")),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("all", "all"),
                            ("division", "division"),
                            ("org_and_below", "org_and_below"),
                            ("org", "org"),
                            ("own", "own"),
                            ("chosen", "chosen"),
                        ],
                        max_length=20,
                        verbose_name="数据范围",
                    ),
                ),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="权限",
                    ),
                ),
                ("reaches", models.JSONField(blank=True, default=dict, verbose_name="单项数据范围")),
                (
                    "divisions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="指定区划",
                    ),
                ),
                ("fields", models.JSONField(blank=True, default=dict, verbose_name="字段权限")),
                (
                    "duty",
                    models.CharField(
                        blank=True,
                        choices=[("", "业务"), ("system", "系统管理"), ("security", "安全管理"), ("audit", "审计管理")],
                        default="",
                        editable=False,
                        max_length=10,
                        verbose_name="管理职责",
                    ),
                ),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("title", models.CharField(max_length=60, verbose_name="岗位")),
                ("note", models.CharField(blank=True, default="", max_length=300, verbose_name="岗位职责")),
            ],
        ),
        migrations.CreateModel(
            name="Substitution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("starts_on", models.DateField(verbose_name="起始日期")),
                ("ends_on", models.DateField(verbose_name="截止日期")),
                ("reason", models.CharField(max_length=200, verbose_name="事由")),
                ("approved_by", models.CharField(blank=True, default="", max_length=64, verbose_name="批准人")),
                ("approved_name", models.CharField(blank=True, default="", max_length=60, verbose_name="批准人姓名")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="提前结束")),
                ("acting", models.BooleanField(default=False, verbose_name="正在代班")),
            ],
        ),
        migrations.AddField(
            model_name="organisation",
            name="ended_on",
            field=models.DateField(blank=True, null=True, verbose_name="撤并日期"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="ended_reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="撤并原因"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="governed",
            field=models.BooleanField(default=False, verbose_name="按授权用权"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="identity.organisation",
                verbose_name="并入机构",
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="divisions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6), blank=True, default=list, size=None, verbose_name="指定区划"
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="duty",
            field=models.CharField(
                blank=True,
                choices=[("", "业务"), ("system", "系统管理"), ("security", "安全管理"), ("audit", "审计管理")],
                default="",
                editable=False,
                max_length=10,
                verbose_name="管理职责",
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="fields",
            field=models.JSONField(blank=True, default=dict, verbose_name="字段权限"),
        ),
        migrations.AddField(
            model_name="role",
            name="note",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="说明"),
        ),
        migrations.AddField(
            model_name="role",
            name="organisations",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="identity.organisation", verbose_name="指定机构"
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="reaches",
            field=models.JSONField(blank=True, default=dict, verbose_name="单项数据范围"),
        ),
        migrations.AlterField(
            model_name="role",
            name="reach",
            field=models.CharField(
                choices=[
                    ("all", "all"),
                    ("division", "division"),
                    ("org_and_below", "org_and_below"),
                    ("org", "org"),
                    ("own", "own"),
                    ("chosen", "chosen"),
                ],
                max_length=20,
                verbose_name="数据范围",
            ),
        ),
        migrations.AlterField(
            model_name="role",
            name="rights",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name="权限"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("governed", True)), fields=["id"], name="identity_organisation_governed"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on__isnull", True), ("active", False), _connector="OR"),
                name="identity_organisation_ended_is_closed",
            ),
        ),
        migrations.AddField(
            model_name="accountpost",
            name="account",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="identity.account"),
        ),
        migrations.AddField(
            model_name="application",
            name="organisations",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="identity.organisation", verbose_name="可用机构"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="roles",
            field=models.ManyToManyField(
                blank=True, related_name="applications", to="identity.role", verbose_name="可用角色"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.organisation",
                verbose_name="授权机构",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="identity.organisation",
                verbose_name="被授权机构",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="identity.grant", verbose_name="依据的授权"
            ),
        ),
        migrations.AddField(
            model_name="menuitem",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="identity.menuitem",
                verbose_name="上级菜单",
            ),
        ),
        migrations.AddField(
            model_name="menuitem",
            name="roles",
            field=models.ManyToManyField(blank=True, related_name="+", to="identity.role", verbose_name="限定角色"),
        ),
        migrations.AddField(
            model_name="functionpoint",
            name="menu",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="functions",
                to="identity.menuitem",
                verbose_name="所属菜单",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="menu",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="application",
                to="identity.menuitem",
                verbose_name="菜单",
            ),
        ),
        migrations.AddField(
            model_name="organisationchange",
            name="after",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.organisation",
                verbose_name="现上级或并入机构",
            ),
        ),
        migrations.AddField(
            model_name="organisationchange",
            name="before",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.organisation",
                verbose_name="原上级机构",
            ),
        ),
        migrations.AddField(
            model_name="organisationchange",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.organisation",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="accounts",
            field=models.ManyToManyField(
                related_name="posts", through="identity.AccountPost", to="identity.account", verbose_name="在岗账号"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="identity.organisation", verbose_name="机构"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="organisations",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="identity.organisation", verbose_name="指定机构"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="roles",
            field=models.ManyToManyField(blank=True, related_name="posts", to="identity.role", verbose_name="角色"),
        ),
        migrations.AddField(
            model_name="menuitem",
            name="posts",
            field=models.ManyToManyField(blank=True, related_name="+", to="identity.post", verbose_name="限定岗位"),
        ),
        migrations.AddField(
            model_name="accountpost",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="identity.post", verbose_name="岗位"
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="absent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absences",
                to="identity.account",
                verbose_name="被代班人",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="substitute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="substitutions",
                to="identity.account",
                verbose_name="代班人",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("revoked_at__isnull", True)), fields=["organisation"], name="identity_grant_live"
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                fields=["org_path", "id"], name="identity_grant_path", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="identity_grant_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("organisation")), _negated=True),
                name="identity_grant_not_to_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("reach", anju.kernel.scope.actor.Reach["CHOSEN"]), _negated=True),
                name="identity_grant_reach",
            ),
        ),
        migrations.AddIndex(
            model_name="functionpoint",
            index=models.Index(fields=["group", "id"], name="identity_function_group"),
        ),
        migrations.AddConstraint(
            model_name="functionpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("right__regex", "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$")),
                name="identity_function_right",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["position", "id"], name="identity_application_order"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state", "suspended")), fields=["state"], name="identity_application_suspended"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["registered", "published", "suspended"])),
                name="identity_application_state",
            ),
        ),
        migrations.AddIndex(
            model_name="organisationchange",
            index=models.Index(fields=["at", "id"], name="identity_organisationchange_at"),
        ),
        migrations.AddConstraint(
            model_name="organisationchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["move", "merge"])), name="identity_organisationchange_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["org_path", "id"], name="identity_post_path", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("organisation", "title"), name="identity_post_once"),
        ),
        migrations.AddIndex(
            model_name="menuitem",
            index=models.Index(fields=["position", "id"], name="identity_menuitem_order"),
        ),
        migrations.AddConstraint(
            model_name="menuitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="identity_menuitem_not_own_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="accountpost",
            constraint=models.UniqueConstraint(fields=("account", "post"), name="identity_accountpost_once"),
        ),
        migrations.AddIndex(
            model_name="substitution",
            index=models.Index(
                fields=["org_path", "id"], name="identity_substitution_path", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("acting", True)), fields=("substitute",), name="identity_substitution_one_acting"
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("absent", models.F("substitute")), _negated=True),
                name="identity_substitution_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="identity_substitution_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", ""),
                    models.Q(("approved_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="identity_substitution_not_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("approved_at__isnull", False), ("ended_at__isnull", True)),
                expressions=[
                    (models.F("absent"), "="),
                    (
                        models.Func(
                            models.F("starts_on"),
                            models.F("ends_on"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="identity_substitution_one_at_a_time",
            ),
        ),
        # the table of the roles held is there already: it becomes a model with a last day and a giver
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(HELD, NOT_HELD)],
            state_operations=[
                migrations.CreateModel(
                    name="AccountRole",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("until", models.DateField(null=True, verbose_name="有效至")),
                        ("granted_by", models.CharField(default="system:0", max_length=64, verbose_name="授予人")),
                        ("granted_at", models.DateTimeField(auto_now_add=True, null=True, verbose_name="授予时间")),
                    ],
                    options={
                        "db_table": "identity_account_roles",
                    },
                ),
                migrations.AddField(
                    model_name="accountrole",
                    name="account",
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="identity.account"),
                ),
                migrations.AddField(
                    model_name="accountrole",
                    name="role",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="identity.role", verbose_name="角色"
                    ),
                ),
                migrations.AlterField(
                    model_name="account",
                    name="roles",
                    field=models.ManyToManyField(
                        through="identity.AccountRole", to="identity.role", verbose_name="角色"
                    ),
                ),
                migrations.AlterUniqueTogether(
                    name="accountrole",
                    unique_together={("account", "role")},
                ),
            ],
        ),
    ]
