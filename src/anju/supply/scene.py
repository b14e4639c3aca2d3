"""我要租房: what the city's data hub is told of projects and advance notices, whole and in order (SH-181.8, SH-182.5).

A change grows the row's version; the push tells the newest state with its version as revision, so that a late or double
one changes nothing there. What could not be told is told by the sweep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import F

from anju.kernel import clock
from anju.kernel.connectors import Connector
from anju.kernel.jobs import background, defer, every
from anju.supply.models import AdvanceNotice, MediumKind, NoticeState, Project, ProjectInformation, ProjectMedium

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class PlanTold:
    """The plan of a layout and where it is read."""

    layout: str
    address: str


@dataclass(frozen=True, kw_only=True)
class ProjectTold:
    """The six parts of a project's supply information: yuan a month, yuan a square metre and month."""

    code: str
    revision: int
    name: str
    programme: str
    division: str
    street: str
    address: str
    operator: str
    allocation: str
    supply_on: date | None
    price: Decimal | None
    rent_from: Decimal | None
    rent_to: Decimal | None
    accept_from: date | None
    accept_until: date | None
    contact: str
    contact_phone: str
    hours: str
    transport: str
    video: str
    cover: str
    pictures: tuple[str, ...]
    plans: tuple[PlanTold, ...]
    fittings: tuple[str, ...]
    rules: str
    conveniences: str
    notes: str


@dataclass(frozen=True, kw_only=True)
class NoticeTold:
    """An advance notice; `valid` is false once it was taken down."""

    code: str
    revision: int
    valid: bool
    lessor: str
    name: str
    address: str
    division: str
    planned_on: date
    scope: str
    units: int
    rent_from: Decimal
    rent_to: Decimal
    note: str


@dataclass(frozen=True)
class SceneReceipt:
    """Whether the state was new there."""

    taken: bool


class ProjectPush(Connector[ProjectTold, SceneReceipt]):
    """项目供应信息."""

    key, title, department = "data_hub_projects", "供应信息推送（我要租房）", "大数据中台"
    interface = "data_hub.projects"


class NoticePush(Connector[NoticeTold, SceneReceipt]):
    """项目预告."""

    key, title, department = "data_hub_notices", "预告推送（我要租房）", "大数据中台"
    interface = "data_hub.notices"


def medium_address(medium_id: int) -> str:
    """Where everybody reads a picture or video."""
    return f"/api/public/projects/media/{medium_id}"


def project_told(information: ProjectInformation) -> ProjectTold:
    """What is told; expects project and operator loaded with it."""
    project: Project = information.project
    media = list(ProjectMedium.objects.filter(project=project).order_by("kind", "id"))
    whole = {medium.pk: f"{settings.PUBLIC_URL}{medium_address(medium.pk)}" for medium in media}
    single = {medium.kind: whole[medium.pk] for medium in media}
    return ProjectTold(
        code=project.code, revision=information.version, name=project.name, programme=project.programme,
        division=project.division, street=project.street, address=project.address, operator=project.operator.name,
        allocation=information.allocation, supply_on=information.supply_on, price=information.price,
        rent_from=information.rent_from, rent_to=information.rent_to, accept_from=information.accept_from,
        accept_until=information.accept_until, contact=information.contact, contact_phone=information.contact_phone,
        hours=information.hours, transport=information.transport, video=single.get(MediumKind.VIDEO, ""),
        cover=single.get(MediumKind.COVER, ""),
        pictures=tuple(whole[medium.pk] for medium in media if medium.kind == MediumKind.PICTURE),
        plans=tuple(
            PlanTold(layout=medium.layout, address=whole[medium.pk]) for medium in media if medium.kind == MediumKind.PLAN
        ),
        fittings=tuple(information.fittings), rules=information.rules, conveniences=information.conveniences,
        notes=information.notes,
    )  # fmt: skip


def notice_told(notice: AdvanceNotice) -> NoticeTold:
    """What is told; expects the operator loaded with it."""
    return NoticeTold(
        code=notice.number, revision=notice.version, valid=notice.state == NoticeState.PUBLISHED,
        lessor=notice.operator.name, name=notice.name, address=notice.address, division=notice.division,
        planned_on=notice.planned_on, scope=notice.scope, units=notice.units, rent_from=notice.rent_from,
        rent_to=notice.rent_to, note=notice.note,
    )  # fmt: skip


def tell_project(information_id: int) -> None:
    """Asks for the push, in the transaction of the change."""
    defer("supply.push_project", lock=f"supply.scene:p{information_id}", information_id=information_id)


def tell_notice(notice_id: int) -> None:
    """Asks for the push, in the transaction of the change."""
    defer("supply.push_notice", lock=f"supply.scene:n{notice_id}", notice_id=notice_id)


@background("supply.push_project", atomic=False)
def push_project(information_id: int) -> None:
    """Tells the present state of a project; one that was told already is not told again."""
    row = ProjectInformation.objects.select_related("project__operator").filter(pk=information_id).first()
    if row is None or row.told_version >= row.version:
        return
    ProjectPush().call(
        project_told(row), subject=f"supply.projects:{row.project_id}", call_id=f"project-{row.pk}-{row.version}"
    )
    ProjectInformation.objects.filter(pk=row.pk, told_version__lt=row.version).update(
        told_version=row.version, told_at=clock.now()
    )


@background("supply.push_notice", atomic=False)
def push_notice(notice_id: int) -> None:
    """Tells the present state of a notice that is or was published; one that was told already is not told again."""
    row = AdvanceNotice.objects.select_related("operator").filter(pk=notice_id, published_at__isnull=False).first()
    if row is None or row.told_version >= row.version:
        return
    NoticePush().call(notice_told(row), subject=f"supply.notices:{row.pk}", call_id=f"notice-{row.pk}-{row.version}")
    AdvanceNotice.objects.filter(pk=row.pk, told_version__lt=row.version).update(
        told_version=row.version, told_at=clock.now()
    )


@background("supply.push_scene")
def push_scene() -> None:
    """Asks again for what has not been told; a repeat finds none left."""
    for pk in ProjectInformation.objects.exclude(version=F("told_version")).values_list("pk", flat=True)[:AT_ONCE]:
        tell_project(pk)
    behind = AdvanceNotice.objects.filter(published_at__isnull=False).exclude(version=F("told_version"))
    for pk in behind.values_list("pk", flat=True)[:AT_ONCE]:
        tell_notice(pk)


every(minutes=10)("supply.push_scene")
