"""The roles that ship with the product: which rights each holds, and how far they reach.

A register `supply.unit` brings the rights `supply.unit.view`, `.create`, `.change`, `.delete`, `.import`, `.export`;
the steps of a process bring one each. A city may change roles in the browser; `seed_roles` only adds what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from anju.kernel.scope import Reach

KEEP = ("view", "create", "change", "delete", "export")
LOOK = ("view", "export")


def ledger(*keys: str, acts: tuple[str, ...] = LOOK) -> tuple[str, ...]:
    """The rights of registers."""
    return tuple(f"{key}.{act}" for key in keys for act in acts)


SUPPLY = ("supply.project", "supply.estate", "supply.building", "supply.unit", "supply.room", "supply.bed")
SUPPLY_RECORDS = (
    "supply.publication", "supply.review", "supply.reshape", "supply.redistribution", "supply.reserve", "supply.push",
    "supply.notice", "supply.setup", "supply.talent",
)  # fmt: skip
KEEP_SUPPLY = (
    *ledger(*SUPPLY, acts=KEEP),
    "supply.project.import",
    "supply.estate.import",
    "supply.unit.import",
    "registers.import.view",
    "supply.information.change",
    "supply.push.again",
    *ledger("supply.setup", acts=("create", "change", "delete", "import")),
)
TALENT_HOUSING = (
    *ledger("supply.talent", acts=("create", "change", "delete")),
    "supply.unit.talent",
    "eligibility.talent.push",
)
NOTICE_FILING = (*ledger("supply.notice", acts=("create", "change", "delete", "submit")),)
PERSONS = ledger("households.person", acts=("view", "import", "export", "reveal"))
OFFICE = (
    "cases.public_rental.view",
    "documents.view",
    "calendar.day.view",
    *ledger("cases.case", "eligibility.certificate", "eligibility.publicity", "tenancy.contract"),
    *ledger("eligibility.talent"),
    *ledger("waiting.entry", "waiting.appointment", *SUPPLY, *SUPPLY_RECORDS, "supply.operator"),
    "reports.view",
    "workspace.sms.view",
    "workspace.task.report",
)

# Matters of construction: what is looked at, and what developers and districts file.
CONSTRUCTION = ledger(*(f"construction.{kind}" for kind in (
    "project", "estate", "permit", "developer", "plan", "implementation", "agreement", "progress", "bridging",
    "sale_recognition", "archive", "recognition", "annual", "indicator",
)))  # fmt: skip
BY_DEVELOPERS = (
    "construction.estate.file", "construction.permit.file", "construction.agreement.file",
    "construction.progress.file", "construction.bridging.file", "construction.sale_recognition.file",
    "construction.bridging.order", "construction.matter.correct", "cases.matter.file",
)  # fmt: skip
YEARLY = (
    *ledger("construction.annual", "construction.indicator", acts=KEEP), "construction.indicator.import", "registers.import.view",
    "construction.recognition.read",
)  # fmt: skip
BY_DISTRICTS = (
    *YEARLY,
    "construction.developer.file", "construction.plan.file", "construction.implementation.file",
    "construction.bridging.file", "construction.bridging.order", "construction.matter.correct", "cases.matter.file",
)  # fmt: skip

# Accounts in one's charge: passwords, locking, sessions, applications for new ones.
ACCOUNTS = (
    *ledger("identity.account", acts=("view", "create", "change", "export")),
    "identity.account.reset", "identity.account.lock", "identity.account.sessions", "identity.account.reveal",
    *ledger("identity.application", acts=(*LOOK, "reveal")), "identity.application.decide_unit",
)  # fmt: skip


NOTICES = ("workspace.notice.view", "workspace.notice.create", "workspace.notice.change", "workspace.notice.publish")

GATEWAY = (
    *ledger("gateway.catalogue", "gateway.grant", "gateway.role", "gateway.alarm", "gateway.subscription", acts=KEEP),
    *ledger("gateway.party", acts=("view", "create", "change", "export", "issue", "grant")),
    *ledger("gateway.call"),
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
            "workspace.view.operator",
            *OFFICE, *KEEP_SUPPLY, *NOTICE_FILING, *PERSONS, "cases.public_rental.accept", "citizen.verification.view",
            "citizen.verification.review", "eligibility.deletion.ask", "waiting.batch.view", "waiting.batch.manage",
            "waiting.appointment.manage", "waiting.entry.manage", "tenancy.contract.manage",
            "tenancy.contract.file", "tenancy.contract.terminate", "tenancy.notice.print",
            "tenancy.contract.talent", "eligibility.talent.push", "eligibility.talent.reveal",
            "tenancy.contract.import", "tenancy.contract.reveal", "cases.case.reveal", "eligibility.certificate.reveal",
            *ledger("eligibility.agency", acts=("view", "create", "change")),
        ),
    ),
    RoleSeed(
        "operator_supervisor", "运营主管", Reach.ORG_AND_BELOW,
        (
            "workspace.screen.view", "workspace.view.operator",
            *OFFICE, *KEEP_SUPPLY, *NOTICE_FILING, *TALENT_HOUSING, "supply.talent.push",
            "supply.unit.lock", "supply.unit.publish", "supply.unit.reshape",
            "cases.public_rental.accept", "cases.reassign", "waiting.batch.view",
            "waiting.batch.manage", "tenancy.contract.manage", "tenancy.contract.file",
            "tenancy.contract.terminate", "tenancy.notice.print",
            "tenancy.contract.talent", *ledger("tenancy.template", acts=KEEP),
        ),
    ),
    RoleSeed(
        "district_reviewer", "区级初审", Reach.ORG_AND_BELOW,
        ("workspace.view.district",
            *OFFICE, "supply.unit.change", "supply.unit.confirm", "supply.notice.review", "supply.setup.review",
            "supply.push.again", "supply.unit.order", "supply.unit.reserve", "supply.unit.nature", "supply.unit.assign",
            *TALENT_HOUSING, "supply.talent.end",
            *ledger("supply.redistribution", "supply.reserve", acts=("create", "change", "delete")),
            "cases.check", "cases.public_rental.first_review", "cases.public_rental.publicity",
            "eligibility.deletion.ask", "cases.case.reveal", *ledger("citizen.verification"), "citizen.verification.review",
            *CONSTRUCTION, "construction.review.district", "construction.permit.accept", "construction.permit.handle",
            "construction.permit.print", "construction.permit.push", *BY_DISTRICTS,
        ),
    ),
    RoleSeed(
        "district_approver", "区级核定", Reach.ORG_AND_BELOW,
        # units that another district gave to this one have no operator here: the district publishes them itself
        ("workspace.screen.view", "workspace.view.district", *OFFICE, "cases.public_rental.first_approval", "cases.reassign",
            "supply.unit.publish", *CONSTRUCTION, "construction.permit.review",
        ),
    ),
    RoleSeed(
        "city_reviewer", "市级复审", Reach.ALL,
        ("workspace.screen.view", "workspace.view.city",
            *OFFICE, "supply.notice.approve", "cases.check",
            "cases.public_rental.second_review", "cases.public_rental.online_publicity",
            "cases.public_rental.admission", "eligibility.deletion.ask", "citizen.notice.view", "citizen.notice.create",
            "citizen.notice.change", "cases.case.reveal", *NOTICES, *ledger("citizen.survey", acts=KEEP),
            *CONSTRUCTION, "construction.review.city", "construction.bridging.stock", "construction.bridging.check",
            *ledger("construction.plan", acts=("publish", "create", "change", "delete")), "construction.permit.push",
            *YEARLY, *ledger("cases.opinion", acts=KEEP),
        ),
    ),
    RoleSeed(
        "city_approver", "市级核定", Reach.ALL,
        ("workspace.screen.view", "workspace.view.city",
            *OFFICE, "supply.redistribution.approve", "supply.redistribution.issue",
            "cases.public_rental.second_approval", "cases.public_rental.online_publicity_approval",
            *ledger("eligibility.deletion"), "eligibility.deletion.decide", "cases.reassign",
        ),
    ),
    RoleSeed(
        "administrator", "系统管理员", Reach.ALL,
        (
            "workspace.screen.view", "workspace.view.administrator",
            *ledger("identity.organisation", "supply.operator", "citizen.notice", "citizen.survey", acts=KEEP),
            *ledger("tenancy.print_right", acts=KEEP),
            *ledger("tenancy.template", "identity.function", "identity.app", acts=KEEP), "identity.organisation.move",
            "identity.menu.view", "identity.menu.change",
            *ledger("citizen.city", "eligibility.agency", acts=("view", "create", "change", "export")), *ACCOUNTS,
            "identity.policy.view", "identity.flow.view", "identity.flow.change", "identity.application.decide_city",
            *ledger("identity.provider", acts=("view", "create", "change", "export")),
            *ledger("citizen.resident", "workspace.message", "workspace.sms", "workspace.mail", "workspace.task"),
            *ledger("connectors.call"),
            *KEEP_SUPPLY, *ledger(*SUPPLY_RECORDS), *PERSONS, *TALENT_HOUSING, "supply.talent.push", "supply.talent.end",
            *ledger("eligibility.talent"),
            "supply.operator.import", "supply.unit.lock", "supply.setup.review", "supply.unit.confirm", "supply.unit.publish",
            "supply.unit.reshape", "supply.unit.order", "supply.unit.reserve", "supply.unit.nature", "supply.unit.assign",
            *ledger("supply.redistribution", "supply.reserve", acts=("create", "change", "delete")),
            "supply.redistribution.approve", "supply.redistribution.issue", "reports.view",
            "calendar.day.view", "calendar.day.change", "definitions.view",
            *ledger("workspace.template", "registers.attribute", "cases.opinion", acts=KEEP), *NOTICES, *GATEWAY,
        ),
    ),
    RoleSeed(
        "street_clerk", "街道经办", Reach.DIVISION,
        ("workspace.view.street", "cases.public_rental.view", "cases.case.view", "calendar.day.view"),
    ),
    RoleSeed(
        "property_clerk", "物业经办", Reach.ORG_AND_BELOW,
        ("workspace.view.property", "supply.unit.view", "supply.building.view", "supply.room.view", "supply.bed.view"),
    ),
    RoleSeed(
        "developer", "建设单位", Reach.ORG_AND_BELOW,
        ("workspace.view.developer", *CONSTRUCTION, *BY_DEVELOPERS),
    ),
    RoleSeed("fund_clerk", "公积金中心经办", Reach.ALL, ("workspace.view.fund", "reports.view", "workspace.task.report")),
    RoleSeed(
        "security_administrator", "安全管理员", Reach.ALL,
        (
            *ledger("trust.device", acts=("view", "create", "change", "export")), *ledger("trust.certificate", "trust.retention"),
            "trust.certificate.create", "trust.retention.change", "trust.retention.run",
            "trust.certificate.revoke", "trust.device.check", "trust.device.report", "trust.integrity.check", "trust.key.manage",
            *ledger("identity.role", "identity.post", acts=KEEP),
            *ledger("identity.grant", acts=("view", "create", "change", "export")),
            *ledger("identity.substitution", acts=("view", "export", "approve")), "identity.account.view",
            "identity.account.assign",
            "identity.organisation.view", "identity.function.view",
            "identity.policy.view", "identity.policy.change", "identity.flow.view",
            *ledger("identity.application"), "identity.application.decide_security",
        ),
    ),
    RoleSeed(
        "district_administrator", "区级管理员", Reach.ORG_AND_BELOW,
        (*ACCOUNTS, "identity.organisation.view", "identity.application.decide_district"),
    ),
    RoleSeed(
        "connected_system", "接入系统", Reach.ORG_AND_BELOW,
        (
            "open.user.view", "open.organisation.view", "open.role.view", "open.increment.view", "open.permission.check",
            "open.task.create", "open.task.view", "open.task.complete", "open.message.send", "open.message.view", "open.door.event",
            "open.portal.read",
        ),
    ),
    RoleSeed("auditor", "审计员", Reach.ALL, (
            "workspace.view.auditor", *ledger("audit.entry", "gateway.call"), "audit.entry.verify", "connectors.call.view",
        ),
    ),
)  # fmt: skip
