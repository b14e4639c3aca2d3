"""Tables of supply; one file an aggregate."""

from anju.supply.models.counts import UnitCount
from anju.supply.models.operator import Operator
from anju.supply.models.project import Building, Estate, Project
from anju.supply.models.unit import Room, Unit, UnitStatus

__all__ = ["Building", "Estate", "Operator", "Project", "Room", "Unit", "UnitCount", "UnitStatus"]
