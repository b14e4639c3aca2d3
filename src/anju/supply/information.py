"""供应信息: what the company says of its project in six parts, with pictures, plans and video (SH-181).

Every change is a new version that the data hub is told; a change names the version it saw.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q

from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.files import check_picture, check_video, may_read, mime_of, store
from anju.kernel.files.checks import LARGEST
from anju.kernel.files.models import StoredFile
from anju.kernel.registers import record_history
from anju.kernel.registers.dictionaries import titles
from anju.kernel.scope import Actor, restrict
from anju.supply.models import (
    OCCUPIED,
    Estate,
    MediumKind,
    Project,
    ProjectInformation,
    ProjectMedium,
    Unit,
    UnitStatus,
)
from anju.supply.publishing import project_of
from anju.supply.scene import tell_project

VIEW, CHANGE = "supply.project.view", "supply.information.change"
PURPOSE = "project_medium"
PICTURES = 20
PARTS = (
    "allocation", "supply_on", "price", "rent_from", "rent_to", "accept_from", "accept_until", "supply_from",
    "supply_until", "contact", "contact_phone", "hours", "transport", "fittings", "rules", "conveniences", "notes",
)  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """What is typed of the six parts; pictures and the video are uploaded."""

    allocation: str
    supply_on: date | None
    price: Decimal | None
    rent_from: Decimal | None
    rent_to: Decimal | None
    accept_from: date | None
    accept_until: date | None
    supply_from: date | None
    supply_until: date | None
    contact: str
    contact_phone: str
    hours: str
    transport: str
    fittings: list[str]
    rules: str
    conveniences: str
    notes: str


class Changed(Conflict):
    """Somebody else saved the supply information meanwhile."""

    code, message = "supply.information_changed", "供应信息刚被另一人修改过"
    advice = "请刷新页面，看过新内容后再改"


@may_read(PURPOSE)
def reads_medium(actor: Actor, file: StoredFile) -> bool:
    """Pictures and videos of projects are for everybody."""
    return True


def page(actor: Actor, project_id: int) -> dict[str, Any]:
    """All of a project's supply information for its page in the office. Raises `NotFound`."""
    project = project_of(actor, project_id, VIEW)
    known = ProjectInformation.objects.filter(project=project).first() or ProjectInformation(version=0)
    media = ProjectMedium.objects.filter(project=project).order_by("kind", "layout", "id")
    return {
        "project": {
            "id": project.pk, "code": project.code, "name": project.name, "programme": project.programme,
            "division": project.division, "street": project.street, "address": project.address,
            "operator": project.operator.name, "sector": project.sector, "longitude": project.longitude,
            "latitude": project.latitude,
        },
        "version": known.version,
        "parts": {key: getattr(known, key) for key in PARTS},
        "media": [
            {"id": one.pk, "kind": one.kind, "layout": one.layout, "title": one.title, "mime": one.mime, "size": one.size}
            for one in media
        ],
        "layouts": layouts_of(project.pk),
        "told": {"version": known.told_version, "at": known.told_at},
        "distribution": distribution(actor, project),
        "may_change": actor.may(CHANGE),
    }  # fmt: skip


def layouts_of(project_id: int) -> list[str]:
    """The layouts of a project's units."""
    found = Unit.objects.filter(project_id=project_id).values_list("layout", flat=True).distinct()
    return sorted(found)


def distribution(actor: Actor, project: Project) -> list[dict[str, Any]]:
    """How a project's units are spread over its estates, with what can be let and what is let (SH-180.4)."""
    units = restrict(Unit.objects.filter(project=project), actor, "supply.unit.view")
    counted = units.exclude(status__in=[UnitStatus.SPLIT, UnitStatus.MERGED]).values("estate_id", "layout").annotate(
        units=Count("id"),
        rentable=Count("id", filter=Q(status=UnitStatus.VACANT)),
        let=Count("id", filter=Q(status__in=OCCUPIED)),
    )  # fmt: skip
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in counted:
        rows.setdefault(row["estate_id"], []).append({key: value for key, value in row.items() if key != "estate_id"})
    return [
        {
            "id": estate.pk, "name": estate.name, "address": estate.address, "layouts": rows.get(estate.pk, []),
            **{key: sum(row[key] for row in rows.get(estate.pk, [])) for key in ("units", "rentable", "let")},
        }
        for estate in Estate.objects.filter(project=project).order_by("name", "id")
    ]  # fmt: skip


@transaction.atomic
def save(*, actor: Actor, project_id: int, version: int, parts: Parts) -> ProjectInformation:
    """Saves the typed parts and asks for the push. Raises `NotFound`, `Invalid`, `Changed`."""
    project = project_of(actor, project_id, CHANGE)
    unknown = [code for code in parts.fittings if code not in titles("fitting")]
    if unknown:
        raise Invalid([FieldError("fittings", "supply.fitting_unknown", "有的配套不在字典里，请重新勾选")])
    known = locked(project)
    if known.version != version:
        raise Changed(details={"version": known.version})
    old = {key: getattr(known, key) for key in PARTS}
    new = {**asdict(parts), "fittings": sorted(set(parts.fittings), key=list(titles("fitting")).index)}
    changed = [key for key in PARTS if old[key] != new[key]]
    if not changed:
        return known
    for key in changed:
        setattr(known, key, new[key])
    named = {field.name: str(field.verbose_name) for field in ProjectInformation._meta.fields}
    words = "、".join(named[key] for key in changed)
    return grown(known, actor, f"修改{words}")


def locked(project: Project) -> ProjectInformation:
    """The information of a project, locked; made when the project has none yet."""
    ProjectInformation.objects.bulk_create([ProjectInformation(project=project, version=0)], ignore_conflicts=True)
    return ProjectInformation.objects.select_for_update().select_related("project").get(project=project)


def grown(known: ProjectInformation, actor: Actor, what: str) -> ProjectInformation:
    """Stores a new version, leaves it on record and asks for the push."""
    known.version += 1
    known.save()
    record_history("supply.projects", known.project_id, actor=actor, action="供应信息", note=what)
    audit.record("change", actor=actor, subject=f"supply.projects:{known.project_id}", title=f"供应信息：{what}"[:200])
    tell_project(known.pk)
    return known


def project_changed(project: Project) -> None:
    """What is told of a project holds its name and address too: they changed."""
    if ProjectInformation.objects.filter(project=project).update(version=F("version") + 1):
        tell_project(ProjectInformation.objects.values_list("pk", flat=True).get(project=project))


def checked(kind: MediumKind, content: bytes) -> tuple[bytes, str]:
    """The content to keep and its type: a video by its boxes, everything else a picture written anew."""
    if kind == MediumKind.VIDEO:
        return check_video(content), "video/mp4"
    picture = check_picture(content, LARGEST)
    return picture, mime_of(picture)


@transaction.atomic
def add_medium(
    *, actor: Actor, project_id: int, kind: MediumKind, content: bytes, name: str, layout: str = "", title: str = "",
    unit_code: str = "",
) -> ProjectMedium:  # fmt: skip
    """Keeps a picture, plan, video or cover; a project has one video, one cover, and one plan a layout, the newest.

    Raises `NotFound`, `DomainError` for a layout or unit that the project does not have, and what the checks raise.
    """
    project = project_of(actor, project_id, CHANGE)
    unit = None
    if unit_code:
        unit = Unit.objects.filter(project=project, code=unit_code).first()
        if unit is None:
            raise NotFound("项目里没有这套房源", advice="请核对房源编码")
        layout = unit.layout
    if kind in {MediumKind.PLAN, MediumKind.ROOM}:
        if layout not in layouts_of(project.pk):
            raise DomainError("项目里没有这种户型的房源", code="supply.layout_missing", field="layout")
    else:
        layout = ""
    known = locked(project)
    kept = ProjectMedium.objects.filter(project=project, kind=kind)
    if kind in {MediumKind.PICTURE, MediumKind.ROOM} and kept.count() >= PICTURES:
        raise DomainError(
            f"{kind.label}最多 {PICTURES} 张", code="supply.too_many_pictures", advice="请先删除不用的", field="file"
        )
    content, mime = checked(kind, content)
    if kind in {MediumKind.VIDEO, MediumKind.COVER}:
        kept.delete()
    elif kind == MediumKind.PLAN:
        kept.filter(layout=layout).delete()
    file = store(content, name=name, mime=mime, actor=actor, purpose=PURPOSE, owner=f"supply.projects:{project.pk}")
    medium = ProjectMedium.objects.create(
        project=project, kind=kind, layout=layout, unit=unit, title=title.strip(), file_id=file.pk, mime=mime,
        size=len(content), created_at=clock.now(), created_by=actor.ref,
    )  # fmt: skip
    grown(known, actor, f"上传{kind.label}")
    return medium


@transaction.atomic
def remove_medium(*, actor: Actor, project_id: int, medium_id: int) -> None:
    """Takes a picture or video away. Raises `NotFound`."""
    project = project_of(actor, project_id, CHANGE)
    known = locked(project)
    medium = ProjectMedium.objects.filter(project=project, pk=medium_id).first()
    if medium is None:
        raise NotFound("没有这个图片或视频", advice="它可能刚被另一人删除，请刷新")
    kind = MediumKind(medium.kind).label
    medium.delete()
    grown(known, actor, f"删除{kind}")
