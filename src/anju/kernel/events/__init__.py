"""Messages between contexts: stored with the change that causes them, delivered at least once, handled once.

`publish` writes the event and one delivery a subscriber in the caller's transaction (NF-04.3). The worker handles each
delivery in a transaction of its own that also marks it done, so a repeat finds it done and does nothing.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.events.outbox import Event, on, publish

__all__ = ["Event", "on", "publish"]
__getattr__ = lazily(__name__, {"Event": "outbox", "on": "outbox", "publish": "outbox"})
