"""The systems that construction asks: pre-sale applications, surveying results, the registration of permits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from anju.kernel.connectors import Connector
from anju.kernel.errors import FieldError

Text = Annotated[str, Field(min_length=1, max_length=300)]
Area = Annotated[Decimal, Field(gt=0, lt=10**10, decimal_places=2)]
# Base64 of a file of at most some two megabytes.
Content = Annotated[str, Field(max_length=3_000_000)]


@dataclass(frozen=True, kw_only=True)
class ReservationQuery:
    """A pre-sale application by its reservation number (预约号) and the applicant's credit code."""

    reservation_number: str
    credit_code: str


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file of an application; `kind` is the class of materials."""

    kind: Text
    name: Text
    content: Content


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What the application system has: project overview, planning indicators, files (SH-170.1)."""

    reservation_number: Text
    credit_code: Text
    project_name: Text
    base_name: Text
    plot_number: Text
    address: Text
    land_certificate: Text
    land_use_permit: Text
    planning_permit: Text
    building_permit: Text
    land_area: Area
    floor_area: Area
    plot_ratio: Annotated[Decimal, Field(gt=0, lt=100)]
    files: Annotated[tuple[SentFile, ...], Field(max_length=20)]


class PreSaleApplications(Connector[ReservationQuery, Reservation]):
    """预售许可申请系统: an application by reservation number."""

    key, title, department = "pre_sale_application", "预售许可申请信息", "预售许可申请系统"
    interface = "pre_sale.application"

    def check(self, request: ReservationQuery) -> Iterable[FieldError]:
        """The format of the query."""
        if not 4 <= len(request.reservation_number) <= 40:
            yield FieldError("asked.number", "reservation.format", "预约号应有 4 到 40 个字符")
        if len(request.credit_code) != 18:
            yield FieldError("asked.credit_code", "credit_code.format", "统一社会信用代码应有 18 位")


@dataclass(frozen=True, kw_only=True)
class SurveyQuery:
    """The surveyed units of a project, by page."""

    project_number: str
    after: str = ""
    limit: int = 200


@dataclass(frozen=True, kw_only=True)
class SurveyedUnit:
    """A unit as surveyed; where the surveyors left a field empty it is shown so, to be filled in by the clerk."""

    unit_number: Text
    building_number: str
    floors: int
    room_no: str
    floor: int
    location: Text
    layout: str | None
    floor_area: Annotated[Decimal, Field(ge=0)] | None
    planned_use: str | None


@dataclass(frozen=True, kw_only=True)
class SurveyAnswer:
    """A page of surveyed units."""

    source: Text
    project_number: Text
    as_of: date
    units: Annotated[tuple[SurveyedUnit, ...], Field(max_length=500)]
    more: bool


class SurveyedUnits(Connector[SurveyQuery, SurveyAnswer]):
    """成果系统: location, layout, floor area and planned use of each unit (SH-170.3)."""

    key, title, department = "pre_sale_survey", "预售房屋测绘成果", "房屋测绘成果系统"
    interface = "surveying_results.units"


@dataclass(frozen=True, kw_only=True)
class PermitPush:
    """A permit for the registration: the structured data and the sealed PDF in Base64; `push_id` is unique to it.

    Areas in square metres: of the land, and of all units together.
    """

    push_id: str
    permit_number: str
    case_number: str
    project_name: str
    developer: str
    credit_code: str
    address: str
    base_name: str
    plot_number: str
    land_certificate: str
    land_use_permit: str
    planning_permit: str
    building_permit: str
    land_area: Decimal
    unit_count: int
    floor_area: Decimal
    issued_on: date
    units: tuple[dict[str, str], ...]
    file_name: str
    file: str


@dataclass(frozen=True)
class RegistrationReceipt:
    """The registration has it; `first` is False for a repeat."""

    push_id: str
    receipt: Text
    first: bool


class RegistrationPush(Connector[PermitPush, RegistrationReceipt]):
    """不动产登记系统: takes permits with their units (SH-170.12)."""

    key, title, department = "pre_sale_registration", "预售许可推送登记", "不动产登记系统"
    interface = "pre_sale.register"
    timeout = 20.0


@dataclass(frozen=True, kw_only=True)
class QualificationQuery:
    """A developer by its credit code."""

    credit_code: str


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """The qualification certificate of a developer (SH-174.3)."""

    name: Text
    credit_code: Text
    grade: Literal["special", "first", "second", "third"]
    certificate: Text
    valid_until: date


class Qualifications(Connector[QualificationQuery, Qualification]):
    """建设单位资质: the certificate in force."""

    key, title, department = "developer_qualification", "建设单位资质证书", "建设行业资质系统"
    interface = "qualification.certificate"

    def check(self, request: QualificationQuery) -> Iterable[FieldError]:
        """The format of the query."""
        if len(request.credit_code) != 18:
            yield FieldError("asked.credit_code", "credit_code.format", "统一社会信用代码应有 18 位")


@dataclass(frozen=True, kw_only=True)
class RecognitionQuery:
    """Recognitions of projects after a number."""

    after: str = ""
    limit: int = 100


@dataclass(frozen=True, kw_only=True)
class ReadRecognition:
    """A recognition as it came; what is missing or wrong is for our rules to find (SH-172.2)."""

    number: Text
    project_name: str | None = None
    developer: str | None = None
    division: str | None = None
    base_name: str | None = None
    plot_number: str | None = None
    housing_type: str | None = None
    land_area: Decimal | None = None
    floor_area: Decimal | None = None
    units: int | None = None
    recognised_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecognitionPage:
    """A page of recognitions, each as it came: one that cannot be read does not keep the others out (SH-172.4)."""

    source: Text
    recognitions: Annotated[tuple[dict[str, Any], ...], Field(max_length=200)]
    more: bool


class Recognitions(Connector[RecognitionQuery, RecognitionPage]):
    """行政审批系统: recognitions of assisted-housing projects (SH-172.1)."""

    key, title, department = "project_recognition", "保障房项目认定", "行政审批系统"
    interface = "administrative_approval.recognitions"
