"""The three administrations that exclude one another (三员分立): who runs the system, who says who may what, who audits.

The rights named here are reserved: no role, no post and no person unites those of two administrations, which the
database holds (`identity_duties_exclude`). Looking at lists is reserved to nobody but the auditor.
"""

from __future__ import annotations

from anju.identity.models import Duty

RESERVED: dict[str, Duty] = {
    **dict.fromkeys(
        (
            "identity.account.create", "identity.account.change", "identity.account.reset",
            "identity.organisation.create", "identity.organisation.change", "identity.organisation.delete",
            "identity.organisation.move", "identity.menu.change", "identity.function.create",
            "identity.function.change", "identity.function.delete", "identity.app.create",
            "identity.app.change", "identity.app.delete",
        ),
        Duty.SYSTEM,
    ),
    **dict.fromkeys(
        (
            "identity.role.create", "identity.role.change", "identity.role.delete", "identity.account.assign",
            "identity.post.create", "identity.post.change", "identity.post.delete", "identity.grant.create",
            "identity.grant.change", "identity.substitution.approve",
        ),
        Duty.SECURITY,
    ),
    **dict.fromkeys(("audit.entry.view", "audit.entry.export"), Duty.AUDIT),
}  # fmt: skip
