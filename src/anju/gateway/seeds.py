"""Parties of the demonstration: a district's system, a city application, and the rules that watch them."""

from __future__ import annotations

from anju.gateway.models import AlarmRule, Grant, Level, Limit, Party, PartyRole, RoleService, Service
from anju.identity.models import Organisation
from anju.kernel.scope import Reach

PARTIES = (
    ("city-portal", "澜州市政务服务移动端", "upper", "LZ", Reach.ALL, {"public": 1, "certificates": 1, "portal": 1}),
    ("district-np", "南屏区住房管理系统", "department", "NP", Reach.ORG_AND_BELOW, {"units": 2, "contracts": 1}),
    ("city-oa", "澜州市协同办公平台", "third", "LZ", Reach.ALL, {"open_users": 1, "open_rights": 1, "open_tasks": 2}),
)
RULES = (
    ("接口出错增多", "errors", 20, 10), ("接口变慢", "latency", 2000, 10), ("被拒调用增多", "refused", 100, 10),
)  # fmt: skip


def seed_gateway() -> None:
    """Three systems with what they were granted, a role of units, and three rules. Keys are issued by hand."""
    offices = {each.code: each for each in Organisation.objects.filter(code__in=[row[3] for row in PARTIES])}
    services = {each.key: each for each in Service.objects.all()}
    for code, title, kind, office, reach, granted in PARTIES:
        place = offices[office]
        made = Party.objects.create(
            code=code, title=title, kind=kind, organisation=place, reach=reach, org_path=place.path,
            division=place.division, contact="运维值班", phone="0599-6201 8800",
        )  # fmt: skip
        for key, level in granted.items():
            Grant.objects.create(party=made, service=services[key], level=level)
        if code == "district-np":
            Limit.objects.create(party=made, service=services["units"], rate_calls=120, quota_calls=20_000)
    role = PartyRole.objects.create(key="unit_reader", title="房源信息使用方", note="查询房源和运营机构")
    for key in ("units", "operators"):
        RoleService.objects.create(role=role, service=services[key], level=Level.READ)
    for title, metric, threshold, minutes in RULES:
        AlarmRule.objects.create(title=title, metric=metric, threshold=threshold, minutes=minutes)
