"""Fills the special days of 2025 to 2028: as announced where they are, else the days that the regulation names.

The State Council announces the moved working days of a year in the November before. For years not yet announced only
the statutory days (全国年节及纪念日放假办法, article 2, in force since 2025) are entered, and are named as provisional.
"""

from datetime import date, timedelta

import chinese_calendar.constants as announced
from django.db import migrations

FIRST_YEAR = 2025
# Where the lunar festivals fall in years that are not yet announced: eve of Spring Festival, Qingming, Dragon Boat, Mid-Autumn.
LUNAR = {
    2027: (date(2027, 2, 5), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
    2028: (date(2028, 1, 25), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
}


def chinese(name):
    return announced.Holiday(name).chinese


def statutory(year):
    eve, qingming, dragon_boat, mid_autumn = LUNAR[year]
    yield date(year, 1, 1), "元旦"
    for number in range(4):
        yield eve + timedelta(days=number), "春节"
    yield qingming, "清明"
    yield date(year, 5, 1), "劳动节"
    yield date(year, 5, 2), "劳动节"
    yield dragon_boat, "端午"
    yield mid_autumn, "中秋"
    for number in range(1, 4):
        yield date(year, 10, number), "国庆节"


def fill(apps, schema_editor):
    day_model = apps.get_model("calendar", "Day")
    days = {}
    for day, name in announced.holidays.items():
        if day.year >= FIRST_YEAR:
            days[day] = day_model(date=day, kind="holiday", name=chinese(name))
    for day, name in announced.workdays.items():
        if day.year >= FIRST_YEAR:
            days[day] = day_model(date=day, kind="workday", name=f"{chinese(name)}调休")
    known_years = {day.year for day in days}
    for year in LUNAR:
        if year not in known_years:
            for day, name in statutory(year):
                days.setdefault(day, day_model(date=day, kind="holiday", name=f"{name}（暂定）"))
    day_model.objects.bulk_create(days.values(), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
