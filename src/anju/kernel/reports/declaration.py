"""What datasets and reports declare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Aggregate, QuerySet
from django.db.models.expressions import Combinable

from anju.kernel.errors import NotFound
from anju.kernel.scope import Actor, restrict


@dataclass(frozen=True)
class Dimension:
    """Something to count by. `path` is the field; `title_path` another field with its words, else a dictionary has them."""

    key: str
    title: str
    path: str
    dictionary: str | None = None
    title_path: str = ""


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


@dataclass(frozen=True)
class Dataset:
    """Rows that may be counted, for whom, and by what.

    What happened (contracts signed) has a `period`, the date by which periods are chosen and compared. What stands
    (units let) has `snapshots`, from which it is counted as of an earlier day.
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
    snapshots: Snapshots | None = None
    base: Callable[[], QuerySet[models.Model]] | None = None

    def rows(self, actor: Actor) -> QuerySet[models.Model]:
        """The rows within the actor's reach."""
        rows = self.base() if self.base else self.model._default_manager.all()
        return restrict(rows, actor, self.right, path=self.path, division=self.division, owner=self.owner)

    def as_of(self, day: date) -> Dataset | None:
        """The dataset over what stood at the end of a day, or None when nothing was kept so early."""
        assert self.snapshots is not None
        kept = self.snapshots.day(day)
        if kept is None:
            return None
        model, on = self.snapshots.model, self.snapshots.on
        return replace(self, model=model, snapshots=None, base=lambda: model._default_manager.filter(**{on: kept}))

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
    """

    register: str
    filters: dict[str, str]
    otherwise: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
