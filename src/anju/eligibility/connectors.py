"""The departments that eligibility asks: housing registries, marriage, social insurance, and the case store.

Every check answers with records as the department has them. A record counts only when its holder is the person asked
about: `answer.matching(query)` gives those, in order and without doubles; others are never shown as the applicant's
(SH-027.6, SH-028.4, SH-029.3).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field

from anju.households.services import clean_number
from anju.kernel.connectors import Connector
from anju.kernel.errors import DomainError, FieldError

Share = Annotated[Decimal, Field(gt=0, le=1)]
Area = Annotated[Decimal, Field(gt=0, lt=100_000, decimal_places=2)]
Money = Annotated[Decimal, Field(ge=0, lt=10_000_000, decimal_places=2)]
Text = Annotated[str, Field(min_length=1, max_length=300)]
_MANY = Field(max_length=2000)
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]

_KINDS = {"owned": "产权房", "public": "公有住房", "resettlement": "征收安置住房"}
_DOTS = dict.fromkeys(map(ord, "•‧∙⋅･．."), "·")


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: width, spaces and the kind of the middle dot do not count."""
    return _plain_name(one) == _plain_name(other)


def _plain_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).translate(_DOTS).split()).casefold()


def _plain_number(id_type: str, number: str) -> str:
    """The canonical number; one that is impossible stays as it came, and so equals no asked one."""
    try:
        return clean_number(id_type, number)
    except DomainError:
        return number.strip().upper()


@dataclass(frozen=True, kw_only=True)
class PersonQuery:
    """Whom a check is about, and the day for which the department shall answer.

    The number is brought into its canonical form, the one departments know; an impossible one stays and is refused.
    """

    name: str
    id_type: str
    id_number: str
    as_of: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "id_number", _plain_number(self.id_type, self.id_number))

    def faults(self) -> Iterable[FieldError]:
        """What is wrong with the format, before anything is sent (SH-027.4)."""
        if not self.name.strip() or len(self.name) > 60:
            yield FieldError("name", "person.name", "姓名须有 1 到 60 个字")
        try:
            clean_number(self.id_type, self.id_number)
        except DomainError as error:
            yield FieldError("id_number", error.code, error.message)

    def is_holder(self, record: HeldRecord) -> bool:
        """Whether a record is this person's: name and number both."""
        return same_name(self.name, record.holder_name) and (
            _plain_number(self.id_type, record.holder_id_number) == self.id_number
        )


@dataclass(frozen=True, kw_only=True)
class HeldRecord:
    """A record of a department: whose it is there."""

    holder_name: Text
    holder_id_number: Text


R = TypeVar("R", bound=HeldRecord)


class RecordsAnswer(Generic[R]):
    """What a department has on record: its name as `source`, the day it speaks of, and the records.

    No dataclass itself: each answer names the type of its records, against which they are validated.
    """

    if TYPE_CHECKING:

        @property
        def records(self) -> tuple[R, ...]: ...

    def matching(self, query: PersonQuery) -> tuple[R, ...]:
        """The records of the person asked about, without doubles."""
        return tuple(record for record in dict.fromkeys(self.records) if query.is_holder(record))

    def strangers(self, query: PersonQuery) -> int:
        """How many records came that are not the person's; a number to note, never to show as a result."""
        return sum(not query.is_holder(record) for record in dict.fromkeys(self.records))


@dataclass(frozen=True, kw_only=True)
class HousingRecord(HeldRecord):
    """A home: floor area in square metres, the holder's share, the day of registration, the end if it was given up."""

    kind: Literal["owned", "public", "resettlement"]
    division: Text
    address: Text
    floor_area: Area
    living_area: Area | None
    share: Share
    certificate_number: Text
    registered_on: date
    ended_on: date | None

    @property
    def is_held(self) -> bool:
        """Whether the person still has it."""
        return self.ended_on is None

    @property
    def text(self) -> str:
        """One Chinese line, for the sheet of findings."""
        parts = [self.address, _KINDS[self.kind], f"建筑面积 {self.floor_area:.2f} ㎡"]
        if self.living_area is not None:
            parts.append(f"居住面积 {self.living_area:.2f} ㎡")
        if self.share != 1:
            parts.append(f"占 {self.share * 100:.4g}%")
        parts.append(f"{self.registered_on.isoformat()} 登记")
        if self.ended_on:
            parts.append(f"{self.ended_on.isoformat()} 转出")
        return "，".join(parts)


@dataclass(frozen=True, kw_only=True)
class HousingAnswer(RecordsAnswer[HousingRecord]):
    """The homes a department has on record."""

    source: Text
    as_of: date
    records: Annotated[tuple[HousingRecord, ...], _MANY]

    def held(self, query: PersonQuery) -> tuple[HousingRecord, ...]:
        """The person's homes that are still held."""
        return tuple(home for home in self.matching(query) if home.is_held)


class HousingCheck(Connector[PersonQuery, HousingAnswer]):
    """What the three housing checks have in common."""

    def check(self, request: PersonQuery) -> Iterable[FieldError]:
        """The format of the query."""
        return request.faults()


class RealEstateCheck(HousingCheck):
    """不动产登记: housing owned (SH-028)."""

    key, title, department = "real_estate", "不动产登记住房核查", "不动产登记中心"
    interface = "real_estate.query"


class PublicHousingCheck(HousingCheck):
    """公有住房: public housing held (SH-027.4 to 6)."""

    key, title, department = "public_housing", "公有住房核查", "公有住房管理中心"
    interface = "public_housing.query"


class ResettlementCheck(HousingCheck):
    """征收安置: housing received for an expropriated home (SH-029)."""

    key, title, department = "resettlement", "征收安置住房核查", "房屋征收与补偿管理中心"
    interface = "resettlement.query"


@dataclass(frozen=True, kw_only=True)
class MarriageQuery(PersonQuery):
    """With a spouse named, the registry also says whether the two are married to each other; it names nobody itself."""

    spouse_name: str | None = None
    spouse_id_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class MarriageRecord(HeldRecord):
    """A registration: a marriage (with its end by divorce or death, if it ended) or a divorce."""

    kind: Literal["marriage", "divorce"]
    registered_on: date
    ended_on: date | None
    authority: Text
    certificate_number: Text


MarriageState = Literal["single", "married", "divorced", "widowed"]


@dataclass(frozen=True, kw_only=True)
class MarriageAnswer(RecordsAnswer[MarriageRecord]):
    """The registrations of a person; `spouse_confirmed` is None when no spouse was asked about."""

    source: Text
    as_of: date
    records: Annotated[tuple[MarriageRecord, ...], _MANY]

    spouse_confirmed: bool | None

    def state(self, query: PersonQuery) -> MarriageState:
        """The person's marital state by the latest registration; no registration means never married."""
        records = sorted(self.matching(query), key=lambda one: (one.registered_on, one.kind == "marriage"))
        if not records:
            return "single"
        latest = records[-1]
        if latest.kind == "divorce":
            return "divorced"
        return "married" if latest.ended_on is None else "widowed"


class MarriageCheck(Connector[MarriageQuery, MarriageAnswer]):
    """婚姻登记 (SH-026.4 to 6)."""

    key, title, department = "marriage", "婚姻登记核查", "民政局婚姻登记处"
    interface = "marriage.query"

    def check(self, request: MarriageQuery) -> Iterable[FieldError]:
        """The format of the query."""
        yield from request.faults()
        if bool(request.spouse_name) != bool(request.spouse_id_number):
            yield FieldError("spouse_name", "person.spouse", "查询配偶须同时提供姓名和证件号码")


@dataclass(frozen=True, kw_only=True)
class SocialInsuranceQuery(PersonQuery):
    """The months asked for, both included, such as `2025-11`."""

    from_month: str
    to_month: str


@dataclass(frozen=True, kw_only=True)
class PaymentRecord(HeldRecord):
    """One month's payment: paid in time, made up later, or owed."""

    month: Month
    employer: Text
    base: Money
    state: Literal["paid", "made_up", "owed"]


@dataclass(frozen=True, kw_only=True)
class SocialInsuranceAnswer(RecordsAnswer[PaymentRecord]):
    """The payments between two months; a month without record was not paid."""

    source: Text
    as_of: date
    records: Annotated[tuple[PaymentRecord, ...], _MANY]

    from_month: Month
    to_month: Month

    def months_paid(self, query: PersonQuery) -> tuple[str, ...]:
        """The months paid in time or made up, in order, each once."""
        return tuple(sorted({one.month for one in self.matching(query) if one.state != "owed"}))

    def unbroken_months(self, query: PersonQuery) -> int:
        """How many months up to the last one asked for are paid without a gap."""
        paid, count = set(self.months_paid(query)), 0
        month = _month_number(self.to_month)
        while _month_name(month) in paid:
            count, month = count + 1, month - 1
        return count


def _month_number(name: str) -> int:
    return int(name[:4]) * 12 + int(name[5:]) - 1


def _month_name(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


class SocialInsuranceCheck(Connector[SocialInsuranceQuery, SocialInsuranceAnswer]):
    """社会保险 (SH-026.1 to 3)."""

    key, title, department = "social_insurance", "社会保险核查", "社会保险事业管理中心"
    interface = "social_insurance.query"

    def check(self, request: SocialInsuranceQuery) -> Iterable[FieldError]:
        """The format of the query."""
        yield from request.faults()
        for name in ("from_month", "to_month"):
            try:
                date.fromisoformat(f"{getattr(request, name)}-01")
            except ValueError:
                yield FieldError(name, "month", "月份须写成 2025-11 这样")
                return
        if request.from_month > request.to_month:
            yield FieldError("to_month", "month.order", "止月不能早于起月")


# ---- the one-stop service's case store (办件库)


@dataclass(frozen=True, kw_only=True)
class PreCheckQuery(PersonQuery):
    """An application before it is submitted: the service item and the pre-filled applicant (SH-015.3)."""

    item_code: str


@dataclass(frozen=True)
class PreCheckProblem:
    """One thing the case store found wrong."""

    code: Text
    message: Text


@dataclass(frozen=True)
class PreCheckAnswer:
    """Whether the application may be submitted, and what is wrong."""

    passed: bool
    problems: tuple[PreCheckProblem, ...]


class CaseStorePreCheck(Connector[PreCheckQuery, PreCheckAnswer]):
    """The case store tests an application before submission."""

    key, title, department = "case_store_pre_check", "办件预检", "一网通办办件库"
    interface = "case_store.pre_check"
    tries = 2

    def check(self, request: PreCheckQuery) -> Iterable[FieldError]:
        """The format of the query."""
        return request.faults()


@dataclass(frozen=True, kw_only=True)
class CaseState:
    """The state of a case for the case store; `push_id` is unique to this change, so that a repeat changes nothing."""

    push_id: str
    case_number: str
    item_code: str
    state: str
    state_title: str
    at: datetime
    applicant: str = ""
    reason_type: str = ""
    reason: str = ""
    materials: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class PushReceipt:
    """The case store has it; `first` is False for a repeat."""

    push_id: str
    first: bool


class CaseStorePush(Connector[CaseState, PushReceipt]):
    """Tells the case store the state of a case: received, supplement wanted, refused with reason, closed (SH-033.4)."""

    key, title, department = "case_store_push", "办件状态推送", "一网通办办件库"
    interface = "case_store.push"


@dataclass(frozen=True, kw_only=True)
class SharedResult:
    """A result that other departments may use; `push_id` is unique to it, so that a repeat changes nothing."""

    push_id: str
    kind: str
    content: dict[str, Any]


class SubjectDatabasePush(Connector[SharedResult, PushReceipt]):
    """Shares the result of a review with the subject database 主题库 (SH-045.3)."""

    key, title, department = "subject_database_push", "审核结果共享", "住房保障主题库"
    interface = "subject_database.push"


@dataclass(frozen=True, kw_only=True)
class PendingQuery:
    """Cases to collect after a number; those named as collected are handed out no more (SH-015.4)."""

    after: str = ""
    limit: int = 50
    collected: tuple[str, ...] = ()


@dataclass(frozen=True)
class PendingCase:
    """An application the resident handed in at the one-stop service."""

    number: Text
    item_code: Text
    channel: Literal["one_stop_service", "one_stop_app"]
    submitted_at: datetime
    content: dict[str, object]


@dataclass(frozen=True)
class PendingAnswer:
    """The cases, by number."""

    cases: tuple[PendingCase, ...]


class CaseStorePending(Connector[PendingQuery, PendingAnswer]):
    """Collects cases from the case store."""

    key, title, department = "case_store_pending", "办件归集", "一网通办办件库"
    interface = "case_store.pending"
    timeout = 15.0
