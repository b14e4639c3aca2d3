"""Entries know their transaction, blocks of them are sealed; nothing of either can be changed."""

from django.db import migrations, models
from django.db.models import Func

ADD = """
CREATE TABLE audit_lineage (single boolean PRIMARY KEY DEFAULT true CHECK (single), shift bigint NOT NULL);
CREATE FUNCTION audit_moment() RETURNS bigint LANGUAGE sql VOLATILE AS
    'SELECT pg_current_xact_id()::text::bigint + coalesce((SELECT shift FROM audit_lineage), 0)';
ALTER TABLE audit_auditentry ADD COLUMN xact bigint NOT NULL DEFAULT 0;
ALTER TABLE audit_auditentry ALTER COLUMN xact SET DEFAULT audit_moment();
"""
REMOVE = """
ALTER TABLE audit_auditentry DROP COLUMN xact;
DROP FUNCTION audit_moment(); DROP TABLE audit_lineage;
"""
# An entry older than six months may go once its block was archived; a seal never goes.
GUARD = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM audit_auditseal AS seal
         WHERE (seal.after_xact, seal.after_id) < (OLD.xact, OLD.id)
           AND (OLD.xact, OLD.id) <= (seal.last_xact, seal.last_id) AND seal.archived_at IS NOT NULL) THEN
        IF OLD.at > now() - interval '6 months' THEN
            RAISE EXCEPTION 'audit entries are kept for six months at least'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_keep';
        END IF;
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an audit entry is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_entry_frozen';
END $$;
CREATE FUNCTION audit_seal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL AND NEW.archive_id IS NOT NULL
       AND OLD.last_at <= now() - interval '6 months'
       AND to_jsonb(OLD) - 'archived_at' - 'archive_id' = to_jsonb(NEW) - 'archived_at' - 'archive_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a seal of the audit trail is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_seal_frozen';
END $$;
CREATE TRIGGER audit_seal_frozen BEFORE UPDATE OR DELETE ON audit_auditseal
    FOR EACH ROW EXECUTE FUNCTION audit_seal_refuse();
CREATE FUNCTION audit_drop_archived(wanted bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE removed bigint;
BEGIN
    DELETE FROM audit_auditentry AS entry USING audit_auditseal AS seal
     WHERE seal.number = wanted AND seal.archived_at IS NOT NULL
       AND (seal.after_xact, seal.after_id) < (entry.xact, entry.id)
       AND (entry.xact, entry.id) <= (seal.last_xact, seal.last_id);
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;
"""
UNGUARD = """
DROP FUNCTION audit_drop_archived(bigint);
DROP TRIGGER audit_seal_frozen ON audit_auditseal; DROP FUNCTION audit_seal_refuse();
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit entry is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_entry_frozen';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            ADD,
            REMOVE,
            state_operations=[
                migrations.AddField(
                    "auditentry",
                    "xact",
                    models.BigIntegerField(
                        db_default=Func(function="audit_moment", output_field=models.BigIntegerField()),
                        editable=False,
                        verbose_name="事务序号",
                    ),
                )
            ],
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("sign_in", "登录"),
                    ("sign_out", "退出"),
                    ("sign_in_failed", "登录失败"),
                    ("read_personal", "查看个人信息"),
                    ("create", "新增"),
                    ("change", "修改"),
                    ("delete", "删除"),
                    ("export", "导出"),
                    ("import", "导入"),
                    ("act", "办理"),
                    ("print", "打印"),
                    ("grant", "授权"),
                    ("alarm", "告警"),
                    ("verify", "核验"),
                    ("erase", "清除"),
                ],
                max_length=40,
                verbose_name="操作",
            ),
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("after_xact", models.BigIntegerField(verbose_name="起点事务")),
                ("after_id", models.BigIntegerField(verbose_name="起点记录")),
                ("last_xact", models.BigIntegerField(verbose_name="末条事务")),
                ("last_id", models.BigIntegerField(verbose_name="末条记录")),
                ("count", models.PositiveIntegerField(verbose_name="条数")),
                ("first_at", models.DateTimeField(verbose_name="最早")),
                ("last_at", models.DateTimeField(verbose_name="最晚")),
                ("digest", models.BinaryField(max_length=32, verbose_name="摘要")),
                ("leaves", models.BinaryField(verbose_name="逐条摘要")),
                ("previous", models.BinaryField(max_length=32, verbose_name="上一封印")),
                ("head", models.BinaryField(max_length=32, verbose_name="封印")),
                ("signature", models.BinaryField(verbose_name="签名")),
                ("sealed_at", models.DateTimeField(verbose_name="封存时间")),
                ("archived_at", models.DateTimeField(null=True, verbose_name="归档时间")),
                ("archive_id", models.BigIntegerField(null=True, verbose_name="归档文件")),
            ],
            options={
                "verbose_name": "审计封印",
                "constraints": [models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="audit_seal_count")],
            },
        ),
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="开始")),
                ("finished_at", models.DateTimeField(verbose_name="结束")),
                ("actor", models.CharField(max_length=64, verbose_name="核验人")),
                ("seals", models.BigIntegerField(verbose_name="封印数")),
                ("entries", models.BigIntegerField(verbose_name="核验条数")),
                ("archived", models.BigIntegerField(verbose_name="已归档条数")),
                ("unsealed", models.BigIntegerField(verbose_name="未封存条数")),
                ("findings", models.JSONField(default=list, verbose_name="发现")),
            ],
            options={"verbose_name": "审计核验", "ordering": ["-id"]},
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
