"""Background work of the documents."""

from __future__ import annotations

from anju.kernel.documents.services import ensure_rendered
from anju.kernel.jobs import background


# Not in one transaction: a failure is noted in the row, and that must stay.
@background("documents.render", atomic=False)
def render(document_id: int) -> None:
    """Makes the file of a document that was issued."""
    ensure_rendered(document_id)
