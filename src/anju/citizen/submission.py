"""Materials of a draft, and its submission: once, whatever the network does (ZB-05.3, ZB-05.5)."""

from __future__ import annotations

from anju.citizen import limits
from anju.citizen.accounts import actor_of
from anju.citizen.drafts import (
    PROGRAMME,
    AlreadyOpen,
    all_errors,
    contents,
    draft_of,
    material_classes,
    may_start,
    saved_pages,
)
from anju.citizen.models import ApplicationDraft, DraftMaterial, Resident, Submission
from anju.eligibility.services import submit_application
from anju.kernel import clock
from anju.kernel.errors import DomainError, Invalid, NotFound
from anju.kernel.files import check_material, store

MATERIAL_PURPOSE = "material"


def add_material(resident: Resident, klass: str, name: str, content: bytes) -> DraftMaterial:
    """Puts a picture (1 KB to 4 MB) or PDF into a class of the draft.

    Raises `Unverified`, `AlreadyOpen`, and what `check_material` raises for a file that is not what it claims to be.
    """
    if refusal := may_start(resident):
        raise refusal
    if klass not in {each.key for each in material_classes()}:
        raise DomainError("没有这类材料", code="material.unknown_class", field="klass", advice="请从列表中选择类别")
    draft, _ = ApplicationDraft.objects.get_or_create(
        resident=resident, programme=PROGRAMME, defaults={"city": resident.city, "created_by": resident.ref}
    )
    ApplicationDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.materials.filter(klass=klass).count() >= limits.MATERIALS_A_CLASS:
        raise DomainError(
            f"每类最多 {limits.MATERIALS_A_CLASS} 个文件", code="material.too_many", field="file",
            advice="请先删去不要的，或把几页合成一个 PDF",
        )  # fmt: skip
    clean, mime = check_material(content, limits.PHOTO_LARGEST)
    file = store(clean, name=name, mime=mime, actor=actor_of(resident), purpose=MATERIAL_PURPOSE, owner=resident.ref)
    return DraftMaterial.objects.create(
        draft=draft, klass=klass, file=file, name=file.name, mime=mime, size=file.size, created_at=clock.now()
    )


def remove_material(resident: Resident, material_id: int) -> None:
    """Takes a file out of the draft. Raises `NotFound` for another's."""
    found = DraftMaterial.objects.filter(pk=material_id, draft__resident=resident).first()
    if found is None:
        raise NotFound
    found.delete()


def submit(resident: Resident, key: str) -> Submission:
    """Turns the draft into an application in the present transaction.

    The same key again gives the same answer and files nothing. Raises `Unverified`, `AlreadyOpen`, `Invalid` with
    everything that is wrong or missing; the draft is as it was then.
    """
    draft = ApplicationDraft.objects.select_for_update().filter(resident=resident, programme=PROGRAMME).first()
    # asked after the lock: a second tap waits for the first and finds what it did
    earlier = Submission.objects.filter(resident=resident, key=key).first()
    if earlier is not None:
        return earlier
    if refusal := may_start(resident):
        raise refusal
    if errors := all_errors(resident, draft):
        raise Invalid(errors, "还有几处要补上才能提交")
    if draft is None:
        raise NotFound("还没有草稿")
    materials = [
        {"klass": each.klass, "file_id": each.file_id, "name": each.name, "mime": each.mime}
        for each in draft.materials.order_by("id")
    ]
    case = submit_application(
        resident_id=resident.pk, key=key, pages=contents(resident, saved_pages(draft)), materials=materials,
        source="citizen", actor=actor_of(resident), phone=resident.phone,
    )  # fmt: skip
    made = Submission.objects.create(
        resident=resident, key=key, programme=PROGRAMME, case_id=case.pk, number=case.number, created_at=clock.now()
    )
    draft.delete()
    return made


def discard(resident: Resident) -> None:
    """Throws the draft away at the resident's wish."""
    if draft := draft_of(resident):
        draft.delete()


__all__ = ["AlreadyOpen", "add_material", "discard", "remove_material", "submit"]
