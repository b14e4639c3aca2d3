"""What must never be in a unit's life."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0005_life_indexes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="unit",
            name="supply_unit_status",
        ),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "unconfirmed",
                            "ready",
                            "vacant",
                            "held",
                            "let",
                            "leaving",
                            "repair",
                            "locked",
                            "reserved",
                            "assigned",
                            "split",
                            "merged",
                        ],
                    )
                ),
                name="supply_unit_status",
            ),
        ),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published", False), ("confirmed", True), _connector="OR"),
                    models.Q(
                        models.Q(("status__in", ["vacant", "held", "let", "leaving"]), _negated=True),
                        ("published", True),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("status", "ready"), _negated=True),
                        models.Q(("confirmed", True), ("published", False)),
                        _connector="OR",
                    ),
                ),
                name="supply_unit_published",
            ),
        ),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel", ""), _negated=True), name="supply_unit_channel"
            ),
        ),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("market_ends_on__isnull", True), ("status", "locked"), _connector="OR"),
                name="supply_unit_market",
            ),
        ),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="supply_unit_own_parent"
            ),
        ),
        AddConstraintNotValid(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lent_division", ""), ("lent_path", "")),
                    models.Q(
                        models.Q(("lent_path", ""), _negated=True), models.Q(("lent_division", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="supply_unit_lent",
            ),
        ),
    ]
