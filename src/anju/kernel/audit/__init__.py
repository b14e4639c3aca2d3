"""审计: who did what to what, when and from where; written once, never changed.

Sign-ins, reads of personal data, changes, exports, prints and acts are recorded with `record`, in the transaction of
what they tell about. The database itself refuses to change or delete an entry; every minute what is final is sealed
into a chain of signed blocks, and `anju audit verify` names the first entry that is not as it was.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.audit.alarms import on_alarm, raise_alarm
    from anju.kernel.audit.services import record

__all__ = ["on_alarm", "raise_alarm", "record"]
__getattr__ = lazily(__name__, {"on_alarm": "alarms", "raise_alarm": "alarms", "record": "services"})
