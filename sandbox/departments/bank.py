"""银行用户实名: whether name, document, card and phone belong to one bank customer."""

from __future__ import annotations

from typing import Any

from sandbox import people
from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "bank", "银行用户实名", "澜州银行"


def verify(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Compares the four elements; says what does not fit, never what would."""
    name, id_number = text(request, "name", 60), text(request, "id_number", 30).upper()
    card, phone = text(request, "card", 19), text(request, "phone", 20)
    if not (card.isdigit() and 12 <= len(card) <= 19):
        raise Refused("bad_request", "银行卡号格式不符")
    known = people.profile(id_number, store.person(id_number)).name
    reason = ""
    if card.endswith("9"):
        reason = "card_reported_lost"
    elif card.endswith("0") or phone.endswith("0000"):
        reason = "not_the_holder"
    elif known and known != name:
        reason = "name_differs"
    return {"source": OFFICE, "matched": not reason, "reason": reason}


OPERATIONS: dict[str, Operation] = {"verify": verify}
