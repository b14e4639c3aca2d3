"""Checking what a person filled in against a schema: everything wrong at once, in sentences that say what to do.

Incomplete and invalid are two things: a draft may lack answers, but what is in it must be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anju.kernel import clock
from anju.kernel.errors import FieldError
from anju.kernel.forms.cleaning import absent, clean
from anju.kernel.forms.personal import Wrong
from anju.kernel.forms.schema import NUMERIC, Field, Rule, Schema
from anju.kernel.rules import Expression

MOST_ROWS = 100
# more than this wrong in one group is not told at once: nobody reads it, and nobody waits for it
MOST_TOLD = 200


def validate(schema: Schema, data: Any, draft: bool = False) -> tuple[dict[str, Any], list[FieldError]]:
    """The cleaned data and everything that is wrong; clean data validate again to themselves.

    Answers to questions that are not shown are dropped; unknown ones are errors. With `draft`, nothing is missed.
    """
    check = _Check(draft)
    if not isinstance(data, Mapping):
        return {}, [FieldError("", "type", "内容应是一份填好的表单")]
    return check.form(schema, data), check.errors


def validate_rows(group: Field, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[FieldError]]:
    """The cleaned rows of a group by themselves and everything that is wrong, named `<row>.<field>` from row 0."""
    check = _Check(draft=False)
    cleaned = check.group(group, rows, "", {})
    return cleaned, [FieldError(each.path.removeprefix("."), each.code, each.message) for each in check.errors]


class _Check:
    """One validation: walks levels (form, page, row), collecting errors."""

    def __init__(self, draft: bool) -> None:
        self.draft = draft
        self.errors: list[FieldError] = []

    def form(self, schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        self.refuse_unknown({section.key for section in schema.sections}, data, "")
        whole: dict[str, Any] = {}
        for section in schema.sections:
            if section.visible and not section.visible.holds({"form": whole, "today": clock.today()}):
                whole[section.key] = _variables(section.fields, {})
                continue
            given = data.get(section.key)
            if given is not None and not isinstance(given, Mapping):
                self.errors.append(FieldError(section.key, "type", f"“{section.title}”一页的内容格式不对"))
                given = None
            page = self.level(section.fields, given or {}, section.key, whole)
            self.rules(section.rules, section.fields, page, section.key, whole)
            whole[section.key] = _variables(section.fields, page)
            if page or given is not None:
                cleaned[section.key] = page
        return cleaned

    def level(
        self, fields: Sequence[Field], data: Mapping[str, Any], path: str, whole: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The answers to questions of one level, in the order of the schema."""
        self.refuse_unknown({each.key for each in fields if each.type != "note"}, data, path)
        cleaned: dict[str, Any] = {}
        wrong: dict[str, list[FieldError]] = {}
        for each in fields:
            if each.type == "note":
                continue
            value, errors = self.value(each, data.get(each.key), data, _join(path, each.key), whole)
            if errors:
                wrong[each.key] = errors
            if value is not None:
                cleaned[each.key] = value
        for each in fields:
            expressions = each.visible or isinstance(each.required, Expression)
            known = self.known(fields, cleaned, whole) if expressions else {}
            if each.visible and not each.visible.holds(known):
                cleaned.pop(each.key, None)
                wrong.pop(each.key, None)
            elif each.key in wrong:
                self.errors.extend(wrong[each.key])
            elif not self.draft and _missing(each, cleaned.get(each.key)) and _asked(each.required, known):
                self.errors.append(FieldError(_join(path, each.key), "missing", _please(each)))
        return cleaned

    def value(
        self, field: Field, raw: Any, beside: Mapping[str, Any], path: str, whole: Mapping[str, Any]
    ) -> tuple[Any, list[FieldError]]:
        """A cleaned answer (None for none) and what is wrong with it."""
        if field.type == "group":
            inner = _Check(self.draft)
            rows = inner.group(field, raw, path, whole)
            return rows or None, _told(field, path, inner.errors)
        if absent(raw):
            return None, []
        try:
            return clean(field, raw, beside), []
        except Wrong as wrong:
            return None, [FieldError(path, wrong.code, wrong.message)]

    def group(self, field: Field, raw: Any, path: str, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of a repeated group."""
        if raw is None:
            raw = []
        if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
            self.errors.append(FieldError(path, "type", f"“{field.title}”应是逐条填写的内容"))
            return []
        most = int(field.max) if field.max is not None else MOST_ROWS
        if len(raw) > most:
            self.errors.append(
                FieldError(path, "group.too_many", f"“{field.title}”最多填 {most} 条，现在是 {len(raw)} 条")
            )
            return []
        rows = []
        for index, row in enumerate(raw):
            cleaned = self.level(field.fields, row, f"{path}.{index}", whole)
            self.rules(field.rules, field.fields, cleaned, f"{path}.{index}", whole)
            rows.append(cleaned)
        self.refuse_doubles(field, rows, path)
        if not self.draft and field.min is not None and 0 < len(rows) < int(field.min):
            self.errors.append(FieldError(path, "group.too_few", f"“{field.title}”至少填 {field.min} 条"))
        return rows

    def refuse_doubles(self, field: Field, rows: list[dict[str, Any]], path: str) -> None:
        """Two rows with the same unique answers are the same thing told twice."""
        if not field.unique:
            return
        first: dict[tuple[Any, ...], int] = {}
        for index, row in enumerate(rows):
            if any(key not in row for key in field.unique):
                continue
            told = tuple(row[key] for key in field.unique)
            if told in first:
                names = field.row_title.format(n=index + 1), field.row_title.format(n=first[told] + 1)
                said = (field.unique_message or "{0}与{1}重复，请删去一条").format(*names)
                self.errors.append(FieldError(f"{path}.{index}.{field.unique[-1]}", "group.double", said))
            first.setdefault(told, index)

    def rules(
        self,
        rules: Sequence[Rule],
        fields: Sequence[Field],
        cleaned: Mapping[str, Any],
        path: str,
        whole: Mapping[str, Any],
    ) -> None:
        """What must hold among several answers, as far as they are given."""
        for rule in rules:
            if rule.final and self.draft:
                continue
            if all(key in cleaned for key in rule.fields) and not rule.test.holds(self.known(fields, cleaned, whole)):
                self.errors.append(FieldError(_join(path, rule.fields[-1]), rule.code, rule.message))

    def known(self, fields: Sequence[Field], cleaned: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
        """The variables of expressions: every answer of the level (null for none), amounts as numbers."""
        return {**_variables(fields, cleaned), "form": whole, "today": clock.today()}

    def refuse_unknown(self, names: set[str], data: Mapping[str, Any], path: str) -> None:
        for key in data:
            if key not in names:
                shown = str(key)[:40].encode("utf-8", "replace").decode()
                self.errors.append(
                    FieldError(_join(path, shown), "field.unknown", "表单里没有这一项，请刷新页面后再填")
                )


def _told(group: Field, path: str, errors: list[FieldError]) -> list[FieldError]:
    """What is wrong in a group, cut where it would be endless."""
    if len(errors) <= MOST_TOLD:
        return errors
    said = f"“{group.title}”还有 {len(errors) - MOST_TOLD} 处不对，改好前面的再提交就会看到"
    return [*errors[:MOST_TOLD], FieldError(path, "group.more", said)]


def _variables(fields: Sequence[Field], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a level as expressions see them, null for none."""
    return {each.key: _variable(each, cleaned.get(each.key)) for each in fields if each.type != "note"}


def _variable(field: Field, value: Any) -> Any:
    """An answer as expressions see it."""
    if field.type == "group":
        rows = value or []
        return [_variables(field.fields, row) for row in rows]
    if value is None:
        return [] if field.type in {"choices", "file"} else None
    return float(value) if field.type in NUMERIC else value


def _asked(required: bool | Expression, known: Mapping[str, Any]) -> bool:
    return required if isinstance(required, bool) else required.holds(known)


def _missing(field: Field, value: Any) -> bool:
    return value is None or (field.agree and value is not True)


def _please(field: Field) -> str:
    """The sentence that asks for a missing answer."""
    if field.agree:
        return f"请先勾选“{field.title}”"
    verb = {
        "choice": "请选",
        "choices": "请选",
        "division": "请选",
        "date": "请选",
        "boolean": "请选",
        "file": "请上传",
        "group": "请填",
    }
    return f"{verb.get(field.type, '请填')}“{field.title}”"


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
