"""The office's menu, in the order people work."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from anju.identity.menu import Group, Item, counted, declare
from anju.kernel.cases.lists import open_counts
from anju.kernel.scope import Actor
from anju.workspace.tasks import own_counts

MENU = [
    Group(
        "资格审核",
        (
            Item("accept", "申请受理", "inbox", "/cases/todo?node=accept", "cases.public_rental.accept"),
            Item("first_review", "初审", "clipboard-check", "/cases/todo?node=first_review", "cases.public_rental.first_review"),
            Item("first_approval", "初审核定", "stamp", "/cases/todo?node=first_approval", "cases.public_rental.first_approval"),
            Item(
                "publicity_entry", "公示录入", "megaphone", "/cases/todo?node=publicity_entry",
                "cases.public_rental.publicity",
            ),
            Item(
                "publicity_result", "公示结果", "megaphone", "/cases/todo?node=publicity_result",
                "cases.public_rental.publicity",
            ),
            Item("second_review", "复审", "file-search", "/cases/todo?node=second_review", "cases.public_rental.second_review"),
            Item(
                "second_approval", "复审核定", "stamp", "/cases/todo?node=second_approval",
                "cases.public_rental.second_approval",
            ),
            Item(
                "online_publicity_entry", "网上公示录入", "megaphone", "/cases/todo?node=online_publicity_entry",
                "cases.public_rental.online_publicity",
            ),
            Item(
                "online_publicity_result", "网上公示结果", "megaphone", "/cases/todo?node=online_publicity_result",
                "cases.public_rental.online_publicity",
            ),
            Item(
                "online_publicity_approval", "网上公示核定", "stamp", "/cases/todo?node=online_publicity_approval",
                "cases.public_rental.online_publicity_approval",
            ),
            Item("admission", "准入", "badge-check", "/cases/todo?node=admission", "cases.public_rental.admission"),
            Item("cases", "案件", "folder-open", "/registers/cases.cases", "cases.case.view"),
            Item("countdown", "时限预警", "timer", "/cases/countdown", "cases.case.view"),
            Item("periods", "公示名册", "scroll-text", "/registers/eligibility.publicity", "eligibility.publicity.view"),
            Item("deletions", "删除审批", "trash-2", "/registers/eligibility.deletions", "eligibility.deletion.view"),
            Item("certificates", "资格证", "award", "/registers/eligibility.certificates", "eligibility.certificate.view"),
            Item("verifications", "实名认证", "id-card", "/registers/citizen.verifications", "citizen.verification.view"),
        ),
    ),
    Group(
        "轮候配租",
        (
            Item("waiting", "轮候名册", "list-ordered", "/registers/waiting.entries", "waiting.entry.view"),
            Item("batches", "配租批次", "layers", "/waiting/batches", "waiting.batch.view"),
            Item("appointments", "预约看房", "calendar-check", "/registers/waiting.appointments", "waiting.appointment.view"),
        ),
    ),
    Group(
        "房源管理",
        (
            Item("projects", "项目", "building-2", "/registers/supply.projects", "supply.project.view"),
            Item("estates", "小区", "map-pin", "/registers/supply.estates", "supply.estate.view"),
            Item("buildings", "楼栋", "building", "/registers/supply.buildings", "supply.building.view"),
            Item("units", "房源", "door-open", "/registers/supply.units", "supply.unit.view"),
            Item("rooms", "房间", "bed-double", "/registers/supply.rooms", "supply.room.view"),
            Item("beds", "床位", "bed-single", "/registers/supply.beds", "supply.bed.view"),
            Item("setups", "房源搭建", "boxes", "/registers/supply.setups", "supply.setup.view"),
            Item("setup_units", "搭建清单", "list-checks", "/registers/supply.setup_units", "supply.setup.view"),
            Item("publishing", "房源发布", "send", "/supply/publishing", "supply.publication.view"),
            Item("publications", "发布记录", "scroll-text", "/registers/supply.publications", "supply.publication.view"),
            Item("supply_reviews", "供应审核", "clipboard-check", "/registers/supply.reviews", "supply.review.view"),
            Item("reshapes", "拆并记录", "git-branch", "/registers/supply.reshapes", "supply.reshape.view"),
            Item("notices_ahead", "项目预告", "megaphone", "/registers/supply.notices", "supply.notice.view"),
            Item("project_map", "项目地图", "map-pin", "/supply/map", "supply.project.view"),
            Item(
                "redistributions", "调配单", "git-branch", "/registers/supply.redistributions", "supply.redistribution.view"
            ),
            Item(
                "redistribution_units", "调配清单", "list-checks", "/registers/supply.redistribution_units",
                "supply.redistribution.view",
            ),
            Item("reserve_plans", "储备计划", "boxes", "/registers/supply.reserve_plans", "supply.reserve.view"),
            Item("reserve_holdings", "储备明细", "list-checks", "/registers/supply.reserve_holdings", "supply.reserve.view"),
            Item("pushes", "房源推送", "radio", "/registers/supply.pushes", "supply.push.view"),
            Item("differences", "推送核对", "arrow-left-right", "/supply/differences", "supply.push.view"),
            Item("board", "房态图", "grid-3x3", "/board", "supply.unit.view"),
        ),
    ),
    Group(
        "人才安居",
        (
            Item("talent_batches", "人才项目批次", "layers", "/registers/supply.talent_batches", "supply.talent.view"),
            Item("talent_units", "人才房源", "award", "/registers/supply.talent_units", "supply.talent.view"),
            Item("talents", "人才名单", "users", "/registers/eligibility.talents", "eligibility.talent.view"),
            Item(
                "qualification_pushes", "人才资格推送", "send", "/registers/eligibility.qualification_pushes",
                "eligibility.talent.view",
            ),
            Item(
                "talent_contracts", "人才合同推送", "file-pen", "/registers/tenancy.talent_contracts", "tenancy.contract.talent"
            ),
        ),
    ),
    Group(
        "项目建设",
        (
            Item("matters", "我的填报", "file-pen", "/matters", "cases.matter.file"),
            Item(
                "matter_correct", "补正", "undo-2", "/cases/todo?node=matter_correct", "construction.matter.correct"
            ),
            Item(
                "district_confirm", "区级确认", "clipboard-check", "/cases/todo?node=district_confirm",
                "construction.review.district",
            ),
            Item("city_confirm", "市级审核", "stamp", "/cases/todo?node=city_confirm", "construction.review.city"),
            *(
                Item(node, title, icon, f"/cases/todo?node={node}", f"construction.permit.{node.removeprefix('permit_')}")
                for node, title, icon in (
                    ("permit_accept", "预售受理", "inbox"), ("permit_handle", "预售办理", "clipboard-check"),
                    ("permit_review", "预售审核", "stamp"), ("permit_print", "预售许可证文印", "printer"),
                )
            ),
            Item(
                "bridging_stock", "搭桥入库", "package-check", "/cases/todo?node=bridging_stock",
                "construction.bridging.stock",
            ),
            Item("bridging_order", "供应单", "send", "/cases/todo?node=bridging_order", "construction.bridging.order"),
            Item(
                "bridging_check", "供应单确认", "badge-check", "/cases/todo?node=bridging_check",
                "construction.bridging.check",
            ),
            Item("building_projects", "建设项目", "building-2", "/registers/construction.projects", "construction.project.view"),
            Item("pre_sales", "预售许可申请", "file-pen", "/registers/construction.pre_sales", "construction.permit.view"),
            Item("permits", "预售许可证", "award", "/registers/construction.permits", "construction.permit.view"),
            Item("permit_units", "预售房屋", "door-open", "/registers/construction.permit_units", "construction.permit.view"),
            Item("large_estates", "大居项目核定", "trees", "/registers/construction.estates", "construction.estate.view"),
            *(
                Item(f"building_{key}", title, icon, f"/registers/construction.{key}", f"construction.{right}.view")
                for key, right, title, icon in (
                    ("annual_plans", "annual", "年度建设计划", "calendar-days"),
                    ("project_targets", "annual", "项目指标", "list-checks"),
                    ("housing_targets", "annual", "房屋指标", "door-open"),
                    ("monthly_progress", "annual", "项目月进度", "activity"),
                    ("indicators", "indicator", "经济社会指标", "bar-chart-3"),
                    ("recognitions", "recognition", "项目认定", "badge-check"),
                    ("recognition_faults", "recognition", "认定校验记录", "triangle-alert"),
                    ("plans", "plan", "项目建设计划", "calendar-check"), ("plan_plots", "plan", "计划地块", "map-pin"),
                    ("developers", "developer", "建设主体", "users"),
                    ("implementations", "implementation", "计划实施", "list-checks"),
                    ("agreements", "agreement", "建设协议", "file-text"),
                    ("progress", "progress", "建设进度", "activity"),
                    ("bridging", "bridging", "搭桥供应", "arrow-left-right"),
                    ("sale_recognitions", "sale_recognition", "预售认定", "badge-check"),
                )
            ),
            Item("project_archives", "项目档案", "archive", "/registers/construction.archives", "construction.archive.view"),
        ),
    ),
    Group(
        "租赁与使用",
        (
            Item("contracts", "合同", "file-pen", "/registers/tenancy.contracts", "tenancy.contract.view"),
            Item("contract_templates", "合同模板", "file-text", "/registers/tenancy.templates", "tenancy.template.view"),
            Item("persons", "人员", "users", "/registers/households.persons", "households.person.view"),
        ),
    ),
    Group(
        "统计与监督",
        (
            Item("reports", "统计分析", "bar-chart-3", "/reports", "reports.view"),
            Item("screen", "运行态势大屏", "maximize-2", "/screen", "workspace.screen.view"),
            Item("imports", "导入记录", "upload", "/imports", "registers.import.view"),
            Item("task_log", "任务记录", "list-checks", "/registers/workspace.tasks", "workspace.task.view"),
            Item("sms", "短信记录", "message-square", "/registers/workspace.sms", "workspace.sms.view"),
            Item("mails", "邮件记录", "message-square", "/registers/workspace.mails", "workspace.mail.view"),
            Item("audit", "审计记录", "shield-check", "/registers/audit.entries", "audit.entry.view"),
            Item("audit_trail", "审计核验", "shield-check", "/trust/audit", "audit.entry.verify"),
            Item("calls", "接口日志", "plug", "/registers/connectors.calls", "connectors.call.view"),
        ),
    ),
    Group(
        "网关",
        (
            Item("gateway_watch", "接口监控", "activity", "/gateway/watch", "gateway.call.view"),
            Item("gateway_guide", "接入规范", "book-open", "/gateway/guide", "gateway.catalogue.view"),
            Item("gateway_services", "服务目录", "boxes", "/registers/gateway.services", "gateway.catalogue.view"),
            Item("gateway_operations", "接口操作", "plug", "/registers/gateway.operations", "gateway.catalogue.view"),
            Item("gateway_classes", "服务分类", "layers", "/registers/gateway.classes", "gateway.catalogue.view"),
            Item("gateway_parties", "接入方", "contact", "/registers/gateway.parties", "gateway.party.view"),
            Item("gateway_roles", "接入角色", "users", "/registers/gateway.roles", "gateway.role.view"),
            Item("gateway_grants", "服务授权", "shield-check", "/registers/gateway.grants", "gateway.grant.view"),
            Item("gateway_limits", "服务限流", "activity", "/registers/gateway.limits", "gateway.grant.view"),
            Item("gateway_subscriptions", "增量订阅", "radio", "/registers/gateway.subscriptions", "gateway.subscription.view"),
            Item("gateway_calls", "调用日志", "scroll-text", "/registers/gateway.calls", "gateway.call.view"),
            Item("gateway_alarms", "告警规则", "bell", "/registers/gateway.alarms", "gateway.alarm.view"),
        ),
    ),
    Group(
        "密码与信任",
        (
            Item("trust_integrity", "数据完整性", "shield-check", "/trust/integrity", "trust.integrity.check"),
            Item("trust_keys", "密钥", "key-round", "/trust/keys", "trust.key.manage"),
            Item("trust_certificates", "用户证书", "badge-check", "/registers/trust.certificates", "trust.certificate.view"),
            Item("trust_devices", "设备", "boxes", "/registers/trust.devices", "trust.device.view"),
            Item("trust_records", "设备记录", "scroll-text", "/registers/trust.device_records", "trust.device.view"),
            Item("trust_retention", "保存期限", "calendar-clock", "/registers/trust.retention", "trust.retention.view"),
        ),
    ),
    Group(
        "权限",
        (
            Item("roles", "角色", "user-cog", "/registers/identity.roles", "identity.role.view"),
            Item("posts", "岗位", "briefcase", "/registers/identity.posts", "identity.post.view"),
            Item("grants", "分级授权", "git-branch", "/registers/identity.grants", "identity.grant.view"),
            Item("substitutions", "代班", "user-check", "/registers/identity.substitutions", "identity.substitution.view"),
        ),
    ),
    Group(
        "配置",
        (
            Item("agencies", "受理机构", "landmark", "/registers/eligibility.agencies", "eligibility.agency.view"),
            Item("operators", "运营机构", "briefcase", "/registers/supply.operators", "supply.operator.view"),
            Item("organisations", "组织机构", "network", "/registers/identity.organisations", "identity.organisation.view"),
            Item("accounts", "账号", "users", "/registers/identity.accounts", "identity.account.view"),
            Item("applications", "账号申请", "user-plus", "/registers/identity.applications", "identity.application.view"),
            Item("account_flows", "账号审批流程", "workflow", "/identity/flows", "identity.flow.view"),
            Item("policy", "账号安全策略", "shield-check", "/identity/policy", "identity.policy.view"),
            Item("providers", "单点登录", "log-in", "/registers/identity.providers", "identity.provider.view"),
            Item("organisation_tree", "机构树", "network", "/identity/tree", "identity.organisation.view"),
            Item(
                "organisation_changes", "机构沿革", "history", "/registers/identity.organisation_changes",
                "identity.organisation.move",
            ),
            Item("menus", "菜单", "list-tree", "/identity/menus", "identity.menu.view"),
            Item("functions", "功能点", "toggle-right", "/registers/identity.functions", "identity.function.view"),
            Item("apps", "应用登记", "layout-grid", "/registers/identity.apps", "identity.app.view"),
            Item("clients", "应用接入", "plug", "/registers/identity.clients", "identity.app.view"),
            Item("print_rights", "打印权限", "stamp", "/registers/tenancy.print_rights", "tenancy.print_right.view"),
            Item("notices", "通知公告", "newspaper", "/registers/citizen.notices", "citizen.notice.view"),
            Item("surveys", "需求调查", "list-checks", "/registers/citizen.surveys", "citizen.survey.view"),
            Item("office_notices", "工作人员公告", "megaphone", "/notices/manage", "workspace.notice.view"),
            Item("message_templates", "消息模板", "message-square", "/registers/workspace.templates", "workspace.template.view"),
            Item("opinions", "通用意见", "message-square", "/registers/cases.opinions", "cases.opinion.view"),
            Item("calendar", "工作日历", "calendar-days", "/calendar", "calendar.day.change"),
            Item("attributes", "数据结构", "table-2", "/registers/registers.attributes", "registers.attribute.view"),
            Item("processes", "流程", "workflow", "/definitions/processes", "definitions.view"),
            Item("forms", "表单", "form-input", "/definitions/forms", "definitions.view"),
            Item("rules", "规则", "table-2", "/definitions/rules", "definitions.view"),
        ),
    ),
]  # fmt: skip

declare(MENU)


@counted
def waiting_cases(actor: Actor) -> dict[str, dict[str, int]]:
    """What waits at the step that a page of the menu leads to, and over all steps (`todo`)."""
    waiting = {row["node"]: row for row in open_counts(actor)}
    found = {"todo": {name: sum(row[name] for row in waiting.values()) for name in ("count", "late")}}
    own = own_counts(actor)
    found["tasks"] = {name: found["todo"][name] + own[name] for name in ("count", "late")}
    for item in (item for group in MENU for item in group.items):
        for node in parse_qs(urlsplit(item.path).query).get("node", []):
            if node in waiting:
                found[item.key] = {"count": waiting[node]["count"], "late": waiting[node]["late"]}
    return found
