"""Notices to staff: written, published for an audience, read, withdrawn (SH-004.3, SH-004.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from anju.identity.models import Role
from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.scope import Actor, restrict
from anju.kernel.scope.filters import division_prefix
from anju.workspace.models import NoticeRead, OfficeNotice
from anju.workspace.people import role_keys

TAGS = {
    "p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li", "blockquote", "a", "table",
    "thead", "tbody", "tr", "th", "td", "hr", "div", "span",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
PAGE = 30
LONGEST = 20_000


@dataclass(frozen=True)
class Draft:
    """What a notice says and to whom."""

    kind: str
    title: str
    body: str
    roles: Sequence[str] = ()
    rights: Sequence[str] = ()
    areas: Sequence[str] = ()
    pinned: bool = False


def safe(body: str) -> str:
    """Rich text without anything that acts: no scripts, styles, pictures from elsewhere or odd links."""
    return nh3.clean(body, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})


def seen_by(actor: Actor) -> QuerySet[OfficeNotice]:
    """The published notices that are meant for a person."""
    prefixes = {actor.division[:length] + "0" * (6 - length) for length in (2, 4, 6)} | {actor.division}
    everyone = Q(roles=[], rights=[])
    meant = everyone | Q(roles__overlap=role_keys(actor)) | Q(rights__overlap=sorted(actor.grants))
    here = Q(areas=[]) | Q(areas__overlap=sorted(prefixes))
    return OfficeNotice.objects.filter(meant, here, published_at__isnull=False, withdrawn_at__isnull=True)


def notice_page(actor: Actor, *, kind: str = "", q: str = "", before: int = 0) -> dict[str, Any]:
    """A page of the notices for a person, newest first, with the number unread."""
    rows = seen_by(actor)
    unread = rows.exclude(reads__person_ref=actor.ref).count()
    if kind:
        rows = rows.filter(kind=kind)
    if q.strip():
        rows = rows.filter(title__contains=q.strip()[:100])
    if before:
        last = OfficeNotice.objects.filter(pk=min(before, 2**62)).values_list("published_at", flat=True).first()
        if last is None:
            raise DomainError("翻页标记无效", code="list.bad_cursor", field="before", advice="请回到第一页")
        rows = rows.filter(Q(published_at__lt=last) | Q(published_at=last, pk__lt=before))
    found = list(rows.order_by("-published_at", "-id")[: PAGE + 1])
    read = set(NoticeRead.objects.filter(notice__in=found, person_ref=actor.ref).values_list("notice_id", flat=True))
    return {
        "rows": [notice_json(each) | {"read": each.pk in read} for each in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "unread": unread,
    }


@transaction.atomic
def open_notice(notice_id: int, actor: Actor) -> dict[str, Any]:
    """One notice whole, and that the person has read it; `NotFound` for one that is not meant for him."""
    notice = seen_by(actor).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    _, first = NoticeRead.objects.get_or_create(notice=notice, person_ref=actor.ref, defaults={"at": clock.now()})
    if first:
        OfficeNotice.objects.filter(pk=notice.pk).update(readers=F("readers") + 1)
    return notice_json(notice) | {"body": notice.body, "read": True}


def notice_json(notice: OfficeNotice) -> dict[str, Any]:
    """A notice in a list."""
    return {
        "id": notice.pk, "kind": notice.kind, "kind_title": notice.get_kind_display(), "title": notice.title,
        "pinned": notice.pinned, "published_at": notice.published_at, "published_by": notice.published_by,
    }  # fmt: skip


def managed(notice_id: int, actor: Actor, right: str) -> OfficeNotice:
    """A notice that the person may change, locked; `NotFound` outside his reach."""
    rows = restrict(OfficeNotice.objects.select_for_update(), actor, right)
    notice = rows.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    return notice


def edited(notice: OfficeNotice) -> dict[str, Any]:
    """A notice for its editor: with its audience and how many read it."""
    return notice_json(notice) | {
        "body": notice.body, "roles": notice.roles, "rights": notice.rights, "areas": notice.areas,
        "withdrawn_at": notice.withdrawn_at, "readers": notice.readers, "version": notice.version,
    }  # fmt: skip


def fill(notice: OfficeNotice, draft: Draft) -> None:
    """Puts a draft into a notice. Raises `Invalid` naming every wrong field."""
    body = safe(draft.body)
    errors = []
    if not draft.title.strip():
        errors.append(FieldError("title", "required", "必填"))
    if not nh3.clean(body, tags=set()).strip():
        errors.append(FieldError("body", "required", "正文不能为空"))
    if len(body) > LONGEST:
        errors.append(FieldError("body", "too_long", f"正文最多 {LONGEST} 个字符"))
    unknown = set(draft.roles) - set(Role.objects.filter(key__in=draft.roles).values_list("key", flat=True))
    if unknown:
        errors.append(FieldError("roles", "role.unknown", f"没有“{'、'.join(sorted(unknown))}”这样的角色"))
    city = division_prefix(settings.ANJU_CITY["code"])
    if any(not (area.isdigit() and len(area) == 6 and area.startswith(city)) for area in draft.areas):
        errors.append(FieldError("areas", "area.unknown", "只能面向本市的区划"))
    if errors:
        raise Invalid(errors)
    notice.kind, notice.title, notice.body = draft.kind, draft.title.strip(), body
    notice.roles, notice.rights, notice.areas = list(draft.roles), list(draft.rights), list(draft.areas)
    notice.pinned = draft.pinned


@transaction.atomic
def write(draft: Draft, actor: Actor) -> OfficeNotice:
    """Keeps a draft; nobody sees it before it is published."""
    notice = OfficeNotice(org_path=actor.org_path or "/", division=actor.division, created_by=actor.ref)
    fill(notice, draft)
    notice.save()
    return notice


@transaction.atomic
def announce(draft: Draft, actor: Actor) -> OfficeNotice:
    """Shows a notice at once that follows from an act in another place; the right to that act was asked there."""
    notice = write(draft, actor)
    notice.published_at, notice.published_by = clock.now(), actor.name
    notice.save(update_fields=["published_at", "published_by", "updated_at"])
    audit.record("create", actor=actor, subject=f"workspace.notice:{notice.pk}", title=f"发布公告 {notice.title}")
    return notice


@transaction.atomic
def rewrite(notice_id: int, version: int, draft: Draft, actor: Actor) -> OfficeNotice:
    """Changes a notice; raises `Conflict` when somebody changed it since."""
    notice = managed(notice_id, actor, "workspace.notice.change")
    if notice.version != version:
        raise Conflict(details={"current": edited(notice)})
    fill(notice, draft)
    notice.version += 1
    notice.save()
    audit.record("change", actor=actor, subject=f"workspace.notice:{notice.pk}", title=f"修改公告 {notice.title}")
    return notice


@transaction.atomic
def publish(notice_id: int, actor: Actor) -> OfficeNotice:
    """Shows a notice to its audience from now on; a withdrawn one is shown again."""
    notice = managed(notice_id, actor, "workspace.notice.publish")
    if notice.published_at and not notice.withdrawn_at:
        raise Conflict("这条公告已经发布", code="notice.published", advice="要改内容请直接修改")
    notice.published_at, notice.withdrawn_at, notice.published_by = clock.now(), None, actor.name
    notice.version += 1
    notice.save()
    audit.record("change", actor=actor, subject=f"workspace.notice:{notice.pk}", title=f"发布公告 {notice.title}")
    return notice


@transaction.atomic
def withdraw(notice_id: int, actor: Actor) -> OfficeNotice:
    """Takes a notice back; who read it stays on record."""
    notice = managed(notice_id, actor, "workspace.notice.publish")
    if not notice.published_at or notice.withdrawn_at:
        raise Conflict("只有发布中的公告可以撤回", code="notice.not_shown", advice="刷新后查看状态")
    notice.withdrawn_at = clock.now()
    notice.version += 1
    notice.save()
    audit.record("change", actor=actor, subject=f"workspace.notice:{notice.pk}", title=f"撤回公告 {notice.title}")
    return notice
