"""Background work in PostgreSQL: enqueued with the change that asks for it, retried, recovered when its worker dies.

Two kinds: `background` functions, small and idempotent, which nobody watches; and `work`, long and visible, with
progress, cancel, a result and a file. Periodic functions are declared with `every`.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.jobs.queue import background, defer, defer_each, every
    from anju.kernel.jobs.watched import Cancelled, Context, start, work

__all__ = ["Cancelled", "Context", "background", "defer", "defer_each", "every", "start", "work"]
__getattr__ = lazily(
    __name__,
    {
        "background": "queue",
        "defer": "queue",
        "defer_each": "queue",
        "every": "queue",
        "Cancelled": "watched",
        "Context": "watched",
        "start": "watched",
        "work": "watched",
    },
)
