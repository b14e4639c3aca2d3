"""The spreadsheet of existing contracts (PR-03.1): contracts in force from before the platform are taken over.

The tenant is named by a certificate or, where the household never had one here, by name and document. Each good row
becomes a contract in force and its unit is let, through the same services as a contract that is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.citizen.services import resident_of_person
from anju.eligibility.services import CertificateFacts, certificates_by_number
from anju.households.services import clean_number, find_or_make_person, names_by_index, note_dealings
from anju.kernel import clock
from anju.kernel.crypto import blind, mask_id_number, mask_name, mask_phone
from anju.kernel.errors import DomainError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.forms.personal import Wrong, clean_name, clean_phone
from anju.kernel.numbering import format_number, next_number
from anju.kernel.registers import Derivation, Examination, Field, Import, Level, Row, RowWrong
from anju.kernel.registers.dictionaries import titles
from anju.kernel.scope import Actor, admits
from anju.supply import services as supply
from anju.tenancy.models import LIVE, Contract, ContractState
from anju.tenancy.services import Terms, check_terms, note

RIGHT = "tenancy.contract.import"
OCCUPIED = {"let", "leaving"}
# the cells that say which tenant it is
WHO = ("certificate_no", "document_type", "document_number")


@dataclass(frozen=True)
class Tenant:
    """Who rents, as the contract keeps him."""

    name: str
    gender: str
    number: str
    phone: str
    ref: str
    certificate_id: int | None
    certificate_no: str


def terms_of(values: Mapping[str, Any]) -> Terms:
    """What a row says of dates and money."""
    return Terms(
        "new",
        "individual",
        values["rent_mode"],
        values["starts_on"],
        values["ends_on"],
        values["rent"],
        values["deposit"],
    )


def read_terms(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """Dates and money as every contract has them."""
    try:
        check_terms(terms_of(values))
    except Invalid as invalid:
        wrong = invalid.errors[0]
        raise RowWrong(wrong.path, wrong.code, wrong.message) from invalid


def in_force(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """Only a contract that has not run out is taken over."""
    if values["ends_on"] < clock.today():
        raise RowWrong("ends_on", "past", "合同已经到期，只导入仍有效的合同")


def not_ahead(key: str, title: str) -> Derivation:
    """What was signed or filed was so by today."""

    def check(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
        if values[key] is not None and values[key] > clock.today():
            raise RowWrong(key, "future", f"{title}日期还没有到")

    return Derivation((key,), check)


def state_and_filing(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """A filed contract has a number, one that is only in force has none."""
    filed = values["filing_no"] is not None
    values["state"] = values["state"] or (ContractState.FILED if filed else ContractState.EFFECTIVE).value
    if values["state"] == ContractState.FILED and not filed:
        raise RowWrong("filing_no", "required", "必填：已备案的合同要填备案号")
    if values["state"] == ContractState.EFFECTIVE and (filed or values["filed_on"] is not None):
        raise RowWrong("state", "differs", "填了备案号或备案日期的合同，状态应为已备案")


def named(key: str, title: str) -> Derivation:
    """Who has no certificate is named with his document."""

    def check(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
        if values["certificate_no"] is None and values[key] is None:
            raise RowWrong(key, "required", f"必填：没有资格证号的行要填{title}")

    return Derivation(("certificate_no", key), check)


def read_name(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The name in its one form."""
    try:
        values["tenant_name"] = values["tenant_name"] and clean_name(values["tenant_name"])
    except Wrong as wrong:
        raise RowWrong("tenant_name", wrong.code, wrong.message) from wrong


def read_phone(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The telephone in its one form."""
    try:
        values["phone"] = values["phone"] and clean_phone(values["phone"])
    except Wrong as wrong:
        raise RowWrong("phone", wrong.code, wrong.message) from wrong


def read_number(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The document's number in its one form, and the index by which the tenant is found."""
    if values["document_number"] is None:
        return
    try:
        values["document_number"] = clean_number(values["document_type"], values["document_number"])
    except DomainError as wrong:
        raise RowWrong("document_number", wrong.code, wrong.message) from wrong
    values["tenant_key"] = blind(values["document_number"])


def judge_tenants(rows: Sequence[Row], actor: Actor) -> None:
    """The certificate must be there, within reach, and of the person that the row names."""
    holders = certificates_by_number(row.values["certificate_no"] for row in rows if row.values["certificate_no"])
    known = names_by_index(row.values["tenant_key"] for row in rows if row.values.get("tenant_key"))
    for row in rows:
        name, key = row.values["tenant_name"], row.values.get("tenant_key")
        if number := row.values["certificate_no"]:
            holder = holders.get(number)
            if holder is None or not admits(actor, RIGHT, holder):
                row.wrong("certificate_no", "not_found", "没有找到这张资格证")
                continue
            if name not in (None, holder.holder_name):
                row.wrong("tenant_name", "differs", "与资格证的持证人姓名不一致")
            if key not in (None, blind(holder.document_number)):
                row.wrong("document_number", "differs", "与资格证的持证人证件号码不一致")
            row.values["tenant_key"] = blind(holder.document_number)
        elif key is not None and known.get(key, name) != name:
            row.wrong("tenant_name", "differs", "这个证件号码已登记为另一个姓名，请核对姓名和号码")


def judge_numbers(rows: Sequence[Row], actor: Actor) -> None:
    """Numbers that another contract has."""
    for key, title in (("number", "合同编号"), ("filing_no", "备案号")):
        wanted = {row.values[key] for row in rows if row.values[key]}
        taken = set(Contract.objects.filter(**{f"{key}__in": wanted}).values_list(key, flat=True))
        for row in rows:
            if row.values[key] in taken:
                row.wrong(key, "exists", f"{title} {row.values[key]} 已登记")


def judge_units(rows: Sequence[Row], actor: Actor) -> None:
    """The unit must be free: no contract holds it at that time, and it is vacant."""
    ids = {row.values["unit"] for row in rows}
    units = supply.get_units(ids)
    held = {found.unit_id: found for found in Contract.objects.filter(unit_id__in=ids, state__in=LIVE).order_by("id")}
    for row in rows:
        unit, other = units[row.values["unit"]], held.get(row.values["unit"])
        if other is not None and bytes(other.tenant_key or b"") == row.values["tenant_key"]:
            row.wrong("unit", "exists", f"这位承租人在这套房源上的合同已登记：{other.number}")
        elif (
            other is not None and row.values["starts_on"] <= other.ends_on and other.starts_on <= row.values["ends_on"]
        ):
            row.wrong("unit", "overlap", f"与合同 {other.number} 的租期（{other.starts_on} 至 {other.ends_on}）重叠")
        elif unit.status in OCCUPIED:
            row.wrong("unit", "not_free", "这套房源已在租")
        elif unit.status != "vacant":
            row.wrong("unit", "not_free", f"房源是“{titles('unit_status')[unit.status]}”，可供应的房源才能登记合同")


def judge_other_contracts(rows: Sequence[Row], actor: Actor) -> None:
    """A tenant has one contract at a time, here and in the file; that on the row's own unit was told of before."""
    wanted = {row.values["tenant_key"] for row in rows}
    held: dict[bytes, list[tuple[date, date, int, str]]] = {}
    stored = Contract.objects.filter(tenant_key__in=wanted, state__in=LIVE)
    for key, start, end, unit in stored.values_list("tenant_key", "starts_on", "ends_on", "unit_id"):
        held.setdefault(bytes(key or b""), []).append((start, end, unit, "承租人在这段租期里已有另一份合同"))
    for row in rows:
        start, end, unit = (row.values[key] for key in ("starts_on", "ends_on", "unit"))
        others = held.setdefault(row.values["tenant_key"], [])
        for other_start, other_end, other_unit, message in others:
            if start <= other_end and other_start <= end and unit != other_unit:
                row.wrong("certificate_no" if row.values["certificate_no"] else "document_number", "overlap", message)
                break
        if not row.errors:
            others.append((start, end, 0, f"与第 {row.number} 行是同一位承租人，租期重叠"))


def take_over(values: dict[str, Any], actor: Actor) -> int:
    """Registers one existing contract in force and lets its unit. Raises what `supply` says of a unit not free."""
    unit = supply.get_unit(values["unit"])
    if not admits(actor, RIGHT, unit):
        raise NotFound("没有找到这套房源", code="not_found", field="unit")
    terms = terms_of(values)
    check_terms(terms)
    tenant = tenant_of(values, unit, actor)
    today = clock.today()
    signed_on = values["signed_on"] or min(terms.starts_on, today)
    signed_at = clock.start_of(signed_on)
    filed_at = clock.start_of(values["filed_on"]) if values["filed_on"] else None
    contract = Contract.objects.create(
        number=values["number"] or new_number(unit.division, today.year), certificate_id=tenant.certificate_id,
        certificate_no=tenant.certificate_no, unit_id=unit.id, unit_code=unit.code, address=unit.address,
        project_name=unit.project_name, floor_area=unit.floor_area, tenant_ref=tenant.ref, tenant_name=tenant.name,
        tenant_gender=tenant.gender, tenant_number=tenant.number, tenant_key=blind(tenant.number), phone=tenant.phone,
        attribute=terms.attribute, kind=terms.kind, rent_mode=terms.rent_mode, starts_on=terms.starts_on,
        ends_on=terms.ends_on, rent=terms.rent, deposit=terms.deposit, state=values["state"], signed_at=signed_at,
        signed_way="offline", effective_at=signed_at, filed_at=filed_at, filing_no=values["filing_no"] or "",
        org_path=unit.org_path, division=unit.division, created_by=actor.ref,
    )  # fmt: skip
    supply.let_unit(
        actor=actor, unit_id=unit.id, contract_id=contract.pk, occupant_name_masked=mask_name(tenant.name),
        lease_end=terms.ends_on,
    )  # fmt: skip
    note(contract, "signed", actor, f"导入已有合同，{signed_on} 签订")
    if contract.filing_no:
        note(contract, "filed", actor, f"导入时已备案，备案号 {contract.filing_no}")
    if tenant.certificate_id is not None:
        publish("tenancy.signed", contract_id=contract.pk, certificate_id=tenant.certificate_id)
    return int(contract.pk)


def new_number(division: str, year: int) -> str:
    """A number of the platform's own for a contract that came without."""
    serial = next_number("contract", area=division, year=year)
    return format_number("HT{division}{year}{serial:06d}", division=division, year=year, serial=serial)


def tenant_of(values: Mapping[str, Any], unit: supply.UnitInfo, actor: Actor) -> Tenant:
    """The holder of the certificate, or the person with the document, registered where he was unknown."""
    if number := values["certificate_no"]:
        return holder_of(number, values, actor)
    person = find_or_make_person(values["document_type"], values["document_number"], values["tenant_name"], actor=actor)
    note_dealings([person.pk], org_path=unit.org_path, division=unit.division, actor=actor)
    account = resident_of_person(person.pk)
    return Tenant(
        name=person.name, gender=titles("gender").get(person.gender, ""), number=values["document_number"],
        phone=values["phone"] or (account.phone if account else ""), ref=account.ref if account else "",
        certificate_id=None, certificate_no="",
    )  # fmt: skip


def holder_of(number: str, values: Mapping[str, Any], actor: Actor) -> Tenant:
    """The holder of a certificate, valid or run out since the contract was signed."""
    holder: CertificateFacts | None = certificates_by_number([number]).get(number)
    if holder is None or not admits(actor, RIGHT, holder):
        raise NotFound("没有找到这张资格证", code="not_found", field="certificate_no")
    return Tenant(
        name=holder.holder_name, gender=holder.gender, number=holder.document_number,
        phone=values["phone"] or holder.phone, ref=holder.holder_ref, certificate_id=holder.id,
        certificate_no=holder.number,
    )  # fmt: skip


CONTRACTS = Import(
    "contracts",
    "合同",
    fields=(
        Field("number", "合同编号", max_length=40, hint="空着时由系统编号", example="2025-老-0132"),
        Field("certificate_no", "资格证号", max_length=40, hint="没有时填承租人姓名和证件号码", example=""),
        Field("tenant_name", "承租人", max_length=60, hint="没有资格证号时必填", example="周桂芳"),
        Field(
            "document_type", "证件类型", "choice", dictionary="document_type", default="id_card", hint="空着时为居民身份证",
            example="居民身份证",
        ),
        Field(
            "document_number", "证件号码", max_length=30, masked=mask_id_number, hint="没有资格证号时必填，按文本填写",
            example="339901197105050023",
        ),
        Field("phone", "手机", max_length=20, masked=mask_phone, example="13911110001"),
        Field("unit", "房源编码", "row", required=True, register="supply.units", example="JW01-03-1203"),
        Field("starts_on", "起始日期", "date", required=True, example="2025-12-01"),
        Field("ends_on", "终止日期", "date", required=True, hint="晚于今天，租期最长 5 年", example="2028-11-30"),
        Field("rent", "月租金", "money", required=True, min=0, max=999_999, example="1920.00"),
        Field("deposit", "押金", "money", required=True, min=0, max=9_999_999, example="3840.00"),
        Field(
            "rent_mode", "交租方式", "choice", dictionary="rent_mode", default="monthly", hint="空着时为按月", example="按月"
        ),
        Field("signed_on", "签订日期", "date", hint="空着时为起始日期", example="2025-11-20"),
        Field(
            "state", "合同状态", "choice", dictionary="imported_contract_state", hint="空着时看有没有备案号", example="已备案"
        ),
        Field("filing_no", "备案号", max_length=40, hint="已备案的合同必填", example="BA2025-0132"),
        Field("filed_on", "备案日期", "date", example="2025-12-05"),
    ),
    derived=(Field("tenant_key", "证件索引", "bytes"),),
    derive=(
        named("tenant_name", "承租人姓名"),
        named("document_number", "证件号码"),
        Derivation(("tenant_name",), read_name),
        Derivation(("phone",), read_phone),
        Derivation(("document_type", "document_number"), read_number),
        Derivation(("rent_mode", "starts_on", "ends_on", "rent", "deposit"), read_terms),
        Derivation(("ends_on",), in_force),
        not_ahead("signed_on", "签订"),
        not_ahead("filed_on", "备案"),
        Derivation(("state", "filing_no", "filed_on"), state_and_filing),
    ),
    examine=(
        Examination(("certificate_no", "tenant_name", "document_number"), judge_tenants),
        Examination(("number", "filing_no"), judge_numbers),
        Examination((*WHO, "unit", "starts_on", "ends_on"), judge_units),
        Examination((*WHO, "starts_on", "ends_on"), judge_other_contracts),
    ),
    write=take_over,
    identify="unit",
    levels=(
        Level(
            "contract",
            "房源的合同",
            Contract,
            "tenancy.contracts",
            match=["unit_id"],
            unique=["number", "filing_no"],
            values={"unit_id": "unit", "number": "number", "filing_no": "filing_no"},
        ),
    ),
    notes=(
        "导入仍在租期内的已有合同：导入后合同有效，房源变为在租。房源须已登记且可供应。",
        "已登记的合同、已在租的房源、租期与别的合同重叠的行不导入，并写明原因。",
    ),
)  # fmt: skip
