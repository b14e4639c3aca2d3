"""Contract templates of offices with their versions, which are never rewritten, and print rights (SH-066)."""

import django.db.models.deletion
from django.db import migrations, models

FREEZE = """
CREATE FUNCTION tenancy_templateversion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an uploaded version is never rewritten or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tenancy_templateversion_frozen';
END $$;
CREATE TRIGGER tenancy_templateversion_frozen BEFORE UPDATE ON tenancy_templateversion FOR EACH ROW
    WHEN ((OLD.template_id, OLD.number, OLD.file_id, OLD.blocks, OLD.valid_from, OLD.uploaded_by)
        IS DISTINCT FROM (NEW.template_id, NEW.number, NEW.file_id, NEW.blocks, NEW.valid_from, NEW.uploaded_by)
        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at))
    EXECUTE FUNCTION tenancy_templateversion_refuse();
CREATE TRIGGER tenancy_templateversion_kept BEFORE DELETE ON tenancy_templateversion FOR EACH ROW
    EXECUTE FUNCTION tenancy_templateversion_refuse();
"""
THAW = """
DROP TRIGGER tenancy_templateversion_kept ON tenancy_templateversion;
DROP TRIGGER tenancy_templateversion_frozen ON tenancy_templateversion;
DROP FUNCTION tenancy_templateversion_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("identity", "0001_initial"),
        ("supply", "0003_operator_organisation"),
        ("tenancy", "0003_taken_over"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("org_path", models.CharField(default="/", max_length=200, verbose_name="所属机构")),
                ("division", models.CharField(default="", max_length=6, verbose_name="行政区划")),
                ("extra", models.JSONField(blank=True, default=dict, verbose_name="扩展属性")),
                ("name", models.CharField(max_length=80, verbose_name="模板名称")),
                ("programme", models.CharField(max_length=32, verbose_name="保障类别")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "estate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.estate",
                        verbose_name="小区",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrintRight",
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
                    "paper",
                    models.CharField(
                        choices=[
                            ("lease_contract", "租赁合同"),
                            ("filing_notice", "备案通知书"),
                            ("termination_notice", "退租确认书"),
                        ],
                        max_length=30,
                        verbose_name="文书",
                    ),
                ),
                ("organisation_kind", models.CharField(blank=True, default="", max_length=12, verbose_name="机构类别")),
                ("programme", models.CharField(blank=True, default="", max_length=32, verbose_name="保障类别")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="机构",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("created_by", models.CharField(default="system:0", max_length=64, verbose_name="创建人")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("number", models.PositiveIntegerField(verbose_name="版本号")),
                ("blocks", models.JSONField(verbose_name="内容")),
                ("valid_from", models.DateField(verbose_name="启用日期")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("uploaded_by", models.CharField(max_length=60, verbose_name="上传人")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                ("withdrawn_by", models.CharField(blank=True, default="", max_length=60, verbose_name="停用人")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="tenancy.papertemplate",
                        verbose_name="模板",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="papertemplate",
            index=models.Index(fields=["name", "id"], name="tenancy_papertemplate_name"),
        ),
        migrations.AddIndex(
            model_name="papertemplate",
            index=models.Index(fields=["org_path"], name="tenancy_papertemplate_path", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="papertemplate",
            constraint=models.UniqueConstraint(
                fields=("org_path", "programme", "estate"), name="tenancy_papertemplate_one", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="printright",
            index=models.Index(fields=["paper", "id"], name="tenancy_printright_paper_id"),
        ),
        migrations.AddConstraint(
            model_name="printright",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper__in", ["lease_contract", "filing_notice", "termination_notice"])),
                name="tenancy_printright_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="printright",
            constraint=models.UniqueConstraint(
                fields=("paper", "organisation", "organisation_kind", "programme"),
                name="tenancy_printright_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="templateversion",
            index=models.Index(fields=["template", "-valid_from"], name="tenancy_templateversion_day"),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(fields=("template", "number"), name="tenancy_templateversion_number"),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="tenancy_templateversion_positive"
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
