"""Who lives under a contract beside the tenant: co-residents and temporary occupants (SH-063.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anju.households.services import number_index
from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.tenancy.models import Contract, Occupant


@dataclass(frozen=True)
class OccupantInput:
    """A person who will live in the unit beside the tenant; `id` names the row that a changed contract keeps."""

    kind: str
    name: str
    document_number: str
    phone: str
    relation: str
    id: int | None = None


def replace_occupants(contract: Contract, occupants: list[OccupantInput]) -> None:
    """Puts these people in the place of those before; who was not touched keeps what the page only showed masked."""
    before = {each.pk: each for each in contract.occupants.all()}
    unknown = [
        FieldError(f"occupants.{index}.name", "occupant.unknown", "没有找到原来的这名居住人，请移除后重新添加")
        for index, each in enumerate(occupants)
        if each.id is not None and each.id not in before
    ]
    if unknown:
        raise Invalid(unknown)
    whole = [unmasked(each, before[each.id]) if each.id is not None else each for each in occupants]
    contract.occupants.all().delete()
    put_occupants(contract, whole)


def unmasked(given: OccupantInput, kept: Occupant) -> OccupantInput:
    """The person as given, with the kept row's own number and telephone where its mask came back unchanged."""
    number = kept.number if given.document_number.strip() == mask_id_number(kept.number) else given.document_number
    phone = kept.phone if kept.phone and given.phone.strip() == mask_phone(kept.phone) else given.phone
    return replace(given, document_number=number, phone=phone)


def put_occupants(contract: Contract, occupants: list[OccupantInput]) -> None:
    """Adds the co-residents and temporary occupants of a contract."""
    errors = [
        FieldError(f"occupants.{index}.name", "required", "请填写姓名")
        for index, each in enumerate(occupants)
        if not each.name.strip()
    ]
    if errors:
        raise Invalid(errors)
    tenant = contract.tenant_number.strip().upper()
    for index, each in enumerate(occupants):
        place = f"occupants.{index}.document_number"
        try:
            key = number_index("id_card", each.document_number)
        except DomainError as wrong:
            raise Invalid([FieldError(place, wrong.code, wrong.message)]) from wrong
        if each.document_number.strip().upper() == tenant:
            raise Invalid([FieldError(place, "occupant.tenant", "承租人本人不用再填为居住人")])
        Occupant.objects.create(
            contract=contract, kind=each.kind, name=each.name.strip(), number=each.document_number.strip(),
            number_key=key, phone=each.phone.strip(), relation=each.relation.strip(),
        )  # fmt: skip
