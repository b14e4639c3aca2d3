"""Single sign-on as provider: applications that take part, consents, sign-ins with their tokens, signing keys."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0006_applications_factors_providers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kid", models.CharField(max_length=60, unique=True, verbose_name="编号")),
                ("private", anju.kernel.crypto.fields.EncryptedText(verbose_name="私钥")),
                ("made_at", models.DateTimeField(db_index=True, verbose_name="生成时间")),
            ],
        ),
        migrations.CreateModel(
            name="AppClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("client_id", models.CharField(max_length=40, unique=True, verbose_name="客户端标识")),
                ("secret_digest", models.BinaryField(max_length=32, null=True, verbose_name="密钥摘要")),
                ("secret_at", models.DateTimeField(null=True, verbose_name="密钥签发时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[("confidential", "服务端应用"), ("public", "网页或手机应用")],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("redirects", models.TextField(max_length=2000, verbose_name="回调地址")),
                ("landings", models.TextField(blank=True, default="", max_length=2000, verbose_name="退出后地址")),
                ("scopes", models.CharField(default="openid profile", max_length=100, verbose_name="可申请的内容")),
                ("trusted", models.BooleanField(default=False, verbose_name="免确认")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client",
                        to="identity.application",
                        verbose_name="应用",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="内容"
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="同意时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.account",
                        verbose_name="账号",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.appclient",
                        verbose_name="应用",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppLogin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="内容"
                    ),
                ),
                ("code", models.BinaryField(max_length=32, unique=True, verbose_name="授权码摘要")),
                ("code_expires_at", models.DateTimeField(verbose_name="授权码失效时间")),
                ("redirect", models.CharField(max_length=500, verbose_name="回调地址")),
                ("challenge", models.CharField(default="", max_length=128, verbose_name="PKCE 质询")),
                ("nonce", models.CharField(default="", max_length=200, verbose_name="随机数")),
                ("began_at", models.DateTimeField(verbose_name="开始")),
                ("exchanged_at", models.DateTimeField(null=True, verbose_name="换取令牌时间")),
                ("used_at", models.DateTimeField(null=True, verbose_name="最近使用")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.account",
                        verbose_name="账号",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logins",
                        to="identity.appclient",
                        verbose_name="应用",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.session",
                        verbose_name="会话",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppToken",
            fields=[
                (
                    "digest",
                    models.BinaryField(max_length=32, primary_key=True, serialize=False, verbose_name="令牌摘要"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("access", "访问令牌"), ("refresh", "刷新令牌")], max_length=8, verbose_name="种类"
                    ),
                ),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="失效时间")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                (
                    "login",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="identity.applogin",
                        verbose_name="登录",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="appclient",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["confidential", "public"])), name="identity_client_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="appclient",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "confidential"), ("secret_digest__isnull", True), _connector="OR"),
                name="identity_client_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="appconsent",
            constraint=models.UniqueConstraint(fields=("account", "client"), name="identity_consent_once"),
        ),
        migrations.AddIndex(
            model_name="applogin",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["account"], name="identity_applogin_open"
            ),
        ),
    ]
