"""Applications for accounts with their flows, second factors, providers of single sign-on."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0005_actor_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountFlow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "klass",
                    models.CharField(
                        choices=[
                            ("city", "市级住房保障机构用户"),
                            ("district", "区级住房保障机构用户"),
                            ("operator", "住保运营机构用户"),
                        ],
                        max_length=10,
                        verbose_name="账号类别",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("steps", models.JSONField(verbose_name="步骤")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None, verbose_name="可申请的角色"
                    ),
                ),
                ("process_version", models.PositiveIntegerField(verbose_name="流程版本")),
                ("made_at", models.DateTimeField(verbose_name="发布时间")),
                ("made_by", models.CharField(max_length=64, verbose_name="发布人")),
                ("made_name", models.CharField(default="", max_length=60, verbose_name="发布人姓名")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("klass", "version"), name="identity_flow_version"),
                    models.CheckConstraint(
                        condition=models.Q(("klass__in", ["city", "district", "operator"])), name="identity_flow_class"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="标识")),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "protocol",
                    models.CharField(
                        choices=[("oidc", "OpenID Connect"), ("cas", "CAS")], max_length=8, verbose_name="协议"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("staff", "工作人员"), ("resident", "居民")], max_length=10, verbose_name="使用者"
                    ),
                ),
                ("url", models.CharField(max_length=300, verbose_name="地址")),
                ("client_id", models.CharField(blank=True, default="", max_length=100, verbose_name="客户端标识")),
                ("client_secret", anju.kernel.crypto.fields.EncryptedText(default="", verbose_name="客户端密钥")),
                ("trusts_phone", models.BooleanField(default=False, verbose_name="信任其手机号")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("protocol__in", ["oidc", "cas"])), name="identity_provider_protocol"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["staff", "resident"])), name="identity_provider_audience"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__regex", "^https?://")), name="identity_provider_url"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("protocol", "oidc"), _negated=True),
                            models.Q(("client_id", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="identity_provider_client",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SsoAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.BinaryField(max_length=32, unique=True, verbose_name="状态摘要")),
                ("browser", models.BinaryField(max_length=32, verbose_name="浏览器摘要")),
                ("nonce", models.CharField(max_length=60, verbose_name="随机数")),
                ("verifier", anju.kernel.crypto.fields.EncryptedText(verbose_name="PKCE 校验码")),
                ("to", models.CharField(max_length=300, verbose_name="返回地址")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="失效时间")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                ("binding", models.BinaryField(max_length=32, null=True, unique=True, verbose_name="绑定凭条摘要")),
                ("profile", anju.kernel.crypto.fields.EncryptedText(default="", verbose_name="对方资料")),
                ("bound_at", models.DateTimeField(null=True, verbose_name="绑定时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="identity.provider", verbose_name="来源"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Totp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", anju.kernel.crypto.fields.EncryptedText(verbose_name="密钥")),
                ("created_at", models.DateTimeField(verbose_name="绑定时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="启用时间")),
                ("last_step", models.BigIntegerField(default=0, verbose_name="最近用过的时段")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="totp",
                        to="identity.account",
                        verbose_name="账号",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccountApplication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                (
                    "klass",
                    models.CharField(
                        choices=[
                            ("city", "市级住房保障机构用户"),
                            ("district", "区级住房保障机构用户"),
                            ("operator", "住保运营机构用户"),
                        ],
                        max_length=10,
                        verbose_name="账号类别",
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="申请编号")),
                ("case_id", models.BigIntegerField(unique=True, verbose_name="案件")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("username", models.CharField(max_length=60, verbose_name="账号")),
                ("post", models.CharField(blank=True, default="", max_length=60, verbose_name="岗位")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None, verbose_name="申请的角色"
                    ),
                ),
                ("id_number", anju.kernel.crypto.fields.EncryptedText(verbose_name="证件号码")),
                ("person_key", models.BinaryField(max_length=32, verbose_name="证件索引")),
                ("phone", anju.kernel.crypto.fields.EncryptedText(verbose_name="手机")),
                ("phone_key", models.BinaryField(max_length=32, verbose_name="手机索引")),
                ("file_id", models.BigIntegerField(verbose_name="单位盖章文件")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "审核中"),
                            ("correction", "待补正"),
                            ("approved", "已开通"),
                            ("refused", "未通过"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("remark", models.CharField(blank=True, default="", max_length=500, verbose_name="审核意见")),
                (
                    "account",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="application",
                        to="identity.account",
                        verbose_name="开通的账号",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="identity.organisation", verbose_name="单位"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["created_at", "id"], name="identity_application_newest"),
                    models.Index(fields=["org_path"], name="identity_application_path", opclasses=["text_pattern_ops"]),
                    models.Index(
                        fields=["division"], name="identity_application_division", opclasses=["text_pattern_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("klass__in", ["city", "district", "operator"])),
                        name="identity_application_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", False), ("state", "approved")),
                            models.Q(("state__in", ["open", "correction", "refused"]), ("account__isnull", True)),
                            _connector="OR",
                        ),
                        name="identity_application_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "correction"])),
                        fields=("organisation", "person_key"),
                        name="identity_application_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential_id", models.BinaryField(max_length=1024, verbose_name="凭据编号")),
                ("public_key", models.BinaryField(verbose_name="公钥")),
                ("sign_count", models.BigIntegerField(default=0, verbose_name="使用计数")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("created_at", models.DateTimeField(verbose_name="绑定时间")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="上次使用")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to="identity.account",
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("credential_id",), name="identity_passkey_once")],
            },
        ),
        migrations.CreateModel(
            name="ExternalIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_key", models.BinaryField(max_length=32, verbose_name="对方编号索引")),
                (
                    "kind",
                    models.CharField(
                        choices=[("staff", "工作人员"), ("resident", "居民")], max_length=10, verbose_name="使用者"
                    ),
                ),
                ("account_id", models.BigIntegerField(verbose_name="账号")),
                ("bound_at", models.DateTimeField(verbose_name="绑定时间")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="上次登录")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="identity.provider", verbose_name="来源"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "subject_key"), name="identity_external_once"),
                    models.UniqueConstraint(
                        fields=("provider", "kind", "account_id"), name="identity_external_account"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, verbose_name="摘要")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to="identity.account",
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "digest"), name="identity_recovery_once")],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True, verbose_name="凭条摘要")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("sign_in", "登录第二步"), ("add_passkey", "绑定通行密钥")],
                        max_length=20,
                        verbose_name="用途",
                    ),
                ),
                ("challenge", models.BinaryField(max_length=64, verbose_name="待签内容")),
                ("factor", models.CharField(default="password", max_length=20, verbose_name="第一步")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="失效时间")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="identity.account", verbose_name="账号"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["sign_in", "add_passkey"])), name="identity_ticket_purpose"
                    )
                ],
            },
        ),
    ]
