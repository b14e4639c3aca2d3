"""The systems that are told of units: the city's data hub and those that use units for purposes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from anju.kernel.connectors import Connector
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


class HubPush(Connector[UnitsTold, UnitsReceipt]):
    """Tells 'I want to rent' (我要租房) of units, through the city data centre's hub (SH-184.6, SH-187.4)."""

    key, title, department = "data_hub_units", "房源推送（我要租房）", "大数据中台"
    interface = "data_hub.units"
    timeout = 15.0


class HubRead(Connector[UnitsAsked, UnitsHeld]):
    """What the hub shows of units."""

    key, title, department = "data_hub_read", "房源核对（我要租房）", "大数据中台"
    interface = "data_hub.read"


PUSHES: dict[System, type[Connector[UnitsTold, UnitsReceipt]]] = {System.DATA_HUB: HubPush}
READS: dict[System, type[Connector[UnitsAsked, UnitsHeld]]] = {System.DATA_HUB: HubRead}
