"""The register of what befell organisations: moves and mergers, kept for good."""

from __future__ import annotations

from anju.identity.models import OrganisationChange
from anju.kernel.registers import Choice, Column, DateBetween, Register, Rights, Section, declare


@declare
class OrganisationChangeRegister(Register[OrganisationChange]):
    """Moves and mergers of organisations (SH-222, PR-25)."""

    key, title, unit, group, icon = "identity.organisation_changes", "机构沿革", "条", "权限", "history"
    model = OrganisationChange
    rights = Rights("identity.organisation", path="new_path", division="organisation__division", owner="actor")
    columns = (
        Column("at", frozen=True, width=150),
        Column("organisation.name", "机构", frozen=True, width=220),
        Column("kind", dictionary="organisation_change", width=90),
        Column("before.name", "原上级机构", width=200),
        Column("after.name", "现上级或并入机构", width=200),
        Column("reason", width=240),
        Column("rows", width=100),
        Column("actor_name", width=110),
        Column("old_path", hidden=True, width=160),
        Column("new_path", hidden=True, width=160),
    )
    filters = (Choice("kind", dictionary="organisation_change"), DateBetween("at"))
    order = "-at"
    can_create = can_change = can_delete = False
    heading = ("organisation.name", "kind")
    detail = (
        Section(
            "变更",
            [
                "organisation.name", "kind", "before.name", "after.name", "reason", "rows", "at", "actor_name", "old_path",
                "new_path",
            ],
        ),
    )  # fmt: skip
