"""审计: who did what to what, when and from where; written once, never changed.

Sign-ins, reads of personal data, changes, exports, prints and acts are recorded with `record`, in the transaction of
what they tell about. The database itself refuses to change or delete an entry.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.audit.services import record

__all__ = ["record"]
__getattr__ = lazily(__name__, {"record": "services"})
