"""The roles that ship with the product: which rights each holds, and how far they reach.

A register `supply.unit` brings the rights `supply.unit.view`, `.create`, `.change`, `.delete`, `.import`, `.export`;
the steps of a process bring one each. A city may change roles in the browser; `seed_roles` only adds what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from anju.kernel.scope import Reach

ALL = ("view", "create", "change", "delete", "import", "export", "reveal")
LOOK = ("view", "export")


def ledger(*keys: str, acts: tuple[str, ...] = LOOK) -> tuple[str, ...]:
    """The rights of registers."""
    return tuple(f"{key}.{act}" for key in keys for act in acts)


SUPPLY = ("supply.project", "supply.estate", "supply.building", "supply.unit", "supply.room")
OFFICE = (
    "cases.public_rental.view",
    "eligibility.certificate.view",
    "eligibility.publicity.view",
    "documents.view",
    "calendar.day.view",
    *ledger("cases.case", "eligibility.certificate", "waiting.entry", "tenancy.contract", *SUPPLY, "supply.operator"),
    "reports.view",
    "supply.board.view",
    "workspace.sms.view",
)


@dataclass(frozen=True)
class RoleSeed:
    """A role of the product."""

    key: str
    title: str
    reach: Reach
    rights: tuple[str, ...]


ROLES = (
    RoleSeed(
        "operator_clerk", "运营经办", Reach.ORG_AND_BELOW,
        (
            *OFFICE, *ledger(*SUPPLY, acts=ALL), "cases.public_rental.accept", "citizen.verification.view",
            "citizen.verification.review", "eligibility.deletion.ask", "waiting.batch.view", "waiting.batch.manage",
            "waiting.appointment.view", "waiting.appointment.manage", "waiting.entry.manage", "tenancy.contract.manage",
            "tenancy.contract.file", "tenancy.contract.terminate", "tenancy.notice.print", "cases.case.reveal",
            "tenancy.contract.reveal",
        ),
    ),
    RoleSeed(
        "operator_supervisor", "运营主管", Reach.ORG_AND_BELOW,
        (
            *OFFICE, *ledger(*SUPPLY, acts=ALL), "cases.public_rental.accept", "cases.reassign", "waiting.batch.view",
            "waiting.batch.manage", "waiting.batch.publish", "waiting.appointment.view", "tenancy.contract.manage",
            "tenancy.contract.file", "tenancy.contract.terminate", "tenancy.notice.print",
        ),
    ),
    RoleSeed(
        "district_reviewer", "区级初审", Reach.ORG_AND_BELOW,
        (
            *OFFICE, "cases.check", "cases.public_rental.first_review", "cases.public_rental.publicity",
            "eligibility.deletion.ask", "cases.case.reveal", "citizen.verification.view", "citizen.verification.review",
        ),
    ),
    RoleSeed(
        "district_approver", "区级核定", Reach.ORG_AND_BELOW,
        (*OFFICE, "cases.public_rental.first_approval", "cases.reassign"),
    ),
    RoleSeed(
        "city_reviewer", "市级复审", Reach.ALL,
        (
            *OFFICE, "cases.check", "cases.public_rental.second_review", "cases.public_rental.online_publicity",
            "cases.public_rental.admission", "eligibility.deletion.ask", "citizen.notice.view", "citizen.notice.create",
            "citizen.notice.change", "cases.case.reveal",
        ),
    ),
    RoleSeed(
        "city_approver", "市级核定", Reach.ALL,
        (
            *OFFICE, "cases.public_rental.second_approval", "cases.public_rental.online_publicity_approval",
            "eligibility.deletion.decide", "cases.reassign",
        ),
    ),
    RoleSeed(
        "administrator", "系统管理员", Reach.ALL,
        (
            *ledger("identity.organisation", "identity.account", "identity.role", acts=ALL), "identity.account.reset",
            "calendar.day.view", "calendar.day.change", *ledger("citizen.notice", acts=ALL),
            *ledger("connectors.call", acts=("view",)), "definitions.view", *ledger(*SUPPLY, "supply.operator", acts=ALL),
            "supply.board.view", "reports.view", *ledger("citizen.city", acts=ALL), *ledger("citizen.resident", "workspace.message"),
            "workspace.sms.view",
        ),
    ),
    RoleSeed("auditor", "审计员", Reach.ALL, ("audit.entry.view", "audit.entry.export", "connectors.call.view")),
)  # fmt: skip
