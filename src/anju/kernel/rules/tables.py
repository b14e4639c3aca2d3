"""Decision tables from DMN 1.3 XML: hit policies FIRST, UNIQUE and COLLECT, with validity in time and area.

A file holds one rule as one or more `decision` elements: its versions. `anju:validFrom`, `anju:validTo` (both days
included) and `anju:divisions` (codes of GB/T 2260; empty means everywhere) say when and where each holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from anju.kernel.errors import DomainError
from anju.kernel.rules.sfeel import CellInvalid, Test, Value, compile_test, compile_value
from anju.kernel.scope.filters import division_prefix
from anju.kernel.xmlfiles import XmlUnreadable, read_xml

ANJU = "{http://anju.dev/dmn}"
NAMESPACES = {
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
}
POLICIES = {"FIRST", "UNIQUE", "COLLECT"}


class RuleInvalid(DomainError):
    """The table cannot be used; the message lists every wrong cell."""

    code = "rule.invalid"
    advice = "请逐项修改后再发布"


class RuleInputWrong(DomainError):
    """An input is missing, unknown, or of another type than the table says."""

    code = "rule.input_wrong"
    advice = "请检查规则表的输入项"


class RuleUndecided(DomainError):
    """No line of the table fits, or no version holds on that day in that place."""

    code = "rule.undecided"
    advice = "请管理员补全规则表"


class RuleOverlap(DomainError):
    """Two lines of a UNIQUE table fit at once."""

    code = "rule.overlap"
    advice = "请管理员修改规则表，使每种情形只符合一行"


@dataclass(frozen=True)
class Column:
    """An input or output column; `type` is number, string, boolean or date."""

    name: str
    label: str
    type: str


@dataclass(frozen=True)
class Line:
    """One rule of a table, compiled, with its cells as written and its note (the source of the rule)."""

    tests: tuple[Test, ...]
    outputs: tuple[Value, ...]
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Table:
    """One version of a rule."""

    id: str
    title: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    lines: tuple[Line, ...]
    valid_from: date
    valid_to: date
    divisions: tuple[str, ...]

    def holds(self, on: date, division: str) -> bool:
        """Whether this version is in force on a day in a place."""
        return self.valid_from <= on <= self.valid_to and self.nearness(division) >= 0

    def nearness(self, division: str) -> int:
        """How closely the area of validity fits a division: 0 for everywhere, -1 for not at all."""
        if not self.divisions:
            return 0
        prefixes = [division_prefix(code) for code in self.divisions]
        return max((len(prefix) for prefix in prefixes if division.startswith(prefix)), default=-1)

    def values(self, inputs: Mapping[str, Any]) -> tuple[Value, ...]:
        """The inputs in the order of the columns; raises `RuleInputWrong`."""
        known = {column.name for column in self.inputs}
        if unknown := sorted(set(inputs) - known):
            raise RuleInputWrong(f"规则“{self.title}”没有输入项 {'、'.join(unknown)}")
        if missing := [column.label for column in self.inputs if column.name not in inputs]:
            raise RuleInputWrong(f"规则“{self.title}”缺少输入项 {'、'.join(missing)}")
        return tuple(_typed(column, inputs[column.name]) for column in self.inputs)

    def hits(self, inputs: Mapping[str, Any]) -> list[int]:
        """The lines (from 0) that fit, only the first of a FIRST table; raises `RuleOverlap`."""
        values = self.values(inputs)
        found: list[int] = []
        for index, line in enumerate(self.lines):
            if all(test(value) for test, value in zip(line.tests, values, strict=True)):
                found.append(index)
                if self.policy == "FIRST":
                    break
        if self.policy == "UNIQUE" and len(found) > 1:
            lines = "、".join(str(index + 1) for index in found)
            raise RuleOverlap(f"规则“{self.title}”的第 {lines} 行同时符合", details={"lines": [i + 1 for i in found]})
        return found

    def result(self, line: int) -> dict[str, Value]:
        """The outputs of a line by name."""
        return {column.name: value for column, value in zip(self.outputs, self.lines[line].outputs, strict=True)}


def read_tables(xml: bytes) -> list[Table]:
    """All versions in a file; raises `RuleInvalid` with everything that is wrong."""
    try:
        root = read_xml(xml)
    except XmlUnreadable as error:
        raise RuleInvalid(str(error)) from error
    name = etree.QName(root.tag)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise RuleInvalid("应是 DMN 1.3 的规则文件")
    problems: list[str] = []
    tables = [
        _Reader(decision, f"{{{name.namespace}}}", problems).table()
        for decision in root.iter(f"{{{name.namespace}}}decision")
    ]
    if not tables:
        problems.append("文件里没有决策表")
    if problems:
        raise RuleInvalid("；".join(problems), details={"problems": problems})
    return tables


class _Reader:
    """Reads one decision, noting problems with their place."""

    def __init__(self, decision: etree._Element, namespace: str, problems: list[str]) -> None:
        self.decision = decision
        self.ns = namespace
        self.problems = problems
        self.title: str = decision.get("name") or decision.get("id") or ""

    def table(self) -> Table:
        found = self.decision.find(f"{self.ns}decisionTable")
        table = found if found is not None else etree.Element("none")
        policy = table.get("hitPolicy", "UNIQUE")
        if found is None or policy not in POLICIES or table.get("aggregation"):
            self.problem("应是命中策略为 FIRST、UNIQUE 或 COLLECT（不汇总）的决策表")
        inputs = tuple(self.input(element) for element in table.findall(f"{self.ns}input"))
        outputs = tuple(self.output(element) for element in table.findall(f"{self.ns}output"))
        if not inputs or not outputs:
            self.problem("至少要有一个输入项和一个输出项")
        lines = tuple(
            self.line(index, element, len(inputs), len(outputs))
            for index, element in enumerate(table.findall(f"{self.ns}rule"), 1)
        )
        return Table(
            id=self.decision.get("id", ""),
            title=self.title,
            policy=policy,
            inputs=inputs,
            outputs=outputs,
            lines=lines,
            valid_from=self.day("validFrom", date.min),
            valid_to=self.day("validTo", date.max),
            divisions=tuple(d.strip() for d in self.decision.get(f"{ANJU}divisions", "").split(",") if d.strip()),
        )

    def input(self, element: etree._Element) -> Column:
        asked = element.find(f"{self.ns}inputExpression")
        name = (asked.findtext(f"{self.ns}text") or "").strip() if asked is not None else ""
        if not name.isidentifier():
            self.problem(f"输入项“{element.get('label', '')}”应写一个变量名")
        return Column(
            name, element.get("label") or name, asked.get("typeRef", "string") if asked is not None else "string"
        )

    def output(self, element: etree._Element) -> Column:
        name = element.get("name", "")
        if not name.isidentifier():
            self.problem(f"输出项“{element.get('label', '')}”没有名称")
        return Column(name, element.get("label") or name, element.get("typeRef", "string"))

    def line(self, number: int, element: etree._Element, inputs: int, outputs: int) -> Line:
        conditions = [entry.findtext(f"{self.ns}text") or "" for entry in element.findall(f"{self.ns}inputEntry")]
        results = [entry.findtext(f"{self.ns}text") or "" for entry in element.findall(f"{self.ns}outputEntry")]
        if len(conditions) != inputs or len(results) != outputs:
            self.problem(f"第 {number} 行的格数与表头不一致")
        tests = tuple(self.cell(number, text, compile_test, lambda value: False) for text in conditions)
        values = tuple(self.cell(number, text, compile_value, None) for text in results)
        note = (
            element.findtext(f"{self.ns}annotationEntry/{self.ns}text")
            or element.findtext(f"{self.ns}description")
            or ""
        )
        return Line(tests, values, (*(c.strip() for c in conditions), *(r.strip() for r in results)), note.strip())

    def cell(self, number: int, text: str, compile_cell: Callable[[str], Any], otherwise: Any) -> Any:
        try:
            return compile_cell(text)
        except CellInvalid as error:
            self.problem(f"第 {number} 行：{error}")
            return otherwise

    def day(self, attribute: str, otherwise: date) -> date:
        text = self.decision.get(f"{ANJU}{attribute}", "")
        try:
            return date.fromisoformat(text) if text else otherwise
        except ValueError:
            self.problem(f"{attribute} 应是日期，例如 2026-01-01")
            return otherwise

    def problem(self, message: str) -> None:
        self.problems.append(f"“{self.title}”{message}")


def _typed(column: Column, value: Any) -> Value:
    """A value as the column's type; None stays None. Raises `RuleInputWrong`."""
    try:
        if value is None:
            return None
        if column.type == "number" and isinstance(value, int | float | Decimal | str) and not isinstance(value, bool):
            number = Decimal(str(value))
            if number.is_finite():
                return number
        elif column.type == "date" and isinstance(value, str | date):
            if isinstance(value, datetime):
                raise ValueError("a moment is no day")
            return value if isinstance(value, date) else date.fromisoformat(value)
        elif (column.type == "boolean" and isinstance(value, bool)) or (
            column.type == "string" and isinstance(value, str)
        ):
            return value
        raise ValueError(f"no {column.type}")
    except (ValueError, InvalidOperation) as error:
        raise RuleInputWrong(f"输入项“{column.label}”的值不是规则表要的类型", field=column.name) from error
