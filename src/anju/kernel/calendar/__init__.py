"""工作日历: which days are working days, counted as time limits are counted (SH-048), and how far the clock is ahead.

A day is a working day from Monday to Friday unless the table `Day` says otherwise: it holds the public holidays
(放假) and the moved working days (调休上班) that the State Council announces each autumn, and people with the right
may edit it. `add_working_days` and its like are in `anju.kernel.calendar.services`, and can be had from here.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.calendar.services import add_working_days, is_working_day, working_days_between

__all__ = ["add_working_days", "is_working_day", "working_days_between"]
__getattr__ = lazily(
    __name__, {"add_working_days": "services", "is_working_day": "services", "working_days_between": "services"}
)
