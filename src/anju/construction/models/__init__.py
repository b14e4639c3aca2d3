"""Tables of construction; one file an aggregate."""

from anju.construction.models.annual import AnnualPlan, HousingTarget, Indicator, MonthlyProgress, ProjectTarget
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
from anju.construction.models.recognition import Recognition, RecognitionFault

__all__ = [
    "Agreement",
    "AnnualPlan",
    "ArchiveItem",
    "Bridging",
    "BuildingProgress",
    "Developer",
    "HousingTarget",
    "Implementation",
    "Indicator",
    "LargeEstate",
    "Matter",
    "MatterState",
    "MonthlyProgress",
    "Permit",
    "PermitState",
    "PermitUnit",
    "Plan",
    "PlanPlot",
    "PreSale",
    "Progress",
    "Project",
    "ProjectTarget",
    "Recognition",
    "RecognitionFault",
    "SaleRecognition",
    "Stage",
]
