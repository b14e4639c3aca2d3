"""Triggers that count units by the office that manages them as well."""

import re
from importlib import import_module

from django.db import migrations

COUNTING = ("supply_count_inserted", "supply_count_deleted", "supply_count_updated")


def before() -> str:
    """The functions as the migration before this one had them."""
    text = import_module("anju.supply.migrations.0008_life_triggers").FORWARD
    found = [re.search(rf"CREATE OR REPLACE FUNCTION {name}\(.*?END \$\$;", text, re.DOTALL) for name in COUNTING]
    return "\n".join(one[0] for one in found if one)


def after() -> str:
    """The same with one column more."""
    return before().replace("layout", "layout, org_path").replace("GROUP BY 1, 2, 3, 4, 5", "GROUP BY 1, 2, 3, 4, 5, 6")


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0025_counts_of_lent_units_unique"),
    ]
    operations = [migrations.RunSQL(after(), before())]
