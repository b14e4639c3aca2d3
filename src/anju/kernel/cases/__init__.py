"""案件 cases: a matter with a number, people, form data, materials, opinions, deadlines and a running process.

A `CaseType` declares which process, form, number and materials a kind of matter has, and what its steps do. The block
gives the rest: to-do lists, claiming, acting, returning, supplements, checks, timeline, printing. The process's tokens
are the tasks; every step locks the case row and is one transaction.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.cases.models import Case, Check, CheckState, Entry, Material, Party, Supplement
    from anju.kernel.cases.types import Block, CaseType, MaterialClass, case_type, declare_type

__all__ = [
    "Block",
    "Case",
    "CaseType",
    "Check",
    "CheckState",
    "Entry",
    "Material",
    "MaterialClass",
    "Party",
    "Supplement",
    "case_type",
    "declare_type",
]
__getattr__ = lazily(
    __name__,
    dict.fromkeys(("Case", "Check", "CheckState", "Entry", "Material", "Party", "Supplement"), "models")
    | dict.fromkeys(("Block", "CaseType", "MaterialClass", "case_type", "declare_type"), "types"),
)
