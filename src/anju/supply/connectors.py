"""The systems that are told of units: the city's data hub and those that use units for purposes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from anju.kernel.connectors import Connector, Receipt
from anju.supply.models import System

Text = Annotated[str, Field(min_length=1, max_length=300)]


@dataclass(frozen=True, kw_only=True)
class UnitState:
    """A unit as other systems read it: yuan a month, square metres; nothing about people.

    `revision` grows with every change of the unit: a state with a smaller one than was received is old and ignored.
    `gone`: there is no such unit any more, or the system does not follow it any more.
    """

    code: str
    revision: int
    gone: bool = False
    public_code: str = ""
    project_code: str = ""
    project: str = ""
    estate: str = ""
    building: str = ""
    room_no: str = ""
    floor: int = 0
    address: str = ""
    division: str = ""
    programme: str = ""
    layout: str = ""
    floor_area: Decimal = Decimal(0)
    rent: Decimal = Decimal(0)
    orientation: str = ""
    channel: str = ""
    status: str = ""
    published: bool = False
    released_on: date | None = None
    parent: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnitsTold:
    """States of units, each the newest there is."""

    units: tuple[UnitState, ...]


@dataclass(frozen=True)
class UnitsReceipt:
    """How many states were taken, how many were old."""

    taken: int
    old: int


@dataclass(frozen=True, kw_only=True)
class UnitsAsked:
    """Units by code, to compare."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class UnitsHeld:
    """The states that the system holds, as they were told; units it does not know are left out."""

    units: tuple[UnitState, ...]


@dataclass(frozen=True, kw_only=True)
class SurveyAsked:
    """A project in the surveying-results system; units after a number, for the next page."""

    project_number: str
    after: str = ""
    limit: int = 500


@dataclass(frozen=True, kw_only=True)
class SurveyedUnit:
    """A unit as it was surveyed; what the survey lacks is judged in the review, not dropped here."""

    unit_number: Text
    building_number: Text
    floors: int | None = None
    room_no: str | None = None
    floor: int | None = None
    location: str | None = None
    layout: str | None = None
    floor_area: Annotated[Decimal, Field(lt=10_000_000)] | None = None
    planned_use: str | None = None


@dataclass(frozen=True, kw_only=True)
class SurveyAnswer:
    """One page of the units of a project."""

    source: Text
    project_number: str
    as_of: date
    units: tuple[SurveyedUnit, ...]
    more: bool


class SurveyUnits(Connector[SurveyAsked, SurveyAnswer]):
    """Reads surveyed units, as the real-estate registration centre forwards them (SH-183.1)."""

    key, title, department = "survey_setup", "测绘成果读取（房源搭建）", "不动产登记中心"
    interface = "surveying_results.units"
    timeout = 15.0


class HubPush(Connector[UnitsTold, UnitsReceipt]):
    """Tells 'I want to rent' (我要租房) of units, through the city data centre's hub (SH-184.6, SH-187.4)."""

    key, title, department = "data_hub_units", "房源推送（我要租房）", "大数据中台"
    interface = "data_hub.units"
    timeout = 15.0


class HubRead(Connector[UnitsAsked, UnitsHeld]):
    """What the hub shows of units."""

    key, title, department = "data_hub_read", "房源核对（我要租房）", "大数据中台"
    interface = "data_hub.read"


class ResettlementPush(Connector[UnitsTold, UnitsReceipt]):
    """Exchanges units for expropriation resettlement (SH-188.1)."""

    key, title, department = "resettlement_units", "征收安置房源推送", "征收安置系统"
    interface = "resettlement_system.units"


class ResettlementRead(Connector[UnitsAsked, UnitsHeld]):
    """What that system holds of units."""

    key, title, department = "resettlement_read", "征收安置房源核对", "征收安置系统"
    interface = "resettlement_system.read"


@dataclass(frozen=True)
class UnitInUse:
    """What that system does with a unit: it has received it, or a household was given it on a day."""

    code: Text
    state: Literal["received", "used"]
    on: date | None


@dataclass(frozen=True)
class UnitsInUse:
    """Of the units asked for those that it has."""

    units: tuple[UnitInUse, ...]


class ResettlementStates(Connector[UnitsAsked, UnitsInUse]):
    """Reads what became of units that were handed over for resettlement: the way back of the exchange (SH-188.1)."""

    key, title, department = "resettlement_states", "征收安置房源使用状态", "征收安置系统"
    interface = "resettlement_system.states"


class LandPush(Connector[UnitsTold, UnitsReceipt]):
    """Tells the state-owned-land expropriation system of resettlement units (SH-188.2)."""

    key, title, department = "land_units", "国有土地征收房源推送", "国有土地征收系统"
    interface = "land_expropriation.units"


class LandRead(Connector[UnitsAsked, UnitsHeld]):
    """What that system holds of units."""

    key, title, department = "land_read", "国有土地征收房源核对", "国有土地征收系统"
    interface = "land_expropriation.read"


class ExchangePush(Connector[UnitsTold, UnitsReceipt]):
    """Tells the agreement exchange system of resettlement units (SH-188.3)."""

    key, title, department = "exchange_units", "协议置换房源推送", "协议置换系统"
    interface = "agreement_exchange.units"


class ExchangeRead(Connector[UnitsAsked, UnitsHeld]):
    """What that system holds of units."""

    key, title, department = "exchange_read", "协议置换房源核对", "协议置换系统"
    interface = "agreement_exchange.read"


@dataclass(frozen=True, kw_only=True)
class TalentBatchFacts:
    """A batch of a project for talents; `managing_division` is the district in charge."""

    year: int
    number: int
    managing_division: str
    open: bool


@dataclass(frozen=True, kw_only=True)
class TalentProject:
    """A project as the talent-housing platform reads it, with its batches."""

    code: str
    revision: int
    name: str
    programme: str
    division: str
    address: str
    operator: str
    batches: tuple[TalentBatchFacts, ...]


@dataclass(frozen=True, kw_only=True)
class TalentUnitState(UnitState):
    """A unit with its special attributes for talents (人才房特殊属性词) and the batch it belongs to."""

    batch_year: int = 0
    batch_number: int = 0
    level: str = ""
    category: str = ""
    word: str = ""
    managing_division: str = ""


@dataclass(frozen=True, kw_only=True)
class TalentUnitsTold:
    """States of units with the projects they stand in, each the newest there is."""

    projects: tuple[TalentProject, ...]
    units: tuple[TalentUnitState, ...]


@dataclass(frozen=True)
class TalentReceipt:
    """The platform's receipt; how many states were taken, how many were old."""

    receipt: Annotated[str, Field(min_length=1, max_length=64)]
    taken: int
    old: int


@dataclass(frozen=True, kw_only=True)
class TalentBatchEnded:
    """A batch whose supply is over, with the units whose marks were cancelled; `push_id` makes a repeat known as one."""

    push_id: str
    project_code: str
    year: int
    number: int
    ended_on: date
    units: tuple[str, ...]


class TalentPush(Connector[TalentUnitsTold, TalentReceipt]):
    """Pushes talent units and their projects to the city's talent-housing platform (SH-191.2, SH-192.1)."""

    key, title, department = "talent_units", "人才房源推送", "市人才安居平台"
    interface = "talent_platform.units"


class TalentRead(Connector[UnitsAsked, UnitsHeld]):
    """What that platform holds of units."""

    key, title, department = "talent_read", "人才房源核对", "市人才安居平台"
    interface = "talent_platform.read"


class TalentBatchEnd(Connector[TalentBatchEnded, Receipt]):
    """Tells that platform that a batch is over (SH-192.3)."""

    key, title, department = "talent_batch_end", "人才批次结束", "市人才安居平台"
    interface = "talent_platform.batch_end"


PUSHES: dict[System, type[Connector[UnitsTold, UnitsReceipt]]] = {
    System.DATA_HUB: HubPush,
    System.RESETTLEMENT: ResettlementPush,
    System.LAND: LandPush,
    System.EXCHANGE: ExchangePush,
}
READS: dict[System, type[Connector[UnitsAsked, UnitsHeld]]] = {
    System.DATA_HUB: HubRead,
    System.RESETTLEMENT: ResettlementRead,
    System.LAND: LandRead,
    System.EXCHANGE: ExchangeRead,
    System.TALENT: TalentRead,
}
