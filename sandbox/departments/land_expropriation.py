"""国有土地征收系统: holds the units that were handed over to it, as they were told last."""

from __future__ import annotations

from sandbox.departments.common import Operation
from sandbox.departments.unit_systems import operations

KEY, TITLE, OFFICE = "land_expropriation", "国有土地征收房源", "澜州市自然资源和规划局"
OPERATIONS: dict[str, Operation] = operations(KEY)
