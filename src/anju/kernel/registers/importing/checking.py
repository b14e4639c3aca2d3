"""The dry run: cells to values, rows to errors, without touching the records (PR-03.2, PR-05.2)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.db.models import QuerySet

from anju.kernel.registers.fields import Field, Wrong
from anju.kernel.registers.importing.declaration import FIND, REFUSE, Import, Level, RowWrong
from anju.kernel.registers.importing.row import Row, plain
from anju.kernel.registers.register import Register, find
from anju.kernel.scope import Actor
from anju.kernel.scope.fields import EDITABLE, level_of, limits_of
from anju.kernel.spreadsheets import EXCEL_ERRORS, Sheet, bare, refuse_headers

PORTION = 10_000
SUGGEST_AMONG = 5000
SUGGESTIONS = 200
# columns that the failure file adds, so that it can be corrected and imported as it is
ADDED = {"原行号", "未通过原因"}
Key = tuple[Any, ...]


def columns(declared: Import, headers: Sequence[str], named: Mapping[str, str] | None = None) -> list[Field | None]:
    """The field of each column. Raises `WrongColumns` naming what is missing, unknown or doubled.

    `named` says which field is meant by a header that the template does not know, and by which none.
    """
    named = named or {}
    by_title = {bare(item.title): item for item in declared.fields}
    by_key = {item.key: item for item in declared.fields}
    headers = ["" if bare(header) in ADDED else header for header in headers]
    found = [by_title.get(bare(header)) or by_key.get(named.get(bare(header), "")) for header in headers]
    missing = [item.title for item in declared.fields if item.required and item not in found]
    unknown = [
        header
        for header, item in zip(headers, found, strict=True)
        if header and item is None and bare(header) not in named
    ]
    doubled = sorted({item.title for item in found if item and found.count(item) > 1})
    refuse_headers(missing, unknown, doubled)
    return found


def suggested(declared: Import, headers: Sequence[str], taken: Iterable[str]) -> dict[str, str]:
    """For headers that the template does not know the field whose title looks most like each, if one does."""
    free = {bare(item.title): item.key for item in declared.fields if item.key not in set(taken)}
    near: dict[str, str] = {}
    for header in headers:
        name = bare(header)
        within = [title for title in free if title in name or name in title]
        for title in (within or get_close_matches(name, free, 1, 0.5))[:1]:
            near[header] = free.pop(title)
    return near


def rows_of(declared: Import, sheet: Sheet, named: Mapping[str, str] | None = None) -> Iterable[Row]:
    """The rows of a sheet as cells by field; rows without content are left out."""
    found = columns(declared, sheet.headers, named)
    for number, raw in sheet.rows:
        cells = {
            item.key: value
            for item, value in zip(found, raw, strict=False)
            if item is not None and value not in ("", None)
        }
        if not any(not isinstance(value, str) or value.strip() for value in cells.values()):
            continue
        row = Row(number, cells)
        if number in sheet.formulas:
            row.warnings.append({"code": "formula", "message": "含公式，已按显示的值读取"})
        yield row


def read_values(declared: Import, row: Row) -> None:
    """Converts each cell, then computes what follows from those that are right."""
    row.values, row.errors = {}, []
    for item in declared.fields:
        raw = row.cells.get(item.key)
        try:
            if isinstance(raw, str) and raw in EXCEL_ERRORS:
                raise Wrong("formula_error", f"公式结果出错（{raw}）")
            value = item.clean(raw)
            if item.type == "row" and value is not None:
                value = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
            row.values[item.key] = item.default if value is None else value
        except Wrong as wrong:
            row.values[item.key] = None
            row.wrong(item.key, wrong.code, wrong.message, wrong.suggestion)
    for derivation in declared.derive:
        if row.sound(derivation.needs):
            try:
                derivation.run(row.values, row.cells)
            except RowWrong as wrong:
                row.wrong(wrong.field, wrong.code, wrong.message, wrong.suggestion)


class Examiner:
    """Checks rows against the records and against each other. `seen` carries the keys of the rows already examined.

    Every error of a row is told at once: what is wrong in one cell keeps only those checks away that need the cell. A
    row that is wrong anyway is compared with those before it, and takes no place from a right one after it (our choice).
    """

    def __init__(self, register: Register[Any], declared: Import, actor: Actor) -> None:
        self.register, self.declared, self.actor = register, declared, actor
        self.seen: dict[tuple[str, Key], int] = {}
        self.faulty: dict[tuple[str, Key], int] = {}
        self.identifying = {name for level in declared.levels for name in (*level.own_match, level.place)}
        self.uniques: dict[tuple[str, str, Any], tuple[Key, int]] = {}
        self.known: dict[str, dict[str, int]] = defaultdict(dict)
        self.asked: dict[str, set[str]] = defaultdict(set)
        self.close: dict[tuple[str, str], str | None] = {}
        self.barred = not_to_be_filled(register, declared, actor)

    def examine(self, rows: Sequence[Row]) -> None:
        """Resolves references, finds repeats, and finds what exists already; errors go into the rows."""
        for key in self.barred:
            for row in rows:
                if row.cells.get(key) is not None:
                    row.wrong(key, "no_right", "你不能填写这一列")
        for item in self.declared.fields:
            if item.type == "row":
                self.resolve(item, rows)
        self.repeats(rows)
        if self.declared.write is None:
            self.existing([row for row in rows if row.sound(self.identifying)])
        for examination in self.declared.examine:
            examination.run([row for row in rows if row.sound(examination.needs)], self.actor)

    def resolve(self, item: Field, rows: Sequence[Row]) -> None:
        """Turns what names a record of another register into its id, within the actor's reach."""
        wanted = {row.values[item.key] for row in rows if row.values.get(item.key) is not None}
        target = find(item.register or "")
        fresh = wanted - self.asked[item.key]
        if fresh:
            found = self.within(target, target.base()).filter(**{f"{item.by}__in": fresh}).values_list(item.by, "pk")
            self.known[item.key].update({str(name): pk for name, pk in found})
            self.asked[item.key] |= fresh
        known = self.known[item.key]
        for row in rows:
            name = row.values.get(item.key)
            if name is None:
                continue
            row.values[item.key] = known.get(name)
            if name not in known:
                close = self.closest(item, name, target)
                near = f"，最接近的是 {close}" if close else "，或不在你的管辖范围内，请核对，或先登记"
                row.wrong(item.key, "not_found", f"没有这个{target.title}{near}", close)

    def within(self, target: Register[Any], rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a register that the actor's right to import reaches."""
        return target.within(rows, self.actor, self.register.rights.of("import"))

    def closest(self, item: Field, name: str, target: Register[Any]) -> str | None:
        """The name in the register that looks most like a wrong one."""
        if (item.key, name) not in self.close:
            if len(self.close) > SUGGESTIONS:
                return None
            reachable = self.within(target, target.base()).values_list(item.by, flat=True)
            names = [str(known) for known in reachable[:SUGGEST_AMONG]]
            self.close[item.key, name] = next(iter(get_close_matches(name, names, 1, 0.6)), None)
        return self.close[item.key, name]

    def present(self, row: Row) -> list[Level]:
        """The levels that a row has: those whose identifying cells are filled."""
        return [
            level for level in self.declared.levels if all(row.values.get(name) is not None for name in level.own_match)
        ]

    def key(self, level: Level, row: Row) -> Key:
        """What identifies a row's record of a level within the file."""
        above: Key = ()
        for parent in (level.parents or {}).values():
            above += self.key(next(item for item in self.declared.levels if item.key == parent), row)
        return (*above, *(row.values.get(name) for name in level.own_match))

    def repeats(self, rows: Sequence[Row]) -> None:
        """Marks rows that make the same record as an earlier row of the file."""
        for row in rows:
            if not row.sound(self.identifying):
                continue
            levels = self.present(row)
            if not levels and not row.errors:
                row.wrong(self.declared.identify, "required", "必填")
            if not levels:
                continue
            last = levels[-1]
            keys = [(level.key, self.key(level, row)) for level in levels]
            earlier = self.seen.get(keys[-1])
            if row.errors:
                before = self.faulty.setdefault(keys[-1], row.number)
                earlier = before if earlier is None else earlier
            if earlier is not None and earlier != row.number:
                row.wrong(last.place, "repeated", f"{last.title}与第 {earlier} 行重复")
                continue
            for level in levels:
                for name in level.unique:
                    self.doubled(level, name, row)
            if not row.errors:
                for key in keys:
                    self.seen.setdefault(key, row.number)

    def doubled(self, level: Level, name: str, row: Row) -> None:
        """Marks a row whose further unique value stands on another record of the file."""
        value = row.values.get(level.values[name])
        if value is None:
            return
        key = self.key(level, row)
        mine, place = (key, row.number), (level.key, name, value)
        other, number = self.uniques.get(place, mine) if row.errors else self.uniques.setdefault(place, mine)
        if other != key:
            row.wrong(level.values[name], "repeated", f"与第 {number} 行重复")

    def existing(self, rows: Sequence[Row]) -> None:
        """Finds, level by level, the records that are there already; refuses or marks the row as an update."""
        ids: dict[int, dict[str, int]] = defaultdict(dict)
        for level in self.declared.levels:
            parents = level.parents or {}
            concerned = [
                row
                for row in rows
                if level in self.present(row) and all(parent in ids[row.number] for parent in parents.values())
            ]
            found, reach = self.lookup(level, concerned, ids)
            for row in concerned:
                pk = found.get(comparable(self.natural(level, row, ids)))
                if pk is not None:
                    ids[row.number][level.key] = pk
                    if level is self.present(row)[-1]:
                        self.judge(level, row, pk, reach)
            for name in level.unique:
                self.taken(level, name, [row for row in rows if level in self.present(row)], ids)

    def natural(self, level: Level, row: Row, ids: Mapping[int, Mapping[str, int]]) -> Key:
        """The value of a level's identifying columns."""
        parents = level.parents or {}
        return tuple(
            ids[row.number][parents[name]] if name in parents else row.values[level.values[name]]
            for name in level.match
        )

    def lookup(
        self, level: Level, rows: Sequence[Row], ids: Mapping[int, Mapping[str, int]]
    ) -> tuple[dict[Key, int], set[int]]:
        """Records by their identifying columns, and those of them within the actor's reach."""
        if not rows:
            return {}, set()
        keys = [self.natural(level, row, ids) for row in rows]
        columns_ = [level.model._meta.get_field(name).attname for name in level.match]  # type: ignore[union-attr]
        conditions = {f"{column}__in": {key[i] for key in keys} for i, column in enumerate(columns_)}
        matching = level.model._default_manager.filter(**conditions)
        found = {comparable(key): pk for *key, pk in matching.values_list(*columns_, "pk")}
        return found, set(self.within(find(level.register), matching).values_list("pk", flat=True))

    def judge(self, level: Level, row: Row, pk: int, reach: set[int]) -> None:
        """What it means that the row's own record exists."""
        named = level.place
        if level.existing == FIND:
            row.is_new = False
        elif pk not in reach:
            row.wrong(named, "out_of_reach", f"{level.title}已存在，但不在你的管辖范围内")
        elif level.existing == REFUSE:
            row.wrong(named, "exists", f"{level.title} {self.declared.field(named).shown(row.values[named])} 已存在")
        else:
            row.is_new = False

    def taken(self, level: Level, name: str, rows: Sequence[Row], ids: Mapping[int, Mapping[str, int]]) -> None:
        """Refuses a further unique value that another record has."""
        key = level.values[name]
        wanted = {row.values[key] for row in rows if row.values.get(key) is not None}
        found = dict(level.model._default_manager.filter(**{f"{name}__in": wanted}).values_list(name, "pk"))
        for row in rows:
            owner = found.get(row.values.get(key))
            if owner is not None and owner != ids[row.number].get(level.key) and row.sound([key]):
                row.wrong(key, "exists", f"{self.declared.field(key).title} {row.values[key]} 已被使用")


def not_to_be_filled(register: Register[Any], declared: Import, actor: Actor) -> list[str]:
    """The columns of a sheet whose fields the actor's roles do not let him change."""
    barred = dict[str, None]()
    own = limits_of(actor, register.rights.base)
    for item in declared.fields:
        if own and level_of(own, item.key) != EDITABLE:
            barred[item.key] = None
    for level in declared.levels:
        limits = limits_of(actor, find(level.register).rights.base)
        for column, key in level.values.items():
            if limits and level_of(limits, column) != EDITABLE:
                barred[key] = None
    return list(barred)


def comparable(key: Iterable[Any]) -> Key:
    """Identifying values as texts, so that what a sheet says and what a table holds can be compared."""
    return tuple(bytes(part).hex() if isinstance(part, bytes | memoryview) else str(part) for part in key)


def repeat_key(examiner: Examiner, row: Row) -> str:
    """A short mark of what the row makes; two rows of one file with the same mark repeat each other."""
    levels = examiner.present(row)
    if not levels:
        return ""
    made = repr((levels[-1].key, examiner.key(levels[-1], row)))
    return hashlib.blake2b(made.encode(), digest_size=16).hexdigest()


def identity(declared: Import, row: Row) -> str:
    """How a row is called in a list of errors."""
    value = row.cells.get(declared.identify)
    return str(plain(value) if value is not None else row.values.get(declared.identify) or "")[:300]
