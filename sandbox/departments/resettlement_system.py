"""征收安置系统: holds the units that were handed over to it, as they were told last."""

from __future__ import annotations

from sandbox.departments.common import Operation
from sandbox.departments.unit_systems import operations

KEY, TITLE, OFFICE = "resettlement_system", "征收安置房源", "澜州市房屋征收安置办公室"
OPERATIONS: dict[str, Operation] = operations(KEY)
