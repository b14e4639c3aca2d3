"""报表: datasets with dimensions and measures, and reports that pick from them.

A dataset says what may be counted and for whom; a report is a table by one or two dimensions with totals, comparison
with the same period of the year before, and a way down to the rows behind each figure.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.reports.declaration import Dataset, Dimension, Drill, Measure, Ratio, Report, Snapshots, declare
    from anju.kernel.reports.folds import Folds

__all__ = ["Dataset", "Dimension", "Drill", "Folds", "Measure", "Ratio", "Report", "Snapshots", "declare"]
__getattr__ = lazily(
    __name__,
    dict.fromkeys(
        ["Dataset", "Dimension", "Drill", "Measure", "Ratio", "Report", "Snapshots", "declare"], "declaration"
    )
    | {"Folds": "folds"},
)
