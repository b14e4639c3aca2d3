"""Column names that a template does not know: asked for once, remembered for the office, used at the next upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers.importing.checking import suggested
from anju.kernel.registers.importing.declaration import Import
from anju.kernel.registers.models import HeaderName
from anju.kernel.registers.models import Import as ImportRecord
from anju.kernel.spreadsheets import Sheet, WrongColumns, bare

SAMPLES = 3


def known(record: ImportRecord) -> dict[str, str]:
    """What headers mean to the office, and what was said of this file; by bare header, the field's key or nothing."""
    names = HeaderName.objects.filter(register=record.register, kind=record.kind, org_path=record.org_path)
    return dict(names.values_list("header", "field")) | dict(record.columns)


def question(declared: Import, record: ImportRecord, table: Sheet, refusal: WrongColumns) -> dict[str, Any] | None:
    """What to ask about a file's columns, or None where an answer would not help.

    Gives the headers, for each what it is taken for, and a few cells to recognise it by; no cells where the import
    holds personal text.
    """
    headers = [header for header in table.headers if header]
    if not refusal.details["unknown"] or len({bare(header) for header in headers}) < len(headers):
        return None
    by_title = {bare(item.title): item.key for item in declared.fields}
    said = known(record)
    meant = {header: by_title.get(bare(header), said.get(bare(header))) for header in headers}
    near = suggested(declared, refusal.details["unknown"], filter(None, meant.values()))
    first = (
        [] if declared.masks else [raw for _, raw in zip(range(SAMPLES), (raw for _, raw in table.rows), strict=False)]
    )
    return {
        **refusal.details,
        "headers": [
            {
                "header": header,
                "field": meant[header] if meant[header] is not None else near.get(header, ""),
                "known": header not in refusal.details["unknown"],
                "samples": [str(raw[position])[:40] for raw in first if position < len(raw) and raw[position] != ""],
            }
            for position, header in enumerate(table.headers)
            if header
        ],
    }


def remember(declared: Import, record: ImportRecord, chosen: Mapping[str, str]) -> None:
    """Keeps what headers mean. Raises `Invalid` for unknown ones, for two that mean the same, for what is lacking."""
    titles = {item.key: item.title for item in declared.fields}
    by_title = {bare(item.title): item.key for item in declared.fields}
    there = {bare(header): header for header in record.headers if header}
    wanted = {bare(header): field for header, field in chosen.items()}
    errors = [
        FieldError(name, "import.no_header", f"文件里没有“{name[:40]}”这一列") for name in wanted if name not in there
    ]
    errors += [
        FieldError(name, "import.unknown_field", "没有这一列，请从列表中选择")
        for name, field in wanted.items()
        if field and field not in titles
    ]
    meant = {name: wanted.get(name, by_title.get(name, "")) for name in there}
    for key, title in titles.items():
        names = [name for name, field in meant.items() if field == key]
        if len(names) > 1:
            errors.append(FieldError(names[-1], "import.doubled", f"{'、'.join(names)}都对应到“{title}”，只能有一列"))
    required = {item.key for item in declared.fields if item.required} - set(meant.values())
    if required:
        lacking = "、".join(titles[key] for key in titles if key in required)
        errors.append(FieldError("columns", "import.missing", f"还没有哪一列对应到必填的{lacking}"))
    if errors:
        raise Invalid(errors)
    record.columns = wanted
    HeaderName.objects.bulk_create(
        [
            HeaderName(
                register=record.register, kind=record.kind, org_path=record.org_path, header=name[:100], field=field
            )
            for name, field in wanted.items()
            if by_title.get(name) != field
        ],
        update_conflicts=True,
        unique_fields=["org_path", "register", "kind", "header"],
        update_fields=["field"],
    )
