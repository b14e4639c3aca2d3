"""The application draft: saved page by page, checked, resumed elsewhere, submitted once (ZB-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from anju.citizen.models import ApplicationDraft, DraftPage, IdentityVerification, Resident, VerifiedState
from anju.citizen.verification import approved_of
from anju.eligibility.services import FORM, open_application_of
from anju.households.services import APPLICANT
from anju.kernel import clock
from anju.kernel.cases.types import MaterialClass, case_type
from anju.kernel.errors import Conflict, DomainError, FieldError
from anju.kernel.forms import load, validate

PROGRAMME = "public_rental"
CASE_TYPE = "eligibility.public_rental"
PAGES = ("place", "notice", "commitment", "form", "members", "housing", "property", "materials")
FILLED_PAGES = PAGES[:-1]
LARGEST_PAGE = 64 * 1024


class Unverified(DomainError):
    """No application before the real name is verified (ZB-04.4)."""

    status, code, message = 409, "identity.unverified", "要先通过实名认证才能申请"
    advice = "到“我的”里办实名认证：用银行卡马上就好，用证件照片要 1 到 3 个工作日"


class AlreadyOpen(Conflict):
    """One open application a resident and programme (ZB-05.5)."""

    code, message, advice = "application.open_exists", "你已经有一份申请在办理", "到“办事”里看进度；办结后才能再申请"


@dataclass(frozen=True)
class Saved:
    """A page as it is kept."""

    page: str
    version: int
    saved_at: datetime
    data: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"version": self.version, "saved_at": self.saved_at, "data": self.data}


def may_start(resident: Resident) -> DomainError | None:
    """Why the resident cannot apply now, or None."""
    if resident.verified != VerifiedState.VERIFIED:
        return Unverified()
    case = open_application_of(resident.ref)
    if case is not None:
        return AlreadyOpen(details={"case_id": case.pk, "number": case.number})
    return None


def draft_of(resident: Resident) -> ApplicationDraft | None:
    """The resident's draft, if he has begun one."""
    return ApplicationDraft.objects.filter(resident=resident, programme=PROGRAMME).first()


def saved_pages(draft: ApplicationDraft | None) -> dict[str, Saved]:
    """The pages of a draft by key."""
    rows = draft.pages.all() if draft else []
    return {row.page: Saved(row.page, row.version, row.saved_at, orjson.loads(row.data)) for row in rows}


def contents(resident: Resident, pages: dict[str, Saved]) -> dict[str, dict[str, Any]]:
    """What is filled in, by page; the members' page begins with the applicant as verified."""
    data = {key: pages[key].data for key in FILLED_PAGES if key in pages}
    proof = approved_of(resident)
    if "members" not in data and proof is not None:
        data["members"] = {"members": [_own_row({}, proof)]}
    return data


def save_page(resident: Resident, page: str, version: int, data: dict[str, Any]) -> Saved:
    """Saves a page over the version that was read (0 for a new one), however incomplete it is.

    The first page saved begins the draft. Raises `Unverified`, `AlreadyOpen`, and Conflict `draft.newer` with
    `details.current` when another device saved meanwhile: both versions can be compared, nothing is lost.
    """
    if page not in FILLED_PAGES:
        raise DomainError("没有这一页", code="draft.no_page", advice="请从申请首页重新进入")
    if refusal := may_start(resident):
        raise refusal
    if page == "members":
        data = keep_applicant(resident, data)
    text = orjson.dumps(data)
    if len(text) > LARGEST_PAGE:
        raise DomainError("这一页内容太多，保存不下", code="draft.too_large", advice="请删去重复的行或缩短说明")
    with transaction.atomic():
        draft, _ = ApplicationDraft.objects.get_or_create(
            resident=resident, programme=PROGRAMME, defaults={"city": resident.city, "created_by": resident.ref}
        )
        # pages of one draft are saved one after another: two devices may both bring a page that is new
        ApplicationDraft.objects.select_for_update().get(pk=draft.pk)
        row = DraftPage.objects.filter(draft=draft, page=page).first()
        if (row.version if row else 0) != version:
            current = Saved(page, row.version, row.saved_at, orjson.loads(row.data)).as_json() if row else None
            raise Conflict(
                "另一台设备刚刚保存过这一页", code="draft.newer", advice="请对照后选一份保留",
                details={"current": current, "page": page},
            )  # fmt: skip
        row = row or DraftPage(draft=draft, page=page, version=0)
        row.data, row.version, row.saved_at = text.decode(), version + 1, clock.now()
        row.save()
        draft.save(update_fields=["updated_at"])
    return Saved(page, row.version, row.saved_at, data)


def keep_applicant(resident: Resident, data: dict[str, Any]) -> dict[str, Any]:
    """The members' page with the applicant's name and document as verified.

    Raises `DomainError` `members.not_you` when the applicant's row names another document.
    """
    proof = approved_of(resident)
    rows = data.get("members")
    if proof is None or not isinstance(rows, list):
        return data
    kept = []
    for at, row in enumerate(rows):
        if isinstance(row, dict) and row.get("relation") == APPLICANT:
            told = str(row.get("document_number") or "").strip().upper()
            if told and told != proof.document_number:
                raise DomainError(
                    "本人的证件号码要和实名认证的一样", code="members.not_you",
                    advice="证件号码有变动的，请先更正实名认证", field=f"members.members.{at}.document_number",
                )  # fmt: skip
            row = _own_row(row, proof)
        kept.append(row)
    return data | {"members": kept}


def _own_row(row: dict[str, Any], proof: IdentityVerification) -> dict[str, Any]:
    fixed = {
        "relation": APPLICANT,
        "name": proof.name,
        "document_type": proof.document_type,
        "document_number": proof.document_number,
    }
    return row | fixed


def page_errors(page: str, data: dict[str, Any]) -> list[FieldError]:
    """What is wrong, not what is missing, on one page of a draft."""
    _, errors = validate(load(FORM), {page: data}, draft=True)
    return [error for error in errors if error.path.split(".")[0] == page]


def all_errors(resident: Resident, draft: ApplicationDraft | None) -> list[FieldError]:
    """Everything that keeps the application from being submitted, page by page, materials last."""
    data = contents(resident, saved_pages(draft))
    _, errors = validate(load(FORM), data)
    errors = [*errors, *missing_materials(draft)]
    order = {page: at for at, page in enumerate(PAGES)}
    return sorted(errors, key=lambda error: order.get(error.path.split(".")[0], len(order)))


def material_classes() -> tuple[MaterialClass, ...]:
    """The classes of materials that the programme asks for."""
    return tuple(case_type(CASE_TYPE).materials)


def missing_materials(draft: ApplicationDraft | None) -> list[FieldError]:
    """Each required class without a file, named (ZB-05.3)."""
    held = set(draft.materials.values_list("klass", flat=True)) if draft else set()
    return [
        FieldError(f"materials.{klass.key}", "material.missing", f"还没有上传{klass.title}")
        for klass in material_classes()
        if klass.required and klass.key not in held
    ]


def done_pages(draft: ApplicationDraft | None, errors: list[FieldError]) -> list[str]:
    """The pages that are filled in and right; an optional page counts once it was saved, even empty."""
    saved = set(saved_pages(draft))
    if draft is not None and draft.materials.exists():
        saved.add("materials")
    wrong = {error.path.split(".")[0] for error in errors}
    return [page for page in PAGES if page in saved and page not in wrong]
