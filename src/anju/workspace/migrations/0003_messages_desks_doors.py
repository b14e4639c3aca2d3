"""E-mail, templates, contacts and preferences; notices to staff; work views and sets of a person; door events."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0002_tasks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.CharField(max_length=64, unique=True, verbose_name="人员")),
                ("email", anju.kernel.crypto.fields.EncryptedText(default="", verbose_name="邮箱")),
                ("phone", anju.kernel.crypto.fields.EncryptedText(default="", verbose_name="手机")),
                ("quiet_from", models.TimeField(null=True, verbose_name="免打扰开始")),
                ("quiet_to", models.TimeField(null=True, verbose_name="免打扰结束")),
            ],
        ),
        migrations.CreateModel(
            name="DoorEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=64, verbose_name="来源")),
                ("key", models.CharField(max_length=100, verbose_name="来源编号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("place", models.CharField(max_length=100, verbose_name="位置")),
                ("division", models.CharField(max_length=6, verbose_name="行政区划")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("person_masked", models.CharField(blank=True, default="", max_length=30, verbose_name="人员")),
                (
                    "way",
                    models.CharField(
                        choices=[("face", "人脸"), ("card", "刷卡"), ("code", "临时码"), ("phone", "手机")],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("passed", models.BooleanField(default=True, verbose_name="通过")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
            ],
        ),
        migrations.CreateModel(
            name="Layout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.CharField(max_length=64, verbose_name="人员")),
                ("view", models.CharField(max_length=30, verbose_name="视图")),
                ("cards", models.JSONField(default=list, verbose_name="卡片")),
            ],
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("person_ref", models.CharField(blank=True, default="", max_length=64, verbose_name="收件人标识")),
                ("address", anju.kernel.crypto.fields.EncryptedText(verbose_name="邮箱")),
                ("address_blind", models.BinaryField(max_length=32, verbose_name="邮箱索引")),
                ("address_masked", models.CharField(max_length=80, verbose_name="邮箱")),
                ("title", models.CharField(max_length=150, verbose_name="主题")),
                ("text", anju.kernel.crypto.fields.EncryptedText(null=True, verbose_name="正文")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("subject", models.CharField(blank=True, default="", max_length=64, verbose_name="所属事项")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待发送"), ("sent", "已发送"), ("failed", "发送失败")],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                ("message_uid", models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="邮件编号")),
                ("key", models.CharField(max_length=120, verbose_name="防重标识")),
                ("not_before", models.DateTimeField(null=True, verbose_name="最早发送")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="发送时间")),
                ("answer", models.CharField(blank=True, default="", max_length=300, verbose_name="邮件系统答复")),
            ],
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.CharField(max_length=64, verbose_name="人员")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
        ),
        migrations.CreateModel(
            name="OfficeNotice",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "政策调整"),
                            ("units", "房源动态"),
                            ("business", "业务通知"),
                            ("system", "系统公告"),
                        ],
                        default="business",
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("body", models.TextField(max_length=20000, verbose_name="正文")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="面向角色",
                    ),
                ),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="面向权限",
                    ),
                ),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="面向地区",
                    ),
                ),
                ("pinned", models.BooleanField(default=False, verbose_name="置顶")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                ("published_by", models.CharField(blank=True, default="", max_length=60, verbose_name="发布人")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                ("readers", models.PositiveIntegerField(default=0, verbose_name="已读人数")),
            ],
        ),
        migrations.CreateModel(
            name="PersonalSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.CharField(max_length=64, unique=True, verbose_name="人员")),
                (
                    "applications",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None, verbose_name="应用"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.CharField(max_length=64, verbose_name="人员")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None, verbose_name="渠道"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SeenStep",
            fields=[
                ("token_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="环节")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                (
                    "channel",
                    models.CharField(
                        choices=[("in_app", "站内消息"), ("email", "电子邮件"), ("sms", "短信")],
                        max_length=10,
                        verbose_name="渠道",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("text", models.TextField(max_length=1000, verbose_name="内容")),
            ],
        ),
        migrations.AddField(
            model_name="sms",
            name="not_before",
            field=models.DateTimeField(null=True, verbose_name="最早发送"),
        ),
        migrations.AddIndex(
            model_name="sms",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="workspace_sms_waiting"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                    models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                    _connector="OR",
                ),
                name="workspace_contact_quiet_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="doorevent",
            index=models.Index(fields=["-at", "-id"], name="workspace_doorevent_latest"),
        ),
        migrations.AddIndex(
            model_name="doorevent",
            index=models.Index(fields=["-received_at"], name="workspace_doorevent_received"),
        ),
        migrations.AddConstraint(
            model_name="doorevent",
            constraint=models.UniqueConstraint(fields=("source", "key"), name="workspace_doorevent_once"),
        ),
        migrations.AddConstraint(
            model_name="doorevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["face", "card", "code", "phone"])), name="workspace_doorevent_way"
            ),
        ),
        migrations.AddConstraint(
            model_name="layout",
            constraint=models.UniqueConstraint(fields=("person_ref", "view"), name="workspace_layout_once"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["-created_at", "-id"], name="workspace_mail_latest"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="workspace_mail_waiting"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["org_path"], name="workspace_mail_path", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(fields=("address_blind", "key"), name="workspace_mail_once"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sent", "failed"])), name="workspace_mail_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="workspace_mail_sent_when",
            ),
        ),
        migrations.AddIndex(
            model_name="officenotice",
            index=models.Index(fields=["-created_at", "-id"], name="workspace_notice_latest"),
        ),
        migrations.AddIndex(
            model_name="officenotice",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False), ("withdrawn_at__isnull", True)),
                fields=["-published_at", "-id"],
                name="workspace_notice_shown",
            ),
        ),
        migrations.AddIndex(
            model_name="officenotice",
            index=models.Index(fields=["org_path"], name="workspace_notice_path", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="officenotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["policy", "units", "business", "system"])),
                name="workspace_notice_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="officenotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    models.Q(("published_at__isnull", False), ("withdrawn_at__gte", models.F("published_at"))),
                    _connector="OR",
                ),
                name="workspace_notice_withdrawn_after",
            ),
        ),
        migrations.AddField(
            model_name="noticeread",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reads",
                to="workspace.officenotice",
                verbose_name="通知",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(fields=("person_ref", "kind"), name="workspace_preference_once"),
        ),
        migrations.AddIndex(
            model_name="template",
            index=models.Index(fields=["kind", "id"], name="workspace_template_list"),
        ),
        migrations.AddConstraint(
            model_name="template",
            constraint=models.UniqueConstraint(fields=("kind", "channel"), name="workspace_template_once"),
        ),
        migrations.AddConstraint(
            model_name="template",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["in_app", "email", "sms"])), name="workspace_template_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeread",
            constraint=models.UniqueConstraint(fields=("notice", "person_ref"), name="workspace_noticeread_once"),
        ),
    ]
