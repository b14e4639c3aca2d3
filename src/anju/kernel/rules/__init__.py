"""Rules: decision tables (DMN) and safe expressions (CEL), with effective dates and area of validity."""

from anju.kernel.rules.decisions import Explanation, collect, decide, explain, table_for, tables
from anju.kernel.rules.expressions import Expression, ExpressionFailed, ExpressionInvalid, expression
from anju.kernel.rules.tables import RuleInputWrong, RuleInvalid, RuleOverlap, RuleUndecided, Table, read_tables

__all__ = [
    "Explanation",
    "Expression",
    "ExpressionFailed",
    "ExpressionInvalid",
    "RuleInputWrong",
    "RuleInvalid",
    "RuleOverlap",
    "RuleUndecided",
    "Table",
    "collect",
    "decide",
    "explain",
    "expression",
    "read_tables",
    "table_for",
    "tables",
]
