"""Tables of construction; one file an aggregate."""

from anju.construction.models.archive import ArchiveItem
from anju.construction.models.estate import LargeEstate
from anju.construction.models.matter import Matter, MatterState

__all__ = ["ArchiveItem", "LargeEstate", "Matter", "MatterState"]
