"""Tables of supply; one file an aggregate."""

from anju.supply.models.counts import Rentable, UnitCount
from anju.supply.models.day_count import DayCount
from anju.supply.models.information import Allocation, MediumKind, ProjectInformation, ProjectMedium, Told
from anju.supply.models.notice import AdvanceNotice, NoticeState
from anju.supply.models.occupancy import Occupancy
from anju.supply.models.operator import Operator
from anju.supply.models.project import Building, Estate, Project
from anju.supply.models.publication import Publication, PublicationAct, ReviewResult, SupplyReview
from anju.supply.models.push import System, UnitDue, UnitPush
from anju.supply.models.redistribution import Redistribution, RedistributionState, RedistributionUnit
from anju.supply.models.reserve import ReserveHolding, ReservePlan
from anju.supply.models.reshape import Reshape, ReshapeKind, ReshapePart
from anju.supply.models.setup import SetupBatch, SetupState, SetupUnit
from anju.supply.models.talent import AT_PLATFORM, TalentBatch, TalentBatchState, TalentPushState, TalentUnit
from anju.supply.models.unit import GONE, IDLE, NATURES, OCCUPIED, ON_OFFER, Bed, Room, Unit, UnitStatus

__all__ = [
    "AT_PLATFORM", "GONE", "IDLE", "NATURES", "OCCUPIED", "ON_OFFER", "AdvanceNotice", "Allocation", "Bed", "Building",
    "DayCount", "Estate", "MediumKind", "NoticeState", "Occupancy", "Operator", "Project", "ProjectInformation",
    "ProjectMedium", "Publication", "PublicationAct", "Redistribution", "RedistributionState", "RedistributionUnit",
    "Rentable", "ReserveHolding", "ReservePlan", "Reshape", "ReshapeKind", "ReshapePart", "ReviewResult", "Room",
    "SetupBatch", "SetupState", "SetupUnit", "SupplyReview", "System", "TalentBatch", "TalentBatchState",
    "TalentPushState", "TalentUnit", "Told", "Unit", "UnitCount", "UnitDue", "UnitPush", "UnitStatus",
]  # fmt: skip
