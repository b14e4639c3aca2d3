"""Scope: who acts, what he may do, and which rows he may see.

An `Actor` is who stands behind a request or a job. A row that belongs to an office carries `org_path` (the path of its
organisation in the tree, such as `/1/4/17/`) and `division` (the code of GB/T 2260, six digits). `restrict` turns the
actor's grants into a filter; registers, cases, reports and exports reach their rows through it only.
"""

from anju.kernel.scope.actor import ANONYMOUS, Actor, Reach, system
from anju.kernel.scope.areas import Area
from anju.kernel.scope.filters import admits, reach_filter, reach_sql, restrict

__all__ = ["ANONYMOUS", "Actor", "Area", "Reach", "admits", "reach_filter", "reach_sql", "restrict", "system"]
