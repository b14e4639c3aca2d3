"""大数据中台: hands units on to 'I want to rent' (我要租房); what was told last is what people see there."""

from __future__ import annotations

from sandbox.departments.common import Operation
from sandbox.departments.unit_systems import operations

KEY, TITLE, OFFICE = "data_hub", "房源推送（我要租房）", "澜州市大数据中心"
OPERATIONS: dict[str, Operation] = operations(KEY)
