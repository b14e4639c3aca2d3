"""协议置换系统: holds the units that were handed over to it, as they were told last."""

from __future__ import annotations

from sandbox.departments.common import Operation
from sandbox.departments.unit_systems import operations

KEY, TITLE, OFFICE = "agreement_exchange", "协议置换房源", "澜州市房屋置换服务中心"
OPERATIONS: dict[str, Operation] = operations(KEY)
