"""The schema of a form: sections of fields and repeated groups, read from JSON and checked when it is loaded.

The same JSON is what the pages render (`as_json`); expressions in it are CEL over the fields beside (`kind`), the
whole form (`form.housing.situation`), and `today`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from anju.kernel import definitions
from anju.kernel.errors import NotFound
from anju.kernel.forms.dictionaries import dictionary
from anju.kernel.rules import Expression, expression

TYPES = frozenset({
    "text", "textarea", "integer", "number", "money", "area", "date", "boolean", "choice",
    "choices", "id_number", "document_number", "phone", "division", "person_name", "file", "group", "note",
})  # fmt: skip
RESERVED = frozenset({"form", "today"})
NUMERIC = frozenset({"number", "money", "area"})
# what the columns of a table that takes a spreadsheet may be, and how many rows one may have
TABLE_TYPES = frozenset({"text", "textarea", "integer", "number", "money", "area", "date", "boolean", "choice"})
MOST_TABLE_ROWS = 5000
_NAMES = re.compile(r"\{(\w+)(?::\d)?\}")


class SchemaInvalid(ValueError):
    """A form file that ships with the product is wrong; the message says where. A fault of the developer."""


@dataclass(frozen=True)
class Rule:
    """What must hold among several fields; asked only when all of `fields` have values, told at the last of them.

    A `final` one is about completeness and is not asked of a draft.
    """

    fields: tuple[str, ...]
    test: Expression
    message: str
    code: str
    final: bool


@dataclass(frozen=True)
class Generator:
    """How the pages fill a table floor by floor, so that a building is not typed room by room.

    `fields` are asked once; `floors` names the two that say from which floor to which, `places` the one that says how many
    rooms each floor has. `alike` are columns asked once for each of these rooms, the same on every floor. `row` says how
    the other columns read: `{name}` is an answer, `{floor}` and `{place}` count, `{place:2}` with so many digits. What is
    filled in is the form's as if it had been typed.
    """

    title: str
    fields: tuple[Field, ...]
    floors: tuple[str, str]
    places: str
    alike: tuple[str, ...]
    row: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """One question. `hint` stands under the title, `help` says why it is asked; a `derived` one is not asked but shown.

    Of a group: `sheet`, it is a table that takes a spreadsheet (`tables.py`), of `max` rows at most; `sums` are its
    columns that are added up; `generator`, it can be filled floor by floor.
    """

    key: str
    title: str
    type: str
    required: bool | Expression = False
    visible: Expression | None = None
    dictionary: str = ""
    options: tuple[tuple[str, str], ...] = ()
    min: Any = None
    max: Any = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    pattern_hint: str = ""
    places: int = 2
    unit: str = ""
    agree: bool = False
    document_type: str = ""
    row_title: str = "第 {n} 行"
    unique: tuple[str, ...] = ()
    unique_message: str = ""
    fields: tuple[Field, ...] = ()
    rules: tuple[Rule, ...] = ()
    sheet: bool = False
    sums: tuple[str, ...] = ()
    generator: Generator | None = None

    def codes(self) -> set[str]:
        """The codes that may be chosen."""
        return {code for code, _ in self.options} or {entry.code for entry in dictionary(self.dictionary)}


@dataclass(frozen=True)
class Section:
    """One page of a citizen's form, or one block of an office form."""

    key: str
    title: str
    visible: Expression | None
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Schema:
    """A form; data are grouped by section: `{"place": {"division": "339901"}}`. A `public` one is for residents."""

    key: str
    title: str
    version: int
    public: bool
    sections: tuple[Section, ...]
    raw: dict[str, Any] = field(repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """What the pages render."""
        return self.raw

    def section(self, key: str) -> Section:
        """A section by key; raises `NotFound`."""
        found = next((section for section in self.sections if section.key == key), None)
        if found is None:
            raise NotFound("表单里没有这一页", code="form.no_section")
        return found


@cache
def load(key: str) -> Schema:
    """The form with this key (`public_rental_application`, also `eligibility/public_rental_application`).

    Raises `NotFound` for an unknown form and `SchemaInvalid` for a wrong file.
    """
    path = definitions.find("forms", key.rpartition("/")[2])
    if path is None:
        raise NotFound(f"没有表单 {key}", code="form.unknown", advice="请检查表单的编码")
    return read_schema(json.loads(path.read_text("utf-8")))


def read_schema(raw: dict[str, Any]) -> Schema:
    """The schema of a JSON object; raises `SchemaInvalid`."""
    try:
        sections = tuple(
            Section(
                key=part["key"],
                title=part["title"],
                visible=_expression(part.get("visible")),
                fields=_fields(part["fields"]),
                rules=_rules(part.get("rules", ())),
            )
            for part in raw["sections"]
        )
        schema = Schema(
            key=raw["key"],
            title=raw["title"],
            version=int(raw.get("version", 1)),
            public=bool(raw.get("public")),
            sections=sections,
            raw=_addressed(raw),
        )
    except KeyError as error:
        raise SchemaInvalid(f"{raw.get('key', '?')}: {error} is missing") from error
    _check_names(schema)
    return schema


def _fields(raw: list[dict[str, Any]]) -> tuple[Field, ...]:
    known = {each.name for each in fields(Field)}
    shown_only = {"hint", "help", "width", "tone", "text", "default", "purpose", "add_title", "multiple", "derived"}
    made = []
    for part in raw:
        if unknown := sorted(set(part) - known - shown_only):
            raise SchemaInvalid(f"field {part['key']}: unknown {', '.join(unknown)}")
        if part["type"] not in TYPES:
            raise SchemaInvalid(f"field {part['key']}: unknown type {part['type']}")
        values = {name: part[name] for name in known & set(part)} | {"title": part["title"]}
        required = values.get("required", False)
        values["required"] = expression(required) if isinstance(required, str) else bool(required)
        values["visible"] = _expression(part.get("visible"))
        values["options"] = tuple((option["code"], option["title"]) for option in part.get("options", ()))
        values["unique"] = tuple(part.get("unique", ()))
        values["sums"] = tuple(part.get("sums", ()))
        values["generator"] = _generator(part["generator"]) if "generator" in part else None
        values["fields"] = _fields(part.get("fields", []))
        values["rules"] = _rules(part.get("rules", ()))
        made.append(Field(**values))
    return tuple(made)


def _generator(raw: dict[str, Any]) -> Generator:
    first, last = raw["floors"]
    return Generator(
        title=raw["title"], fields=_fields(raw["fields"]), floors=(first, last), places=raw["places"],
        alike=tuple(raw.get("alike", ())), row=tuple(raw["row"].items()),
    )  # fmt: skip


def _addressed(raw: dict[str, Any]) -> dict[str, Any]:
    """The form as the pages get it: a table that takes a spreadsheet says where it is read."""

    def told(section: str, part: dict[str, Any]) -> dict[str, Any]:
        return part | {"sheet": f"/forms/{raw['key']}/tables/{section}/{part['key']}"} if part.get("sheet") else part

    sections = [
        part | {"fields": [told(part["key"], each) for each in part["fields"]]} for part in raw.get("sections", ())
    ]
    return raw | {"sections": sections}


def _rules(raw: Any) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            fields=tuple(part["fields"]),
            test=expression(part["test"]),
            message=part["message"],
            code=part.get("code", "form.rule"),
            final=bool(part.get("final")),
        )
        for part in raw
    )


def _expression(text: str | None) -> Expression | None:
    return expression(text) if text else None


def _check_names(schema: Schema) -> None:
    """No key twice in a level, and rules, unique keys and document types name fields that are there."""
    if len({part.key for part in schema.sections}) < len(schema.sections):
        raise SchemaInvalid(f"{schema.key}: a section stands twice")
    for section in schema.sections:
        _check_level(schema.key, section.fields)
        _check_rules(schema.key, section.rules, {each.key for each in section.fields})


def _check_level(form: str, level: tuple[Field, ...]) -> None:
    names = {each.key for each in level}
    if len(names) < len(level) or names & RESERVED:
        raise SchemaInvalid(f"{form}: a field stands twice, or has a name that expressions use")
    for each in level:
        inner = {part.key for part in each.fields}
        if not set(each.unique) <= inner or (each.document_type and each.document_type not in names):
            raise SchemaInvalid(f"{form}: {each.key} names a field that is not there")
        if each.type in {"choice", "choices"} and not each.options and not each.dictionary:
            raise SchemaInvalid(f"{form}: {each.key} has nothing to choose from")
        if not set(each.sums) <= {part.key for part in each.fields if part.type in NUMERIC | {"integer"}}:
            raise SchemaInvalid(f"{form}: {each.key} adds up what is no number")
        if each.sheet:
            _check_table(form, each)
        if each.generator:
            _check_generator(form, each, each.generator)
        _check_rules(form, each.rules, inner)
        _check_level(form, each.fields)


def _check_table(form: str, table: Field) -> None:
    """Thousands of rows bear no conditions of their own, and a sheet's cells are plain values."""
    if table.max is None or not 0 < int(table.max) <= MOST_TABLE_ROWS:
        raise SchemaInvalid(f"{form}: {table.key} takes a spreadsheet, so its max is 1 to {MOST_TABLE_ROWS}")
    for column in table.fields:
        if column.type not in TABLE_TYPES or column.visible or isinstance(column.required, Expression):
            raise SchemaInvalid(f"{form}: {table.key}.{column.key} cannot be a column of a spreadsheet")


def _check_generator(form: str, table: Field, generator: Generator) -> None:
    """Floors and rooms are counted by whole numbers that must be given; what is filled in are columns of the table."""
    numbers = {each.key for each in generator.fields if each.type == "integer" and each.required is True}
    if not {*generator.floors, generator.places} <= numbers:
        raise SchemaInvalid(f"{form}: {table.key} is generated by numbers that are not asked for")
    columns, names = {each.key for each in table.fields}, {each.key for each in generator.fields}
    alike, composed = set(generator.alike), {column for column, _ in generator.row}
    if not alike | composed <= columns or alike & composed:
        raise SchemaInvalid(f"{form}: {table.key} generates a column that is not there, or one twice")
    told = {name for _, pattern in generator.row for name in _NAMES.findall(pattern)}
    if not told <= names | {"floor", "place"}:
        raise SchemaInvalid(f"{form}: {table.key} generates from what is not asked")
    _check_level(form, generator.fields)


def _check_rules(form: str, rules: tuple[Rule, ...], names: set[str]) -> None:
    for rule in rules:
        if not rule.fields or not set(rule.fields) <= names:
            raise SchemaInvalid(f"{form}: a rule names a field that is not there")
