"""The second factor: authenticator apps (RFC 6238), recovery codes, and what a role asks for (NF-05.1).

Passkeys have a file of their own. A code's time step serves once, one step early or late is taken, and each wrong try
counts as a failed sign-in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
import segno
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from anju.identity import policy
from anju.identity.held import held_roles
from anju.identity.models import Account, Passkey, RecoveryCode, Role, Session, Ticket, TicketPurpose, Totp
from anju.identity.passwords import check_password
from anju.identity.sessions import end_all
from anju.kernel import audit, clock
from anju.kernel.crypto import blind
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.scope import Actor

STEP = 30
CODES = 10
VALID = timedelta(minutes=5)
TRIES = 5
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


class WrongCode(DomainError):
    """The code is wrong, was used before, or its time is over; which of these is not told."""

    status, code, message = 401, "second_factor.wrong", "验证没有通过"
    advice = "请输入当前显示的 6 位口令；每个口令只能用一次"


class TicketSpent(DomainError):
    """The first step lies too far back, was used, or too many wrong codes were tried on it."""

    status, code, message, advice = 401, "second_factor.expired", "验证已过期", "请重新输入账号和密码"


class StillNeeded(DomainError):
    """The role asks for a second factor; the last one cannot go."""

    status, code, message = 409, "second_factor.needed", "你的岗位必须有第二因素，不能删除最后一个"
    advice = "请先绑定另一个，再删除这一个"


# asked at every sign-in, so in one statement
WAYS = """
    SELECT EXISTS (SELECT FROM identity_totp WHERE account_id = %(account)s AND confirmed_at IS NOT NULL),
           EXISTS (SELECT FROM identity_passkey WHERE account_id = %(account)s),
           EXISTS (SELECT FROM identity_recoverycode WHERE account_id = %(account)s AND used_at IS NULL)
"""


@dataclass(frozen=True)
class Step:
    """The ticket for the second step, as given to the page, and the row it stands for."""

    token: str
    row: Ticket


def ways_of(account_id: int) -> list[str]:
    """By what an account can prove itself in the second step; empty when nothing is set up."""
    with connection.cursor() as cursor:
        cursor.execute(WAYS, {"account": account_id})
        totp, passkey, recovery = cursor.fetchone()
    held = {"totp": totp, "passkey": passkey, "recovery": recovery and (totp or passkey)}
    return [way for way, is_set_up in held.items() if is_set_up]


def is_required(account_id: int) -> bool:
    """Whether one of the roles that the account holds today, by itself or through a post, asks for a second factor."""
    wanted = policy.current().second_factor_roles
    return bool(wanted) and Role.objects.filter(pk__in=held_roles(account_id), key__in=wanted).exists()


def give_ticket(account: Account, purpose: TicketPurpose, *, factor: str = "password") -> Step:
    """A ticket for the next step with something fresh to sign; valid for five minutes."""
    token, moment = secrets.token_urlsafe(32), clock.real_now()
    Ticket.objects.filter(expires_at__lt=moment - VALID).delete()
    row = Ticket.objects.create(
        digest=hashlib.sha256(token.encode()).digest(), account=account, purpose=purpose, factor=factor,
        challenge=secrets.token_bytes(32), expires_at=moment + VALID,
    )  # fmt: skip
    return Step(token, row)


def take_try(token: str, purpose: TicketPurpose) -> Ticket:
    """The ticket of a token, one of its tries taken before anything is compared. Raises `TicketSpent`."""
    mine = Ticket.objects.filter(digest=hashlib.sha256(token.encode()).digest(), purpose=purpose)
    live = mine.filter(used_at__isnull=True, expires_at__gt=clock.real_now(), tries__lt=TRIES)
    if not live.update(tries=F("tries") + 1):
        raise TicketSpent
    return mine.select_related("account__organisation").get()


def live_ticket(token: str, purpose: TicketPurpose) -> Ticket:
    """The ticket of a token, looked at without taking a try. Raises `TicketSpent`."""
    mine = Ticket.objects.filter(digest=hashlib.sha256(token.encode()).digest(), purpose=purpose)
    found = mine.filter(used_at__isnull=True, expires_at__gt=clock.real_now(), tries__lt=TRIES).first()
    if found is None:
        raise TicketSpent
    return found


def use_up(ticket: Ticket) -> None:
    """The ticket served; of two who bring it at once one is refused."""
    if not Ticket.objects.filter(pk=ticket.pk, used_at__isnull=True).update(used_at=clock.real_now()):
        raise TicketSpent


def begin_totp(account: Account) -> dict[str, str]:
    """A fresh secret for an authenticator app; it counts once a code of it was typed in."""
    if Totp.objects.filter(account=account, confirmed_at__isnull=False).exists():
        raise DomainError("已经绑定动态口令", code="second_factor.totp_exists", advice="要换手机请先删除原来的")
    secret = pyotp.random_base32()
    Totp.objects.update_or_create(
        account=account, defaults={"secret": secret, "created_at": clock.now(), "confirmed_at": None, "last_step": 0}
    )
    issuer = f"安居 {settings.ANJU_CITY['name']}"
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)
    return {"secret": secret, "uri": uri, "picture": segno.make(uri, error="m").svg_data_uri(scale=4, border=2)}


def confirm_totp(actor: Actor, code: str) -> list[str]:
    """Puts the authenticator app to use; the first second factor brings recovery codes, shown this once."""
    totp = Totp.objects.select_for_update().filter(account_id=actor.id, confirmed_at__isnull=True).first()
    if totp is None:
        raise NotFound("没有待启用的动态口令", code="second_factor.no_totp", advice="请先扫码绑定")
    step = matching_step(totp.secret, code)
    if step is None:
        raise DomainError(
            "口令不对",
            code="second_factor.wrong_code",
            field="code",
            advice="请看手机上当前的 6 位口令，手机时间须准确",
        )
    totp.confirmed_at, totp.last_step = clock.now(), step
    totp.save(update_fields=["confirmed_at", "last_step"])
    return added(actor, "绑定动态口令")


def added(actor: Actor, what: str) -> list[str]:
    """A factor was added: the session needs none any more; recovery codes where there were none yet."""
    Session.objects.filter(pk=actor.session_id, demand="second_factor.must_add").update(demand="")
    audit.record("change", actor=actor, subject=f"identity.account:{actor.id}", title=what)
    if RecoveryCode.objects.filter(account_id=actor.id, used_at__isnull=True).exists():
        return []
    return fresh_codes(actor)


def fresh_codes(actor: Actor) -> list[str]:
    """Ten new recovery codes; the earlier ones are worth nothing from then on."""
    RecoveryCode.objects.filter(account_id=actor.id).delete()
    codes = ["-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(account_id=actor.id, digest=recovery_digest(actor.id, code)) for code in codes]
    )
    audit.record("change", actor=actor, subject=f"identity.account:{actor.id}", title="生成恢复码")
    return codes


def recovery_digest(account_id: int, code: str) -> bytes:
    """What is kept of a recovery code."""
    return blind(f"recovery|{account_id}|{''.join(code.lower().split())}")


def matching_step(secret: str, code: str) -> int | None:
    """The time step whose code this is: the present one, the one before or the one after."""
    given = "".join(code.split()).encode()
    present = int(clock.real_now().timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    steps = (present, present - 1, present + 1)
    found = [step for step in steps if hmac.compare_digest(totp.at(step * STEP).encode(), given)]
    return found[0] if found else None


def check_totp(account_id: int, code: str) -> bool:
    """Whether a code of the authenticator app is right; its time step and those before it serve no second time."""
    totp = Totp.objects.filter(account_id=account_id, confirmed_at__isnull=False).first()
    step = matching_step(totp.secret, code) if totp else None
    return step is not None and bool(
        Totp.objects.filter(account_id=account_id, last_step__lt=step).update(last_step=step)
    )


def check_recovery(account_id: int, code: str) -> bool:
    """Whether a recovery code is right and unused; it is used up."""
    mine = RecoveryCode.objects.filter(account_id=account_id, digest=recovery_digest(account_id, code))
    return bool(mine.filter(used_at__isnull=True).update(used_at=clock.now()))


def prove_again(account: Account, password: str) -> None:
    """Who changes his second factor types his password once more. Raises `password.wrong_old`."""
    if not check_password(password, account.password):
        raise DomainError("密码不对", code="password.wrong_old", field="password", advice="请重新输入登录密码")


def remove_totp(actor: Actor, password: str) -> None:
    """Takes the authenticator app off."""
    account = Account.objects.select_for_update().get(pk=actor.id)
    prove_again(account, password)
    if not Totp.objects.filter(account=account, confirmed_at__isnull=False).exists():
        raise NotFound
    keep_one(account, Passkey.objects.filter(account=account).exists())
    Totp.objects.filter(account=account).delete()
    audit.record("change", actor=actor, subject=f"identity.account:{actor.id}", title="删除动态口令")


def keep_one(account: Account, another: bool) -> None:
    """Raises `StillNeeded` where nothing would be left and a role asks for something."""
    if not another and is_required(account.pk):
        raise StillNeeded


@transaction.atomic
def reset(actor: Actor, account: Account) -> None:
    """Takes all second factors of an account off, for somebody who lost them; he sets new ones up at his next sign-in."""
    if account.pk == actor.id:
        raise DomainError("不能重置自己的第二因素", code="account.self", advice="请由另一位管理员操作")
    for table in (Totp, Passkey, RecoveryCode):
        table.objects.filter(account=account).delete()
    end_all("staff", account.pk)
    audit.record("change", actor=actor, subject=f"identity.account:{account.pk}", title="重置第二因素")


def shown(account: Account) -> dict[str, Any]:
    """What is set up, for the account's own page."""
    totp = Totp.objects.filter(account=account, confirmed_at__isnull=False).first()
    return {
        "required": is_required(account.pk),
        "totp": {"created_at": totp.confirmed_at} if totp else None,
        "passkeys": [
            {"id": each.pk, "name": each.name, "created_at": each.created_at, "last_used_at": each.last_used_at}
            for each in account.passkeys.order_by("id")
        ],
        "recovery_left": account.recovery_codes.filter(used_at__isnull=True).count(),
    }
