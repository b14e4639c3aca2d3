"""文书: notices, certificates and contracts, from a template and frozen data, numbered, sealed, verifiable by QR code.

`issue` freezes what a document says and gives the row at once; the PDF is typeset, and sealed where wanted, by the
worker or at the first download, whichever comes first. Templates are typst files, `definitions/documents/<key>.typ` in
any package. Who may see a document is decided by the guard of its subject (`@may_see("case")`), or by the right
`documents.view` within its reach.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.documents.guards import may_print, may_see
    from anju.kernel.documents.sealing import SealReport, set_sealer
    from anju.kernel.documents.services import ensure_rendered, issue, revoke, verification, visible

__all__ = [
    "SealReport",
    "ensure_rendered",
    "issue",
    "may_print",
    "may_see",
    "revoke",
    "set_sealer",
    "verification",
    "visible",
]
__getattr__ = lazily(
    __name__,
    {
        "SealReport": "sealing",
        "ensure_rendered": "services",
        "issue": "services",
        "may_print": "guards",
        "may_see": "guards",
        "revoke": "services",
        "set_sealer": "sealing",
        "verification": "services",
        "visible": "services",
    },
)
