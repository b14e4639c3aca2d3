"""What datasets and reports declare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.db.models import Aggregate, QuerySet
from django.db.models.expressions import Combinable
from psycopg import sql as pg

from anju.kernel.errors import NotFound
from anju.kernel.reports.folds import Folds
from anju.kernel.scope import Actor, restrict


@dataclass(frozen=True)
class Dimension:
    """Something to count by. `path` is the field; `title_path` another field with its words, else a dictionary has them.

    `monthly`: the field holds days or moments, and their months are counted by.
    """

    key: str
    title: str
    path: str
    dictionary: str | None = None
    title_path: str = ""
    monthly: bool = False


@dataclass(frozen=True)
class Measure:
    """Something to count: an aggregate over the dataset's rows. `places` of decimals are shown."""

    key: str
    title: str
    of: Aggregate | Combinable
    unit: str = ""
    places: int = 0


@dataclass(frozen=True)
class Ratio:
    """One measure divided by another, in percent or, with `times` 1, as it is; computed from their sums, never an average
    of ratios.
    """

    key: str
    title: str
    part: str
    whole: str
    unit: str = "%"
    places: int = 1
    times: int = 100


# one look into the index a month, whatever is kept between
MONTH_ENDS = """
    SELECT kept.day FROM generate_series(date_trunc('month', %(start)s::date), %(end)s::date, '1 month') AS month(first),
           LATERAL (SELECT {day} AS day FROM {table}
                     WHERE {day} >= month.first::date AND {day} < (month.first + interval '1 month')::date
                       AND {day} <= %(end)s::date
                     ORDER BY {day} DESC LIMIT 1) AS kept
     ORDER BY 1
"""


@dataclass(frozen=True)
class Snapshots:
    """A stock as it stood at the end of days: a table with the fields of the dataset's model and the day in `on`."""

    model: type[models.Model]
    on: str = "on"

    def day(self, at: date) -> date | None:
        """The last day kept up to a day, or None when nothing was kept so early."""
        kept = self.model._default_manager.filter(**{f"{self.on}__lte": at}).order_by(f"-{self.on}")
        found: date | None = kept.values_list(self.on, flat=True).first()
        return found

    def month_ends(self, start: date, end: date) -> list[date]:
        """The last day kept of each month between two days, earliest first; months of which none was kept are left out."""
        names = {"table": self.model._meta.db_table, "day": str(self.model._meta.get_field(self.on).column)}  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute(
                pg.SQL(MONTH_ENDS).format(**{key: pg.Identifier(name) for key, name in names.items()}),
                {"start": start, "end": end},
            )
            return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Dataset:
    """Rows that may be counted, for whom, and by what.

    What happened (contracts signed) has a `period`, the date by which periods are chosen and compared; `folds` where its
    rows hold whole months and years too. What stands
    (units let) has `snapshots`, from which it is counted as of an earlier day, and month by month where a `monthly`
    dimension over the snapshots' day is asked for. `present` is the aggregate that is 0 for groups which are not there,
    where the rows are differences.
    """

    key: str
    title: str
    model: type[models.Model]
    right: str
    dimensions: Sequence[Dimension]
    measures: Sequence[Measure | Ratio]
    path: str = "org_path"
    division: str = "division"
    owner: str = "created_by"
    period: str = ""
    folds: Folds | None = None
    snapshots: Snapshots | None = None
    base: Callable[[], QuerySet[models.Model]] | None = None
    present: Aggregate | None = None

    def rows(self, actor: Actor) -> QuerySet[models.Model]:
        """The rows within the actor's reach."""
        rows = self.base() if self.base else self.model._default_manager.all()
        return restrict(rows, actor, self.right, path=self.path, division=self.division, owner=self.owner)

    def as_of(self, days: Sequence[date]) -> Dataset:
        """The dataset over what stood at the ends of some days that were kept."""
        assert self.snapshots is not None
        model, on = self.snapshots.model, f"{self.snapshots.on}__in"
        return replace(self, model=model, base=lambda: model._default_manager.filter(**{on: list(days)}))

    def dimension(self, key: str) -> Dimension:
        """A dimension by key, or `NotFound`."""
        for item in self.dimensions:
            if item.key == key:
                return item
        raise NotFound(f"没有“{key[:40]}”这个维度", code="report.unknown_dimension")

    def measure(self, key: str) -> Measure | Ratio:
        """A measure by key, or `NotFound`."""
        for item in self.measures:
            if item.key == key:
                return item
        raise NotFound(f"没有“{key[:40]}”这个指标", code="report.unknown_measure")


@dataclass(frozen=True)
class Drill:
    """The register that holds the rows behind a figure, and which of its filters each dimension becomes.

    `otherwise` are values of filters of which the line says nothing: what the register lists and the figures leave out.
    `period` is the filter that a period and a month become.
    """

    register: str
    filters: dict[str, str]
    otherwise: dict[str, tuple[str, ...]] = field(default_factory=dict)
    period: str = ""


@dataclass(frozen=True)
class Report:
    """A table out of a dataset: the dimensions down and across, the measures, and how it is drawn by default.

    `opens` says how many days, today included, are shown where the page is opened; 0 shows all there is.
    """

    key: str
    title: str
    dataset: Dataset
    rows: Sequence[str]
    measures: Sequence[str]
    columns: Sequence[str] = ()
    group: str = ""
    chart: str = "bar"
    drill: Drill | None = None
    note: str = ""
    opens: int = 0


REPORTS: dict[str, Report] = {}


def declare(report: Report) -> Report:
    """Puts a report into service."""
    if report.key in REPORTS:
        raise ImproperlyConfigured(f"report {report.key} is declared twice")
    for key in (*report.rows, *report.columns):
        report.dataset.dimension(key)
    for key in report.measures:
        report.dataset.measure(key)
    REPORTS[report.key] = report
    return report


def find(key: str) -> Report:
    """A report by key, or `NotFound`."""
    if key not in REPORTS:
        raise NotFound("没有这张报表")
    return REPORTS[key]
