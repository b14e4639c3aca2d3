"""Registers of the citizen's side: verifications to review, notices to publish, cities to open."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from anju.citizen.models import City, IdentityVerification, Notice, Resident, Survey, SurveyAnswer
from anju.citizen.public import divisions
from anju.citizen.verification import in_city
from anju.kernel import clock
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    DateBetween,
    Field,
    Guard,
    Link,
    Register,
    Related,
    Rights,
    Search,
    Section,
    Text,
    View,
    declare,
)
from anju.kernel.scope import Actor


@declare
class VerificationRegister(Register[IdentityVerification]):
    """Real-name verifications; the desk beside it shows the photographs and decides (ZB-04.4)."""

    key, title, unit, group, icon = "citizen.verifications", "实名审核", "件", "公众端", "id-card"
    model = IdentityVerification
    rights = Rights("citizen.verification")
    columns = [
        Column("created_at", "提交时间", frozen=True),
        Column("name", "姓名"),
        Column("document_type", "证件类型", dictionary="document_type"),
        Column("number_masked", "证件号码"),
        Column("way", "方式", dictionary="verification_way"),
        Column("state", "状态", dictionary="verification_state"),
        Column("due_on", "应办结日"),
        Column("decided_name", "审核人"),
        Column("decided_at", "审核时间", hidden=True),
        Column("reason", "原因", hidden=True),
        Column("division", "城市", hidden=True),
    ]
    filters = [
        Choice("state", "状态", dictionary="verification_state"),
        Choice("way", "方式", dictionary="verification_way"),
        DateBetween("created_at", "提交时间"),
    ]
    search = Search(["name", "number_masked"], "搜姓名")
    order = "-id"
    views = [View("waiting", "待审核", {"state": ["waiting"]})]
    can_create = can_change = can_delete = False
    heading = ("name", "number_masked")
    subjects = ("citizen.verification",)
    badges = ["state"]
    detail = [
        Section("填写的内容", ["name", "document_type", "number_masked", "division", "way", "created_at"]),
        Section("审核", ["state", "due_on", "decided_name", "decided_at", "reason"]),
    ]

    def rows(self, actor: Actor, verb: str = "view") -> QuerySet[IdentityVerification]:
        """The queue of the actor's city."""
        return in_city(self.base(), actor, self.rights.of(verb))


@declare
class ResidentRegister(Register[Resident]):
    """Residents' accounts, for the administrators of the city; numbers are masked."""

    key, title, unit, group, icon = "citizen.residents", "居民账号", "个", "公众端", "users"
    model = Resident
    rights = Rights("citizen.resident", path="city", division="city")
    columns = [
        Column("id", "编号", frozen=True),
        Column("phone_masked", "手机号"),
        Column("name", "姓名"),
        Column("verified", "实名状态", dictionary="resident_verified"),
        Column("city", "城市"),
        Column("created_at", "注册时间"),
        Column("last_signed_in_at", "上次登录"),
    ]
    filters = [Choice("verified", "实名状态", dictionary="resident_verified"), DateBetween("created_at", "注册时间")]
    search = Search(["name", "phone_masked"], "搜姓名或手机号后四位")
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("name", "phone_masked")
    subjects = ("citizen.resident", "resident")
    badges = ["verified"]


def publish(actor: Actor, row: Notice | Survey, values: dict[str, Any]) -> None:
    """Shows a notice or a survey from now on."""
    if row.published_at is not None:
        raise Conflict("这一条已经发布", code="notice.published", advice="要改内容请直接修改")
    row.published_at, row.version = clock.now(), row.version + 1
    row.save(update_fields=["published_at", "version", "updated_at"])


def withdraw(actor: Actor, row: Notice | Survey, values: dict[str, Any]) -> None:
    """Takes a notice or a survey from the public pages; the record stays."""
    if row.published_at is None or row.withdrawn_at is not None:
        raise Conflict("只有发布中的可以撤下", code="notice.not_shown", advice="刷新后查看状态")
    row.withdrawn_at, row.version = clock.now(), row.version + 1
    row.save(update_fields=["withdrawn_at", "version", "updated_at"])


UNPUBLISHED = Q(published_at=None)
SHOWN = Q(published_at__isnull=False, withdrawn_at=None)


def of_a_city(values: dict[str, Any]) -> None:
    """A notice or a survey belongs to a city that this installation serves."""
    if "city" in values and not City.objects.filter(code=values["city"]).exists():
        raise Invalid([FieldError("city", "city.unknown", "没有登记这个城市")])


@declare
class NoticeRegister(Register[Notice]):
    """Notices, policies and guides of a city (ZB-02.2)."""

    key, title, unit, group, icon = "citizen.notices", "公告与指南", "条", "公众端", "megaphone"
    model = Notice
    rights = Rights("citizen.notice")
    columns = [
        Column("title", "标题", frozen=True, width=320),
        Column("kind", "种类", dictionary="notice_kind"),
        Column("city", "城市"),
        Column("published_at", "发布时间"),
        Column("withdrawn_at", "撤下时间"),
        Column("pinned", "置顶", hidden=True),
        Column("created_at", "起草时间", hidden=True),
        Column("summary", "摘要", listed=False),
        Column("body", "正文", listed=False),
    ]
    filters = [
        Choice("kind", "种类", dictionary="notice_kind"),
        Text("city", "城市", exact=True),
        DateBetween("published_at", "发布时间", primary=False),
    ]
    search = Search(["title"], "搜标题")
    order = "-id"
    form = [
        Field("city", "城市代码", required=True, pattern=r"[0-9]{4}00", hint="6 位代码，例如 339900", default="339900"),
        Field("kind", "种类", "choice", required=True, dictionary="notice_kind", default="notice"),
        Field("title", "标题", required=True, max_length=120),
        Field("summary", "摘要", "textarea", max_length=200),
        Field("body", "正文", "textarea", required=True, max_length=20000),
        Field("pinned", "置顶", "boolean", default=False),
    ]
    actions = [
        Action("publish", "发布", publish, tone="primary", confirm="发布后居民马上能看到，确定发布", when=UNPUBLISHED),
        Action("withdraw", "撤下", withdraw, tone="danger", confirm="撤下后居民看不到，记录保留", when=SHOWN),
    ]
    deletes_when = UNPUBLISHED
    guards = [
        Guard(lambda row: "发布过的公告不能删除" if row.published_at else "", "notice.published", "可以撤下"),
    ]
    heading = ("title", "summary")
    open_names = True
    badges = ["kind"]
    detail = [
        Section("公告", ["title", "kind", "city", "summary", "body"]),
        Section("发布", ["published_at", "withdrawn_at", "pinned", "created_at"]),
    ]

    def check(self, values: dict[str, Any], actor: Actor, old: Notice | None) -> None:
        of_a_city(values)

    def fill(self, row: Notice, actor: Actor) -> None:
        """The notice lies where its city lies."""
        row.division = row.city


@declare
class CityRegister(Register[City]):
    """Cities that this installation serves; opening one lets residents choose it at once (ZB-02)."""

    key, title, unit, group, icon = "citizen.cities", "开通城市", "个", "公众端", "map"
    model = City
    rights = Rights("citizen.city", path="code", division="code")
    columns = [
        Column("code", "代码", frozen=True),
        Column("name", "名称"),
        Column("short", "简称", hidden=True),
        Column("province", "省份代码"),
        Column("open", "已开通"),
        Column("phone", "咨询电话"),
        Column("services", "可办事项"),
    ]
    search = Search(["name", "pinyin"], "搜名称或拼音")
    order = "code"
    form = [
        Field("code", "代码", required=True, fixed=True, pattern=r"[0-9]{4}00", hint="6 位，后两位是 00"),
        Field("name", "名称", required=True, max_length=40),
        Field("short", "简称", required=True, max_length=20),
        Field("pinyin", "拼音", required=True, max_length=60, pattern=r"[a-z]+", hint="小写字母，例如 lanzhou"),
        Field("open", "已开通", "boolean", default=False),
        Field("phone", "咨询电话", max_length=30),
        Field("services", "可办事项", max_length=100),
    ]
    can_delete = False
    heading = ("name", "code")
    open_names = True

    def check(self, values: dict[str, Any], actor: Actor, old: City | None) -> None:
        """The province of a code must exist."""
        code = values.get("code")
        if code and f"{code[:2]}0000" not in {row["code"] for row in divisions() if not row["province"]}:
            raise Invalid([FieldError("code", "city.province", "前两位不是省份代码")])

    def fill(self, row: City, actor: Actor) -> None:
        """The province follows from the code."""
        row.province = f"{row.code[:2]}0000"


ANSWERS = Subquery(
    SurveyAnswer.objects.filter(survey=OuterRef("pk")).order_by().values("survey").annotate(n=Count("id")).values("n")
)


@declare
class SurveyRegister(Register[Survey]):
    """Demand surveys of a city (JN-01.2); the questions are the form `demand_survey`."""

    key, title, unit, group, icon = "citizen.surveys", "需求调查", "份", "公众端", "list-checks"
    model = Survey
    rights = Rights("citizen.survey")
    columns = [
        Column("title", frozen=True, width=280),
        Column("city", width=100),
        Column("opens_on", width=120),
        Column("closes_on", width=120),
        Column("answers", "已填", type="number", expression=ANSWERS, width=90),
        Column("published_at", width=150),
        Column("withdrawn_at", width=150),
        Column("intro", listed=False),
    ]
    filters = [Text("city", "城市", exact=True), DateBetween("closes_on")]
    search = Search(["title"], "搜标题")
    order = "-id"
    form = [
        Field("city", "城市代码", required=True, pattern=r"[0-9]{4}00", hint="6 位代码，例如 339900", default="339900"),
        Field("title", "标题", required=True, max_length=60),
        Field("intro", "说明", "textarea", max_length=500, hint="为什么调查、结果怎么用"),
        Field("opens_on", "开始日期", "date", required=True),
        Field("closes_on", "截止日期", "date", required=True),
    ]
    actions = [
        Action(
            "publish",
            "发布",
            publish,
            tone="primary",
            confirm="发布后居民马上能看到并填写，确定发布",
            when=UNPUBLISHED,
        ),
        Action("withdraw", "撤下", withdraw, tone="danger", confirm="撤下后居民看不到，已填的保留", when=SHOWN),
    ]
    deletes_when = UNPUBLISHED
    guards = [
        Guard(lambda row: "发布过的调查不能删除" if row.published_at else "", "survey.published", "可以撤下"),
    ]
    heading = ("title", "city")
    open_names = True
    detail = [
        Section("调查", ["title", "city", "intro", "opens_on", "closes_on", "answers", "published_at", "withdrawn_at"])
    ]
    related = [Related("answers", "答卷", "citizen.survey_answers", "survey")]

    def check(self, values: dict[str, Any], actor: Actor, old: Survey | None) -> None:
        of_a_city(values)

    def fill(self, row: Survey, actor: Actor) -> None:
        """The survey lies where its city lies."""
        row.division = row.city


@declare
class SurveyAnswerRegister(Register[SurveyAnswer]):
    """What residents answered, without who they are."""

    key, title, unit, group, icon = "citizen.survey_answers", "需求调查答卷", "份", "公众端", "list-checks"
    model = SurveyAnswer
    rights = Rights("citizen.survey")
    columns = [
        Column("id", "编号", frozen=True, width=90),
        Column("survey.title", "调查", link=Link("citizen.surveys", "survey_id"), width=240),
        Column("situation", dictionary="survey_housing", width=140),
        Column("programme", dictionary="programme", width=140),
        Column("wanted_division", dictionary="division", width=100),
        Column("layout", dictionary="layout", width=100),
        Column("rent_band", dictionary="survey_rent_band", width=140),
        Column("moving", dictionary="survey_moving", width=110),
        Column("people", width=100),
        Column("note", width=280),
        Column("created_at", "填写时间", width=150),
    ]
    filters = [
        Choice("survey", register="citizen.surveys"),
        Choice("programme", dictionary="programme"),
        Choice("wanted_division", dictionary="division", tree=True),
        Choice("layout", dictionary="layout", primary=False),
        Choice("rent_band", dictionary="survey_rent_band", primary=False),
        Choice("moving", dictionary="survey_moving", primary=False),
        Choice("situation", dictionary="survey_housing", primary=False),
    ]
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("id", "survey.title")
    detail = [
        Section("答卷", [
            "survey.title", "situation", "programme", "wanted_division", "layout", "rent_band", "moving", "people", "note",
            "created_at",
        ])
    ]  # fmt: skip
