"""Columns of a unit's life: its public code, confirmation, publication, parent, where it was moved; what can be let."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0003_operator_organisation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rentable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layout", models.CharField(max_length=32, verbose_name="户型")),
                ("units", models.IntegerField(default=0, verbose_name="可租套数")),
            ],
        ),
        migrations.AddField(
            model_name="unit",
            name="confirmed",
            field=models.BooleanField(db_default=True, default=False, editable=False, verbose_name="已确认"),
        ),
        migrations.AddField(
            model_name="unit",
            name="lent_division",
            field=models.CharField(db_default="", default="", editable=False, max_length=6, verbose_name="调入区划"),
        ),
        migrations.AddField(
            model_name="unit",
            name="lent_path",
            field=models.CharField(db_default="", default="", editable=False, max_length=200, verbose_name="调入机构"),
        ),
        migrations.AddField(
            model_name="unit",
            name="market_ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="市场化合同到期日"),
        ),
        migrations.AddField(
            model_name="unit",
            name="own_programme",
            field=models.CharField(db_default="", default="", editable=False, max_length=32, verbose_name="转换后类别"),
        ),
        migrations.AddField(
            model_name="unit",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="supply.unit",
                verbose_name="父房源",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="public_code",
            field=models.CharField(editable=False, max_length=10, null=True, verbose_name="房源码"),
        ),
        migrations.AddField(
            model_name="unit",
            name="published",
            field=models.BooleanField(db_default=True, default=False, editable=False, verbose_name="已发布"),
        ),
        migrations.AddField(
            model_name="unitcount",
            name="division",
            field=models.CharField(db_default="", default="", max_length=6, verbose_name="行政区划"),
        ),
        migrations.AddField(
            model_name="unitcount",
            name="layout",
            field=models.CharField(db_default="", default="", max_length=32, verbose_name="户型"),
        ),
        migrations.AddField(
            model_name="unitcount",
            name="programme",
            field=models.CharField(db_default="", default="", max_length=32, verbose_name="保障类别"),
        ),
        migrations.AddField(
            model_name="rentable",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="supply.project",
                verbose_name="项目",
            ),
        ),
        migrations.AddConstraint(
            model_name="rentable",
            constraint=models.UniqueConstraint(fields=("project", "layout"), name="supply_rentable_once"),
        ),
        migrations.AddConstraint(
            model_name="rentable",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gte", 0)), name="supply_rentable_not_negative"
            ),
        ),
    ]
