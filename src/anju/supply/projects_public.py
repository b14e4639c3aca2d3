"""What everybody may know of projects: found, compared, opened; figures come from kept counts (SH-006, SH-007).

A project is shown once units of it were published or its supply information was filled in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from anju.kernel import clock
from anju.kernel.errors import DomainError, NotFound
from anju.supply.models import (
    GONE,
    ON_OFFER,
    AdvanceNotice,
    Allocation,
    Bed,
    MediumKind,
    NoticeState,
    Project,
    ProjectInformation,
    ProjectMedium,
    Rentable,
    Room,
    Unit,
    UnitCount,
)
from anju.supply.nearness import FAR, Spot, after, measured, place_of
from anju.supply.scene import medium_address
from anju.supply.standing import supply_of
from anju.supply.wishes import waiting_by_project

MOST = 50
SUPPLY = ("accepting", "supplying", "rentable", "coming")
FACTS = (
    "id", "code", "name", "programme", "division", "street", "address", "sector", "longitude", "latitude",
    "rent_standard",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: rents in yuan a month, areas of homes in square metres; `supply` one of `SUPPLY`, under the
    way of allocation.
    """

    name: str = ""
    division: str = ""
    street: str = ""
    programme: str = ""
    layout: str = ""
    rent_min: int | None = None
    rent_max: int | None = None
    area_min: int | None = None
    area_max: int | None = None
    allocation: str = ""
    supply: str = ""
    codes: tuple[str, ...] = ()
    at: Spot | None = None
    cursor: str = ""
    limit: int = 20


def shown() -> QuerySet[Project]:
    """The projects that everybody may see."""
    offered = UnitCount.objects.filter(status__in=ON_OFFER).values("project").annotate(n=Sum("units")).filter(n__gt=0)
    return Project.objects.filter(Q(information__isnull=False) | Q(pk__in=offered.values("project")))


def project_by_code(code: str) -> Project:
    """A project that everybody may see, with its operator. Raises `NotFound`."""
    found = shown().select_related("operator", "information").filter(code=code).first()
    if found is None:
        raise NotFound("没有这个项目", advice="请从项目列表里重新选择")
    return found


def narrowed(rows: QuerySet[Project], wanted: Wanted, today: date) -> QuerySet[Project]:
    """The projects that fit."""
    if wanted.name:
        rows = rows.filter(Q(name__icontains=wanted.name) | Q(code=wanted.name.upper()))
    if wanted.division:
        rows = rows.filter(division__startswith=wanted.division.removesuffix("00"))
    for key in ("street", "programme"):
        if value := getattr(wanted, key):
            rows = rows.filter(**{key: value})
    if wanted.codes:
        rows = rows.filter(code__in=wanted.codes)
    if wanted.layout:
        has = Rentable.objects.filter(project=OuterRef("pk"), layout__in=wanted.layout.split(","))
        rows = rows.filter(Exists(has))
    if wanted.area_min is not None or wanted.area_max is not None:
        rows = rows.filter(Exists(sized(wanted)))
    if wanted.rent_max is not None:
        rows = rows.filter(information__rent_from__lte=wanted.rent_max)
    if wanted.rent_min is not None:
        rows = rows.filter(information__rent_to__gte=wanted.rent_min)
    if wanted.allocation:
        rows = rows.filter(information__allocation=wanted.allocation)
    return rows.filter(offering(wanted.supply, today)) if wanted.supply else rows


def sized(wanted: Wanted) -> QuerySet[Unit]:
    """The published homes of a project that are of the wanted size, and of the wanted layout at once (面积, SH-006.1).

    Homes that are let count as well, as in the layouts of the project's page: it may be waited for.
    """
    homes = Unit.objects.filter(project=OuterRef("pk"), published=True).exclude(status__in=GONE)
    if wanted.area_min is not None:
        homes = homes.filter(floor_area__gte=wanted.area_min)
    if wanted.area_max is not None:
        homes = homes.filter(floor_area__lte=wanted.area_max)
    return homes.filter(layout__in=wanted.layout.split(",")) if wanted.layout else homes


def offering(supply: str, today: date) -> Q:
    """Which projects stand so, by how their units are given out (SH-007.1; our choice, the source names only the rules).

    集中配租 goes by its periods: it accepts and supplies while they run, and comes while acceptance is ahead. 常态配租
    knows no period: it accepts and supplies as long as a unit can be let, and comes while none can and its supply date
    is ahead. A project of which nothing was filled in is given out as usual, 常态.
    """
    free = Q(Exists(Rentable.objects.filter(project=OuterRef("pk"), units__gt=0)))
    central = Q(information__allocation=Allocation.CENTRAL)
    regular = Q(information__allocation=Allocation.REGULAR) | Q(information__isnull=True)
    match supply:
        case "accepting":
            period = Q(information__accept_from__lte=today, information__accept_until__gte=today)
        case "supplying":
            period = Q(information__supply_from__lte=today, information__supply_until__gte=today)
        case "coming":
            ahead = Q(information__supply_on__gt=today) | Q(information__supply_on__isnull=True, supply_on__gt=today)
            return (central & Q(information__accept_from__gt=today)) | (regular & ahead & ~free)
        case _:
            return free
    return (central & period) | (regular & free)


def search(wanted: Wanted) -> dict[str, Any]:
    """A page of projects by code, or by distance from a spot, with what each offers (SH-007.1-2).

    Three queries whatever the number of units.

    Raises `DomainError` for a condition that does not exist.
    """
    if wanted.supply and wanted.supply not in SUPPLY:
        raise DomainError("没有这个供应条件", code="supply.condition_unknown", field="supply")
    if wanted.allocation and wanted.allocation not in Allocation.values:
        raise DomainError("没有这种配租方式", code="supply.allocation_unknown", field="allocation")
    today, limit = clock.today(), max(1, min(wanted.limit, MOST))
    rows = narrowed(shown(), wanted, today).select_related("information").order_by("code")
    if wanted.at:
        rows = measured(rows, wanted.at)
    if wanted.cursor:
        rows = after(rows, wanted.cursor) if wanted.at else rows.filter(code__gt=wanted.cursor)
    found = list(rows[: limit + 1])
    page = found[:limit]
    figures = figures_of([project.pk for project in page])
    return {
        "rows": [card(project, figures[project.pk], today) for project in page],
        "next": (place_of(page[-1]) if wanted.at else page[-1].code) if len(found) > limit else None,
    }


def streets(division: str) -> list[str]:
    """The streets and towns (行政街道) in which projects stand, for choosing one."""
    rows = narrowed(shown(), Wanted(division=division), clock.today()).exclude(street="")
    return sorted(set(rows.values_list("street", flat=True)))


def figures_of(project_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Of each project what can be let by layout, how many wait for it, and its first picture."""
    waiting = waiting_by_project()
    found: dict[int, dict[str, Any]] = {
        pk: {"layouts": {}, "waiting": waiting.get(pk, 0), "picture": None} for pk in project_ids
    }
    for pk, layout, units in Rentable.objects.filter(project__in=project_ids).values_list(
        "project_id", "layout", "units"
    ):
        found[pk]["layouts"][layout] = units
    covers = ProjectMedium.objects.filter(project__in=project_ids, kind__in=[MediumKind.COVER, MediumKind.PICTURE])
    for pk, medium in covers.order_by("kind", "-id").values_list("project_id", "id"):
        found[pk]["picture"] = medium_address(medium)
    return found


def information_of(project: Project) -> ProjectInformation:
    """The supply information of a project; empty where none was filled in."""
    return getattr(project, "information", None) or ProjectInformation(project=project)


def within(first: date | None, last: date | None, today: date) -> bool:
    """Whether today lies in a period; one without both ends never runs."""
    return first is not None and last is not None and first <= today <= last


def card(project: Project, figures: dict[str, Any], today: date) -> dict[str, Any]:
    """A project as lists show it; whether it accepts and supplies as `offering` has it."""
    known = information_of(project)
    rentable = sum(figures["layouts"].values())
    central = known.allocation == Allocation.CENTRAL
    distance = getattr(project, "distance", FAR)
    return {
        **{key: getattr(project, key) for key in FACTS},
        "allocation": known.allocation,
        "supply_on": known.supply_on or project.supply_on,
        "accepting": within(known.accept_from, known.accept_until, today) if central else rentable > 0,
        "supplying": within(known.supply_from, known.supply_until, today) if central else rentable > 0,
        "accept_from": known.accept_from, "accept_until": known.accept_until,
        "supply_from": known.supply_from, "supply_until": known.supply_until,
        "rent_from": known.rent_from, "rent_to": known.rent_to,
        "rentable": rentable,
        "layouts": figures["layouts"],
        "waiting": figures["waiting"],
        "fittings": known.fittings,
        "conveniences": known.conveniences,
        "picture": figures["picture"],
        "distance": None if distance == FAR else distance,
    }  # fmt: skip


def details(code: str) -> dict[str, Any]:
    """A project's page: the card, the six parts, layouts, pictures, video, notice. Raises `NotFound`."""
    project = project_by_code(code)
    known = information_of(project)
    media = list(ProjectMedium.objects.filter(project=project).order_by("kind", "id"))
    return {
        **card(project, figures_of([project.pk])[project.pk], clock.today()),
        "operator": project.operator.name,
        "price": known.price,
        "transport": known.transport,
        "rules": known.rules,
        "notes": known.notes,
        "viewing": viewing(code, project),
        "pictures": [
            {"number": one.pk, "title": one.title, "address": medium_address(one.pk)}
            for one in media
            if one.kind == MediumKind.PICTURE
        ],
        "video": one_of(media, MediumKind.VIDEO),
        "cover": one_of(media, MediumKind.COVER),
        "plans": layouts(code, project),
        "notice": notice_of(project),
    }


def one_of(media: list[ProjectMedium], kind: MediumKind) -> str | None:
    """The address of the project's one medium of a kind."""
    return next((medium_address(one.pk) for one in media if one.kind == kind), None)


def layouts(code: str, project: Project | None = None) -> list[dict[str, Any]]:
    """A project's layouts with what remains of each, its plan, areas and rents (SH-006.1)."""
    project = project or project_by_code(code)
    left = dict(Rentable.objects.filter(project=project).values_list("layout", "units"))
    plans = {
        one.layout: one.pk for one in ProjectMedium.objects.filter(project=project, kind=MediumKind.PLAN)
    }  # fmt: skip
    published = Unit.objects.filter(project=project, published=True).exclude(status__in=GONE)
    rows = published.values("layout").annotate(
        units=Count("id"), area_from=Min("floor_area"), area_to=Max("floor_area"), rent_from=Min("rent"),
        rent_to=Max("rent"),
    )  # fmt: skip
    return [
        {
            **row, "remaining": left.get(row["layout"], 0),
            "plan": medium_address(plans[row["layout"]]) if row["layout"] in plans else None,
        }
        for row in rows.order_by("layout")
    ]  # fmt: skip


def unit(code: str) -> dict[str, Any]:
    """One published unit: its rooms and beds, rent, area, state, picture, address (SH-006.3). Raises `NotFound`."""
    found = Unit.objects.select_related("project").filter(code=code, published=True).first()
    if found is None:
        raise NotFound("没有这套房源", advice="请从房源列表里重新选择")
    pictures = ProjectMedium.objects.filter(project_id=found.project_id, kind=MediumKind.ROOM)
    picture = pictures.filter(Q(unit=found) | Q(unit__isnull=True, layout=found.layout)).order_by(
        F("unit").asc(nulls_last=True), "id"
    ).first()  # fmt: skip
    return {
        "code": found.code, "project": found.project.code, "project_name": found.project.name, "address": found.address,
        "layout": found.layout, "floor": found.floor, "orientation": found.orientation, "floor_area": found.floor_area,
        "rent": found.rent, "supply": supply_of(found),
        "rooms": rooms_of(found),
        "picture_number": picture.pk if picture else None,
        "picture": medium_address(picture.pk) if picture else None,
    }  # fmt: skip


def rooms_of(found: Unit) -> list[dict[str, Any]]:
    """The rooms of a unit that is counted by rooms, each with the beds that can be used.

    `beds` are their numbers, `bed_rents` their rents in the same order, yuan a month, null where the room is let whole.
    """
    beds: dict[int, list[Bed]] = defaultdict(list)
    for bed in Bed.objects.filter(room__unit=found, usable=True).order_by("number"):
        beds[bed.room_id].append(bed)
    rooms = Room.objects.filter(unit=found).order_by("number").values_list("pk", "number", "kind", "floor_area")
    return [
        {
            "number": number, "kind": kind, "floor_area": area, "beds": [bed.number for bed in beds[pk]],
            "bed_rents": [bed.rent for bed in beds[pk]],
        }
        for pk, number, kind, area in rooms
    ]  # fmt: skip


def plans(code: str) -> list[dict[str, Any]]:
    """A project's layout plans (SH-006.4)."""
    project = project_by_code(code)
    rows = ProjectMedium.objects.filter(project=project, kind=MediumKind.PLAN).order_by("layout")
    return [{"layout": one.layout, "title": one.title, "address": medium_address(one.pk)} for one in rows]


def medium(medium_id: int) -> ProjectMedium:
    """A picture or video by its number (SH-006.5). Raises `NotFound`."""
    found = ProjectMedium.objects.filter(pk=medium_id, project__in=shown()).first()
    if found is None:
        raise NotFound("没有这张图片或这个视频", advice="它可能已被更换，请重新打开项目页")
    return found


def viewing(code: str, project: Project | None = None) -> dict[str, str]:
    """Whom to call to view a unit, and when (SH-007.9); the company's own telephone where the project names none."""
    project = project or project_by_code(code)
    known = information_of(project)
    return {
        "operator": project.operator.name,
        "contact": known.contact or project.operator.contact,
        "phone": known.contact_phone or project.operator.phone,
        "hours": known.hours,
    }


def video(code: str) -> dict[str, str | None]:
    """A project's video and its cover (SH-007.3)."""
    media = list(ProjectMedium.objects.filter(project=project_by_code(code)))
    return {"video": one_of(media, MediumKind.VIDEO), "cover": one_of(media, MediumKind.COVER)}


def notice_of(project: Project) -> dict[str, Any] | None:
    """The latest published notice of a project."""
    found = AdvanceNotice.objects.select_related("operator").filter(project=project, state=NoticeState.PUBLISHED)
    latest = found.order_by("-published_at").first()
    return notice_json(latest) if latest else None


def cover(code: str) -> dict[str, Any]:
    """A project's cover with its advance notice (SH-007.4)."""
    project = project_by_code(code)
    media = list(ProjectMedium.objects.filter(project=project, kind=MediumKind.COVER))
    return {"cover": one_of(media, MediumKind.COVER), "notice": notice_of(project)}


def notices(division: str) -> list[dict[str, Any]]:
    """The notices of projects that come to market, soonest first (SH-007.5)."""
    rows = AdvanceNotice.objects.select_related("operator").filter(state=NoticeState.PUBLISHED)
    if division:
        rows = rows.filter(division__startswith=division.removesuffix("00"))
    return [notice_json(one) for one in rows.order_by("planned_on", "id")[:MOST]]


def notice_json(one: AdvanceNotice) -> dict[str, Any]:
    """A notice as everybody reads it."""
    return {
        "number": one.number, "lessor": one.operator.name, "name": one.name, "address": one.address,
        "division": one.division, "planned_on": one.planned_on, "scope": one.scope, "units": one.units,
        "rent_from": one.rent_from, "rent_to": one.rent_to, "note": one.note, "published_at": one.published_at,
    }  # fmt: skip
