"""Tables of construction; one file an aggregate."""

from anju.construction.models.archive import ArchiveItem
from anju.construction.models.estate import LargeEstate
from anju.construction.models.filings import (
    Agreement,
    Bridging,
    BuildingProgress,
    Developer,
    Implementation,
    Plan,
    PlanPlot,
    Progress,
    SaleRecognition,
)
from anju.construction.models.matter import Matter, MatterState
from anju.construction.models.permit import Permit, PermitState, PermitUnit, PreSale
from anju.construction.models.project import Project, Stage

__all__ = [
    "Agreement",
    "ArchiveItem",
    "Bridging",
    "BuildingProgress",
    "Developer",
    "Implementation",
    "LargeEstate",
    "Matter",
    "MatterState",
    "Permit",
    "PermitState",
    "PermitUnit",
    "Plan",
    "PlanPlot",
    "PreSale",
    "Progress",
    "Project",
    "SaleRecognition",
    "Stage",
]
