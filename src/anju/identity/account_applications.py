"""Applications for accounts (账号申请): filed by who has none, with the unit's sealed file; corrected; decided (SH-219).

The steps are those of a case, see `cases.py`. Nobody approves his own, and on approval the account is made with the
roles asked for and a one-time password that goes to the applicant's telephone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction

from anju.identity import account_flows
from anju.identity.models import (
    Account,
    AccountApplication,
    AccountApplicationState,
    AccountClass,
    Organisation,
    Role,
)
from anju.identity.passwords import one_time_password
from anju.identity.services import make_account
from anju.kernel import audit
from anju.kernel.cases import services as cases
from anju.kernel.cases.models import Case
from anju.kernel.cases.services import MaterialInput, PartyInput
from anju.kernel.crypto import blind
from anju.kernel.errors import Conflict, DomainError, FieldError, Forbidden, Invalid, NotFound
from anju.kernel.files import check_material, store
from anju.kernel.forms import load, validate
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Instance
from anju.kernel.scope import Actor, system
from anju.workspace.services import send_sms

FORM = "account_application"
PURPOSE = "account_seal"
LARGEST = 10 * 1024 * 1024
TICKET_VALID = timedelta(minutes=30)
SALT = "identity.account_application"


class OwnApplication(Forbidden):
    """Nobody decides on his own application."""

    code, message, advice = "application.own", "不能审批自己的账号申请", "请由另一位有权限的同事办理"


@dataclass(frozen=True)
class Wish:
    """What an applicant filled in."""

    klass: str
    organisation_id: int
    name: str
    id_number: str
    phone: str
    username: str
    post: str
    roles: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Checked:
    """A wish that was found right: its unit, and the form as it is kept."""

    wish: Wish
    unit: Organisation
    data: dict[str, Any]


def applicant(address: str = "", name: str = "申请人") -> Actor:
    """Who applies: he has no account yet."""
    return Actor(kind="applicant", name=name, address=address)


def units(klass: str, q: str, limit: int = 20) -> list[dict[str, Any]]:
    """Open units of a class to choose from, by a part of the name."""
    found = Organisation.objects.filter(kind__in=account_flows.KINDS.get(klass, ()), active=True)
    if q.strip():
        found = found.filter(name__icontains=q.strip()[:50])
    return [{"id": each.pk, "name": each.name, "division": each.division} for each in found.order_by("path")[:limit]]


def check(wish: Wish) -> Checked:
    """Judges a wish before any code is used up. Raises `Invalid` with every wrong place."""
    errors: list[FieldError] = []
    unit = Organisation.objects.filter(pk=wish.organisation_id, kind__in=account_flows.KINDS[wish.klass]).first()
    if unit is None:
        errors.append(FieldError("organisation_id", "unit.unknown", "请选择这一类别下的单位"))
    elif not unit.active:
        errors.append(FieldError("organisation_id", "application.unit_closed", "这个单位已停用，不能申请账号"))
    allowed = account_flows.current(wish.klass).roles
    if not wish.roles or set(wish.roles) - set(allowed):
        errors.append(FieldError("roles", "roles.not_offered", "请从列出的角色里选择"))
    titles = dict(Role.objects.filter(key__in=wish.roles).values_list("key", "title"))
    data, wrong = validate(
        load(FORM),
        {
            "applicant": {"name": wish.name, "id_number": wish.id_number, "phone": wish.phone},
            "wanted": {
                "klass": AccountClass(wish.klass).label, "organisation": unit.name if unit else "—",
                "username": wish.username, "post": wish.post, "reason": wish.reason,
                "roles": "、".join(titles.get(key, key) for key in wish.roles) or "—",
            },
        },
    )  # fmt: skip
    errors += [FieldError(each.path.rpartition(".")[2], each.code, each.message) for each in wrong]
    if not wrong and Account.objects.filter(username=wish.username).exists():
        errors.append(FieldError("username", "account.exists", "这个账号已被使用，请换一个"))
    if errors or unit is None:
        raise Invalid(errors)
    person = data["applicant"]
    clean = replace(wish, name=person["name"], id_number=person["id_number"], phone=person["phone"])
    if Account.objects.filter(organisation=unit, person_key=blind(clean.id_number)).exists():
        raise Conflict(
            "这个人在本单位已有账号",
            code="account.person_exists",
            advice="请使用原账号；被停用的请联系本单位管理员恢复",
        )
    return Checked(clean, unit, data)


def sealed_file(content: bytes | None) -> tuple[bytes, str]:
    """The unit's sealed file, judged by content. Raises `application.file_missing` and what `check_material` does."""
    if not content:
        raise DomainError(
            "请上传加盖单位公章的电子文件",
            code="application.file_missing",
            field="file",
            advice="PDF、JPG 或 PNG，不超过 10 MB",
        )
    try:
        return check_material(content, LARGEST)
    except DomainError as error:
        error.field = "file"
        raise


@transaction.atomic
def submit(
    checked: Checked, content: bytes, mime: str, file_name: str, *, key: str, address: str
) -> AccountApplication:
    """Files an application whose telephone was proven. It belongs to the unit, so its territory's people see it."""
    wish, unit = checked.wish, checked.unit
    actor = applicant(address, wish.name)
    person = blind(wish.id_number)
    stored = store(content, name=file_name, mime=mime, actor=actor, purpose=PURPOSE)
    title = f"{wish.name} 申请账号"
    case = cases.open_case(
        type_key=f"identity.account_{wish.klass}", actor=actor, request_key=key, title=title, household=wish.name,
        applicant_key=person, phone=wish.phone, data=checked.data,
        parties=[PartyInput(blind(f"{unit.pk}|{wish.id_number}"), wish.name, "self")],
        materials=[MaterialInput("sealed_file", stored.pk, stored.name, mime)], org_path=unit.path,
        division=unit.division, source="web",
    )  # fmt: skip
    made = AccountApplication.objects.create(
        klass=wish.klass, number=case.number, case_id=case.pk, organisation=unit, name=wish.name,
        username=wish.username, post=wish.post, roles=list(wish.roles), id_number=wish.id_number, person_key=person,
        phone=wish.phone, phone_key=blind(wish.phone), file_id=stored.pk, org_path=unit.path, division=unit.division,
        created_by=actor.ref,
    )  # fmt: skip
    audit.record(
        "create", actor=actor, subject=case.subject, title=f"提交账号申请 {made.number}",
        detail={"class": wish.klass, "unit": unit.name, "roles": list(wish.roles)},
    )  # fmt: skip
    tell(made, f"你的账号申请 {made.number} 已提交，可凭申请编号和本手机号查询进度。", "submitted")
    return made


def find_own(number: str, phone: str) -> AccountApplication:
    """An application by its number and the proven telephone. Raises `NotFound`, whichever of them is wrong."""
    found = AccountApplication.objects.filter(number=number.strip(), phone_key=blind(phone)).first()
    if found is None:
        raise NotFound("没有找到这份申请", code="application.not_found", advice="请核对申请编号和申请时填的手机号")
    return found


def ticket_of(application: AccountApplication) -> str:
    """What lets the proven applicant send a correction within half an hour; good for the present version only."""
    return signing.dumps([application.pk, application.version], salt=SALT)


def shown(application: AccountApplication) -> dict[str, Any]:
    """An application as its applicant sees it; his identity number is not shown again."""
    case = Case.objects.get(pk=application.case_id)
    entries = case.entries.order_by("id").values("at", "action", "node_title", "text")
    return {
        "number": application.number,
        "klass": application.klass,
        "state": application.state,
        "state_title": application.get_state_display(),
        "step": case.node_title,
        "remark": application.remark,
        "organisation": {"id": application.organisation_id, "name": application.organisation.name},
        "name": application.name,
        "username": application.username,
        "post": application.post,
        "roles": application.roles,
        "reason": case.data.get("wanted", {}).get("reason", ""),
        "submitted_at": case.submitted_at,
        "steps": [entry for entry in entries if entry["action"] != "签收"],
        "ticket": ticket_of(application) if application.state == AccountApplicationState.CORRECTION else None,
    }


def resubmit(
    number: str, ticket: str, values: dict[str, Any], content: bytes | None, file_name: str, *, address: str
) -> AccountApplication:
    """Sends a corrected application back to the step that asked for it (SH-219.4).

    The person, his telephone, the class and the unit stay; a new file replaces the sealed one, without one it stays.
    Raises `application.ticket` for a ticket that was used or is too old, `application.not_open` where nothing is asked.
    """
    try:
        pk, version = signing.loads(ticket, salt=SALT, max_age=TICKET_VALID)
    except signing.BadSignature:
        pk, version = 0, 0
    with transaction.atomic():
        mine = AccountApplication.objects.select_related("organisation").filter(pk=pk, number=number)
        case_id = mine.values_list("case_id", flat=True).first()
        case = cases.lock_row(case_id) if case_id else None
        application = mine.select_for_update(of=("self",)).first()
        if application is None or case is None or application.version != version:
            raise DomainError("验证已过期", code="application.ticket", advice="请重新用申请编号和手机验证码查询")
        if application.state != AccountApplicationState.CORRECTION:
            raise Conflict("这份申请现在不需要补正", code="application.not_open", advice="请刷新查看最新进度")
        wish = Wish(
            klass=application.klass, organisation_id=application.organisation_id, id_number=application.id_number,
            phone=application.phone, **values,
        )  # fmt: skip
        checked = check(wish)
        actor = applicant(address, checked.wish.name)
        if content:
            clean, mime = sealed_file(content)
            stored = store(clean, name=file_name, mime=mime, actor=actor, purpose=PURPOSE, owner=case.subject)
            material = MaterialInput("sealed_file", stored.pk, stored.name, mime)
            cases.add_material(case, material, actor, note="补正")
            application.file_id = stored.pk
        application.name, application.username = checked.wish.name, wish.username
        application.post, application.roles = wish.post, list(wish.roles)
        application.version += 1
        application.save()
        case.data, case.household, case.title = checked.data, wish.name, f"{wish.name} 申请账号"
        case.fail_type, case.fail_reason, case.version = "", "", case.version + 1
        case.save()
        cases.write(case, actor, "补正后重新提交", "换了盖章文件" if content else "", tone="run", public=True)
        audit.record("act", actor=actor, subject=case.subject, title=f"补正账号申请 {application.number}")
        node = case.node
        processes.signal(Instance.objects.get(pk=case.process_id), node)
    return AccountApplication.objects.get(pk=application.pk)


def of_case(case: Case) -> AccountApplication:
    """The application behind a case."""
    return AccountApplication.objects.select_related("organisation").get(case_id=case.pk)


def refuse_own(actor: Actor, application: AccountApplication) -> None:
    """Raises `OwnApplication` where the decider is the applicant, by document or by telephone."""
    account = Account.objects.filter(pk=actor.id).first() if actor.is_staff else None
    if account is None:
        return
    same = account.person_key is not None and bytes(account.person_key) == bytes(application.person_key)
    if same or (account.phone and account.phone == application.phone):
        raise OwnApplication


def approve(application: AccountApplication, actor: Actor) -> Account:
    """Makes the account with the roles asked for and sends a one-time password to the applicant's telephone."""
    unit = application.organisation
    if not unit.active:
        raise Conflict("这个单位已停用，不能开通账号", code="application.unit_closed", advice="请不通过这份申请")
    password = one_time_password()
    account = make_account(
        username=application.username, name=application.name, organisation=unit, roles=application.roles,
        password=password, post=application.post, id_number=application.id_number, phone=application.phone,
    )  # fmt: skip
    Account.objects.filter(pk=account.pk).update(must_change_password=True, created_by=actor.ref)
    application.state, application.account, application.remark = AccountApplicationState.APPROVED, account, ""
    application.save(update_fields=["state", "account", "remark", "updated_at"])
    audit.record(
        "create", actor=actor, subject=f"identity.account:{account.pk}", title=f"按账号申请开通 {account.username}",
        detail={"application": application.number, "roles": application.roles},
    )  # fmt: skip
    text = f"你的账号 {account.username} 已开通，一次性密码 {{password}}，首次登录后须修改。"
    tell(application, text.format(password=password), "approved", shown=text.format(password="******"))
    return account


def move(application: AccountApplication, state: AccountApplicationState, remark: str) -> None:
    """The application's state follows its case; the applicant is told what he has to do, or why it ended."""
    application.state, application.remark = state, remark
    application.save(update_fields=["state", "remark", "updated_at"])
    if state == AccountApplicationState.CORRECTION:
        text = f"你的账号申请 {application.number} 需要补正：{remark}。请凭申请编号和本手机号修改后重新提交。"
        tell(application, text, f"correction:{application.version}")
    if state == AccountApplicationState.REFUSED:
        tell(application, f"你的账号申请 {application.number} 没有通过：{remark}。", "refused")


def tell(application: AccountApplication, text: str, occasion: str, *, shown: str | None = None) -> None:
    """A text message to the applicant, one an occasion."""
    send_sms(
        application.phone, text, "account", f"case:{application.case_id}", system(), shown=shown,
        key=f"account_application:{application.pk}:{occasion}", org_path=application.org_path,
        division=application.division,
    )  # fmt: skip
