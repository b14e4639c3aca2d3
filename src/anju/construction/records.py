"""From a case to its typed row: made when it is filed, mended with each correction, archived when it is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from anju.construction.models import ArchiveItem, Matter, MatterState
from anju.construction.projects import link_archive
from anju.kernel import clock
from anju.kernel.cases.filing import Data, Record
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.numbering import format_number, next_number
from anju.kernel.scope import Actor
from anju.workspace.services import send_message

Then = Callable[[Any, Case], None]


def answer(data: Data, path: str) -> Any:
    """The answer at `section.field`, None where there is none."""
    section, _, key = path.partition(".")
    return (data.get(section) or {}).get(key)


def put(row: Matter, columns: Mapping[str, str], data: Data) -> None:
    """Sets the columns that follow the form; an empty answer as the column keeps it."""
    for name, path in columns.items():
        field = row._meta.get_field(name)
        assert isinstance(field, models.Field)
        value = answer(data, path)
        if value is None and not field.null:
            value = field.get_default()
        setattr(row, name, field.to_python(value))


def follows(
    model: type[Matter],
    kind: str,
    columns: Mapping[str, str],
    confirmed: Then | None = None,
    changed: Then | None = None,
) -> Record:
    """The hooks that keep a row of `model` beside a case.

    `columns` maps a column to `section.field` of the form; `kind` is the class in the archive; `changed(row, case)`
    runs when the row was made or corrected, `confirmed(row, case)` when the case was confirmed.
    """

    def filed(case: Case, data: Data, actor: Actor) -> None:
        row = model(
            case_id=case.pk, number=case.number, filer=case.household, filed_on=clock.local_date(case.submitted_at),
            org_path=case.org_path, division=case.division, created_by=actor.ref,
        )  # fmt: skip
        put(row, columns, data)
        row.save()
        if changed:
            changed(row, case)

    def edited(case: Case, data: Data, actor: Actor) -> None:
        row = model._default_manager.get(case_id=case.pk)
        put(row, columns, data)
        row.version += 1
        row.save()
        if changed:
            changed(row, case)

    def closed(case: Case, outcome: str) -> None:
        row = model._default_manager.get(case_id=case.pk)
        passed = case.state == CaseState.PASSED
        row.state = MatterState.CONFIRMED if passed else MatterState.REFUSED
        row.decided_on = clock.today()
        if passed:
            row.archive_no = archive(row, case, kind).archive_no
        row.version += 1
        row.save()
        if passed and confirmed:
            confirmed(row, case)
        if passed:
            link_archive(division=row.division, project_name=row.project_name)
        tell(case, "已通过" if passed else "没有通过", case.fail_reason if not passed else "")

    return Record(filed=filed, edited=edited, closed=closed)


def archive(row: Matter, case: Case, kind: str) -> ArchiveItem:
    """Puts a confirmed matter into the archive of its project."""
    today = clock.today()
    serial = next_number("construction_archive", area=case.division, year=today.year)
    return ArchiveItem.objects.create(
        archive_no=format_number("DA{division}{year}{serial:05d}", division=case.division, year=today.year, serial=serial),
        kind=kind, case_id=case.pk, number=case.number, project_name=row.project_name, base_name=row.base_name,
        plot_no=row.plot_no, filer=row.filer, archived_on=today, materials=case.materials.count(),
        org_path=case.org_path, division=case.division,
    )  # fmt: skip


def tell(case: Case, what: str, reason: str = "") -> None:
    """Tells who filed a matter how it goes on."""
    text = f"{case.title}（{case.number}）{what}。" + (f"原因：{reason}" if reason else "")
    send_message(
        case.applicant_ref, f"填报事项{what}", text, kind="case", link=f"/cases/{case.pk}", subject=case.subject,
        key=f"case:{case.pk}:{case.version}:{what}", org_path=case.org_path, division=case.division,
    )  # fmt: skip
