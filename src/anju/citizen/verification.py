"""Real-name verification: photographs judged by a clerk, or the bank's answer at once (ZB-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from anju.citizen import limits
from anju.citizen.accounts import actor_of, open_city
from anju.citizen.connectors import BankQuery, BankVerification
from anju.citizen.models import IdentityVerification, Resident, VerificationState, VerificationWay, VerifiedState
from anju.households.services import clean_number, find_or_make_person
from anju.identity.services import offices
from anju.kernel import clock
from anju.kernel.audit import record
from anju.kernel.calendar import add_working_days
from anju.kernel.crypto import blind, mask_id_number
from anju.kernel.errors import Conflict, DomainError, NotFound, TooMany
from anju.kernel.files import check_picture, mime_of, store
from anju.kernel.forms.personal import Wrong, clean_name
from anju.kernel.http.constraints import explained
from anju.kernel.scope import Actor, Reach, system
from anju.workspace.services import hold, send_message, send_sms

REVIEW = "citizen.verification.review"
PHOTO_PURPOSE = "identity_photo"
REASON_SHORTEST = 4


@dataclass(frozen=True)
class Claim:
    """Who the resident says he is, checked and in canonical form."""

    name: str
    document_type: str
    number: str
    city: str
    org_path: str


def claim(name: str, document_type: str, document_number: str, city: str) -> Claim:
    """Checks what was entered. Raises `ImpossibleNumber` for a number impossible for its type (ZB-04.2)."""
    try:
        name = clean_name(name)
    except Wrong as wrong:
        raise DomainError(wrong.message, code=wrong.code, field="name", advice="请照证件填写") from wrong
    code = open_city(city).code
    offices_there = offices(kind="city", division=code)
    path = offices_there[0].path if offices_there else "/"
    return Claim(name, document_type, clean_number(document_type, document_number), code, path)


def by_photos(resident: Resident, claimed: Claim, *, front: bytes, back: bytes, holder: bytes) -> IdentityVerification:
    """Hands in three photographs; a clerk decides within three working days (ZB-04.1).

    Each is JPG or PNG of 1 KB to 4 MB by content (ZB-04.3): `check_picture` refuses another, and the refusal names the
    photograph. Raises Conflict `identity.waiting` or `identity.verified` (by constraint).
    """
    _not_yet_verified(resident)
    actor = actor_of(resident)
    pictures = {}
    for field, title, content in (("front", "正面", front), ("back", "反面", back), ("holder", "手持", holder)):
        try:
            clean = check_picture(content, limits.PHOTO_LARGEST)
        except DomainError as refusal:
            raise DomainError(
                f"{title}照片：{refusal.message}", code=refusal.code, field=field, advice=refusal.advice
            ) from refusal
        mime = mime_of(clean)
        pictures[field] = store(
            clean, name=f"证件{title}.{'png' if mime == 'image/png' else 'jpg'}", mime=mime, actor=actor,
            purpose=PHOTO_PURPOSE, owner=resident.ref,
        )  # fmt: skip
    found = IdentityVerification.objects.create(
        resident=resident, way=VerificationWay.PHOTOS, created_by=actor.ref,
        due_on=add_working_days(clock.today(), limits.VERIFICATION_WORKING_DAYS),
        **_columns(claimed), **pictures,
    )  # fmt: skip
    Resident.objects.filter(pk=resident.pk).update(verified=VerifiedState.WAITING)
    record("create", actor=actor, subject=f"citizen.verification:{found.pk}", title="提交实名认证（照片）")
    return found


def by_bank(resident: Resident, claimed: Claim, *, bank_card: str, phone: str) -> IdentityVerification:
    """Asks the bank, which answers at once; the attempt is kept whatever it says (ZB-04.1).

    Raises `Unavailable` when the bank does not answer: nothing is changed then, and photographs remain possible. Raises
    `TooMany` beyond five attempts a day. Must not be called inside a transaction: the bank is not kept waiting in one.
    """
    card = bank_card.replace(" ", "")
    if not (card.isascii() and card.isdigit() and 12 <= len(card) <= 19):
        raise DomainError(
            "银行卡号应为 12 到 19 位数字", code="identity.card", field="bank_card", advice="请照银行卡填写"
        )
    _not_yet_verified(resident)
    with transaction.atomic(durable=True):
        _count_attempt(resident)
    answer = BankVerification().call(
        BankQuery(
            name=claimed.name, id_type=claimed.document_type, id_number=claimed.number, card=card, phone=phone.strip()
        ),
        subject=f"citizen.resident:{resident.pk}", actor=actor_of(resident),
    )  # fmt: skip
    reason = answer.reason_text
    try:
        with transaction.atomic(durable=True):
            return _keep_bank_answer(resident, claimed, card, reason)
    except IntegrityError as error:
        raise explained(error) from error


def _count_attempt(resident: Resident) -> None:
    hold(f"identity.bank:{resident.pk}")
    since = clock.now() - timedelta(days=1)
    tried = resident.verifications.filter(way=VerificationWay.BANK, created_at__gt=since).count()
    if tried >= limits.BANK_TRIES_A_DAY:
        raise TooMany(
            f"一天最多核对 {limits.BANK_TRIES_A_DAY} 次", code="identity.bank_tries", details={"retry_after": 86400},
            advice="请明天再试，或改用证件照片",
        )  # fmt: skip


def _keep_bank_answer(resident: Resident, claimed: Claim, card: str, reason: str) -> IdentityVerification:
    found = IdentityVerification.objects.create(
        resident=resident, way=VerificationWay.BANK, card_tail=card[-4:], due_on=clock.today(), reason=reason,
        state=VerificationState.REFUSED if reason else VerificationState.APPROVED, decided_by="system:0",
        decided_name="银行接口", decided_at=clock.now(), created_by=resident.ref, **_columns(claimed),
    )  # fmt: skip
    record(
        "act", actor=actor_of(resident), subject=f"citizen.verification:{found.pk}",
        title="银行实名认证" + ("未通过" if reason else "通过"), detail={"reason": reason},
    )  # fmt: skip
    if reason:
        Resident.objects.filter(pk=resident.pk, verified=VerifiedState.NONE).update(verified=VerifiedState.REFUSED)
    else:
        resident.verifications.filter(state=VerificationState.WAITING).update(
            state=VerificationState.REFUSED, reason="已用银行方式通过，照片不用再看",
            decided_at=clock.now(), decided_name="系统",
        )  # fmt: skip
        _verified(resident, found)
    return found


def decide(verification_id: int, actor: Actor, *, approve: bool, reason: str = "") -> IdentityVerification:
    """A clerk's decision (ZB-04.4); a refusal needs a reason, which the resident reads.

    Raises `NotFound` out of scope, Conflict `identity.decided` when another was faster, and Conflict `identity.taken`
    when the document already belongs to another account.
    """
    found = reachable(actor).select_for_update(of=("self",)).filter(pk=verification_id).first()
    if found is None:
        raise NotFound
    if found.state != VerificationState.WAITING:
        raise Conflict(
            f"{found.decided_name or '系统'}已经办理：{found.get_state_display()}", code="identity.decided",
            advice="刷新后查看结果", details={"state": found.state, "by": found.decided_name},
        )  # fmt: skip
    reason = reason.strip()
    if not approve and len(reason) < REASON_SHORTEST:
        raise DomainError(
            f"请写明原因，至少 {REASON_SHORTEST} 个字", code="identity.reason", field="reason",
            advice="居民会看到这句话",
        )  # fmt: skip
    found.state = VerificationState.APPROVED if approve else VerificationState.REFUSED
    found.reason = "" if approve else reason
    found.decided_by, found.decided_name, found.decided_at = actor.ref, actor.name, clock.now()
    found.version += 1
    found.save()
    resident = found.resident
    if approve:
        _verified(resident, found)
    else:
        Resident.objects.filter(pk=resident.pk).update(verified=VerifiedState.REFUSED)
    _tell(found, actor)
    record(
        "act", actor=actor, subject=f"citizen.verification:{found.pk}",
        title="实名认证" + ("通过" if approve else "不通过"), detail={"reason": found.reason},
    )  # fmt: skip
    return found


def _verified(resident: Resident, found: IdentityVerification) -> None:
    person = find_or_make_person(found.document_type, found.document_number, found.name, actor=system("实名认证"))
    resident.name, resident.verified, resident.person_id = found.name, VerifiedState.VERIFIED, person.pk
    resident.city = resident.city or found.division
    resident.save(update_fields=["name", "verified", "person_id", "city", "updated_at"])


def _tell(found: IdentityVerification, actor: Actor) -> None:
    """The result as a message and a text message."""
    if found.state == VerificationState.APPROVED:
        title, text = "实名认证通过了", "你的实名认证通过了，现在可以申请公租房。"
    else:
        title, text = "实名认证没有通过", f"实名认证没有通过：{found.reason}。请改好后再交一次。"
    subject = f"citizen.verification:{found.pk}"
    send_message(
        found.resident.ref,
        title,
        text,
        kind="identity",
        link="/identity",
        subject=subject,
        key=subject,
        org_path=found.org_path,
        division=found.division,
    )
    send_sms(
        found.resident.phone, text, "identity", subject, actor, key=subject,
        org_path=found.org_path, division=found.division,
    )  # fmt: skip


def reachable(actor: Actor) -> QuerySet[IdentityVerification]:
    """The verifications that a clerk may review."""
    return in_city(IdentityVerification.objects.select_related("resident"), actor, REVIEW)


def in_city(rows: QuerySet[IdentityVerification], actor: Actor, right: str) -> QuerySet[IdentityVerification]:
    """Those of the actor's own city, whatever the reach below: a resident who registers has no district yet, so
    verifications are one queue for the clerks of the whole city."""
    reach = actor.reach(right)
    if reach is None:
        return rows.none()
    return rows if reach is Reach.ALL else rows.filter(division=f"{actor.division[:4]}00")


def approved_of(resident: Resident) -> IdentityVerification | None:
    """The verification on which the resident's name rests."""
    return resident.verifications.filter(state=VerificationState.APPROVED).first()


def latest_of(resident: Resident) -> IdentityVerification | None:
    """The resident's latest attempt."""
    return resident.verifications.order_by("-id").first()


def _not_yet_verified(resident: Resident) -> None:
    if resident.verified == VerifiedState.VERIFIED:
        raise Conflict("你已经通过实名认证", code="identity.verified", advice="不用再交")


def _columns(claimed: Claim) -> dict[str, object]:
    return {
        "name": claimed.name,
        "document_type": claimed.document_type,
        "document_number": claimed.number,
        "number_blind": blind(claimed.number),
        "number_masked": mask_id_number(claimed.number),
        "division": claimed.city,
        "org_path": claimed.org_path,
    }
