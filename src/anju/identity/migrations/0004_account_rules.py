"""Rules for accounts, old passwords, locking with its reason, whose an account is, what a session demands."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_rights_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="OldPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=200, verbose_name="密码")),
                ("replaced_at", models.DateTimeField(verbose_name="停用时间")),
            ],
        ),
        migrations.CreateModel(
            name="SecurityPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("classes", "等级保护（字符种类、定期更换）"),
                            ("long", "长密码（不强制更换，比对泄露密码）"),
                        ],
                        default="classes",
                        max_length=10,
                        verbose_name="密码规则",
                    ),
                ),
                ("shortest", models.PositiveSmallIntegerField(default=12, verbose_name="密码最短长度")),
                ("classes", models.PositiveSmallIntegerField(default=3, verbose_name="字符种类")),
                ("max_age_days", models.PositiveSmallIntegerField(default=90, verbose_name="密码有效天数")),
                ("remembered", models.PositiveSmallIntegerField(default=5, verbose_name="不可重复的旧密码数")),
                ("idle_minutes", models.PositiveIntegerField(default=30, verbose_name="会话空闲时限（分钟）")),
                ("longest_hours", models.PositiveIntegerField(default=12, verbose_name="会话最长时限（小时）")),
                (
                    "resident_idle_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="居民会话空闲时限（天）"),
                ),
                (
                    "resident_longest_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="居民会话最长时限（天）"),
                ),
                ("failures_allowed", models.PositiveSmallIntegerField(default=5, verbose_name="连续失败次数")),
                ("lock_minutes", models.PositiveIntegerField(default=15, verbose_name="失败后锁定（分钟）")),
                ("idle_months", models.PositiveSmallIntegerField(default=3, verbose_name="未登录自动锁定（月）")),
                ("barred_from", models.TimeField(null=True, verbose_name="禁止登录时段起")),
                ("barred_until", models.TimeField(null=True, verbose_name="禁止登录时段止")),
                ("notify_new_place", models.BooleanField(default=True, verbose_name="新地址登录提醒")),
                (
                    "second_factor_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="须用第二因素的角色",
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="identity_account_state",
        ),
        migrations.AddField(
            model_name="account",
            name="id_number",
            field=anju.kernel.crypto.fields.EncryptedText(default="", verbose_name="证件号码"),
        ),
        migrations.AddField(
            model_name="account",
            name="password_changed_at",
            field=models.DateTimeField(null=True, verbose_name="密码修改时间"),
        ),
        migrations.AddField(
            model_name="account",
            name="person_key",
            field=models.BinaryField(max_length=32, null=True, verbose_name="证件索引"),
        ),
        migrations.AddField(
            model_name="account",
            name="phone",
            field=anju.kernel.crypto.fields.EncryptedText(default="", verbose_name="手机"),
        ),
        migrations.AddField(
            model_name="account",
            name="restored_at",
            field=models.DateTimeField(null=True, verbose_name="恢复时间"),
        ),
        migrations.AddField(
            model_name="account",
            name="state_at",
            field=models.DateTimeField(null=True, verbose_name="锁停时间"),
        ),
        migrations.AddField(
            model_name="account",
            name="state_reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="锁停原因"),
        ),
        migrations.AddField(
            model_name="session",
            name="demand",
            field=models.CharField(default="", max_length=40, verbose_name="须先办理"),
        ),
        migrations.AddField(
            model_name="session",
            name="factor",
            field=models.CharField(default="password", max_length=20, verbose_name="认证方式"),
        ),
        migrations.AlterField(
            model_name="account",
            name="state",
            field=models.CharField(
                choices=[("active", "正常"), ("locked", "锁定"), ("suspended", "停用")],
                default="active",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["kind", "account_id", "-id"], name="identity_session_newest"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person_key__isnull", False)),
                fields=("organisation", "person_key"),
                name="identity_account_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "locked", "suspended"])), name="identity_account_state"
            ),
        ),
        migrations.AddField(
            model_name="oldpassword",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="old_passwords",
                to="identity.account",
                verbose_name="账号",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="identity_policy_one"),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("profile__in", ["classes", "long"])), name="identity_policy_profile"
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("classes__range", (1, 4)),
                        ("max_age_days__gte", 1),
                        ("profile", "classes"),
                        ("shortest__gte", 8),
                    ),
                    models.Q(("classes", 0), ("max_age_days", 0), ("profile", "long"), ("shortest__gte", 15)),
                    _connector="OR",
                ),
                name="identity_policy_passwords",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("failures_allowed__gte", 1), ("idle_minutes__gte", 1), ("longest_hours__gte", 1)),
                name="identity_policy_sessions",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("barred_from__isnull", True), ("barred_until__isnull", True)),
                    models.Q(
                        ("barred_from__isnull", False),
                        ("barred_until__isnull", False),
                        models.Q(("barred_from", models.F("barred_until")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="identity_policy_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="oldpassword",
            index=models.Index(fields=["account", "-id"], name="identity_old_password"),
        ),
        # the age of passwords that are there already counts from now
        migrations.RunSQL(
            "UPDATE identity_account SET password_changed_at = now() WHERE password_changed_at IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
