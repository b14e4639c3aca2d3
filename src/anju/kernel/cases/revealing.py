"""The eye on a case page: one masked value is shown whole to who may and says why, and that goes on the audit trail."""

from __future__ import annotations

from anju.kernel import audit
from anju.kernel.cases.editing import FIELDS
from anju.kernel.cases.masking import closed, covered
from anju.kernel.cases.models import Case
from anju.kernel.cases.page import REVEAL
from anju.kernel.errors import FieldError, Invalid, NotFound
from anju.kernel.forms import load
from anju.kernel.scope import Actor, admits
from anju.kernel.scope.fields import limits_of

CONTACT = "contact"
REASON_MIN = 5


def reveal_value(case: Case, path: str, reason: str, actor: Actor) -> str:
    """The whole identity, document or telephone number of a field of the form, a member, or the contact.

    `path` is that of the page's form data, or `contact`. Raises `NotFound` where nothing is masked or the case lies
    outside the reach of the right, and `Invalid` without a reason. The trail says which field and why, not what it holds.
    """
    if not admits(actor, REVEAL, case):
        raise NotFound
    found = ("联系电话", case.phone) if path == CONTACT else covered(load(case.form_key), case.data, path)
    if found is None or not found[1] or closed(limits_of(actor, FIELDS), "phone" if path == CONTACT else path):
        raise NotFound("没有这一项，或它没有遮盖", code="field.not_masked", field="path")
    if len(reason.strip()) < REASON_MIN:
        said = f"请写明查看原因，至少 {REASON_MIN} 个字"
        raise Invalid([FieldError("reason", "reason.too_short", said)])
    title, value = found
    audit.record(
        "read_personal", actor=actor, subject=case.subject, title=f"查看案件 {case.number} 的{title}",
        detail={"field": path, "reason": reason.strip()},
    )  # fmt: skip
    return value
