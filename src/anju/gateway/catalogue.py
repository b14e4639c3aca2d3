"""The catalogue follows the program: every declared operation is entered, new ones by the shipped classification.

What an administrator changed (an operation moved, a service renamed or put into another class) is never taken back.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from anju.gateway.models import UNSORTED, Dimension, Level, Operation, Service, ServiceClass
from anju.kernel.http import DECLARED
from anju.kernel.http.routes import SAFE, Declaration

SHIPPED = Path(__file__).parent / "definitions" / "services.toml"
UNSORTED_TITLE = "未分类"
# A question asked with a body changes nothing; showing what is masked, and handing data out, takes the highest level.
READ_ENDINGS = ("/lookup", "/check", "/preview", "/resume")
MANAGE_ENDINGS = ("/reveal", "/exports")
_PLACE = re.compile(r"\{(?:\w+:)?(\w+)\}")


@dataclass(frozen=True)
class Shipped:
    """A service as it ships."""

    key: str
    title: str
    note: str
    classes: tuple[str, str, str]
    paths: tuple[str, ...]
    open: bool


@cache
def shipped() -> tuple[tuple[Shipped, ...], dict[str, list[list[str]]]]:
    """The shipped services, and the classes by dimension."""
    told: dict[str, Any] = tomllib.loads(SHIPPED.read_text())
    services = tuple(
        Shipped(
            each["key"], each["title"], each.get("note", ""), tuple(each["class"]), tuple(each["paths"]),
            not each.get("closed", False),
        )
        for each in told["services"]
    )  # fmt: skip
    return services, told["classes"]


@cache
def _beginnings() -> list[tuple[str, str]]:
    found = [(path, service.key) for service in shipped()[0] for path in service.paths]
    return sorted(found, key=lambda each: -len(each[0]))


def service_of(path: str) -> str:
    """The key of the shipped service that holds an address; `unsorted` when none does."""
    for beginning, key in _beginnings():
        if path.startswith(beginning):
            return key
    return UNSORTED


def level_of(declaration: Declaration) -> Level:
    """The level at which an operation may be called: by its method, save for the few whose method misleads."""
    if declaration.method in SAFE or declaration.path.endswith(READ_ENDINGS):
        return Level.READ
    if declaration.method == "DELETE" or declaration.path.endswith(MANAGE_ENDINGS):
        return Level.MANAGE
    return Level.ACT


def plain(path: str) -> str:
    """An address as the API document writes it: `/rows/{row_id}` for `/rows/{int:row_id}`."""
    return _PLACE.sub(r"{\1}", path)


def tables_are_there() -> bool:
    """Whether the catalogue can be written: migrating to an earlier state runs the signal too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('gateway_operation') IS NOT NULL")
        return bool(cursor.fetchone()[0])


@transaction.atomic
def refresh() -> int:
    """Enters what is new, updates names and rights, marks what is gone; gives how many operations are new."""
    classes = _classes()
    services = _services(classes)
    known = {(each.method, each.path): each for each in Operation.objects.select_for_update()}
    fresh, changed = [], []
    for declaration in DECLARED:
        key = (declaration.method, plain(declaration.path))
        told = {
            "summary": declaration.summary[:120], "right": declaration.right, "reach": declaration.scope[:60],
            "level": level_of(declaration), "service_id": services[service_of(declaration.path)], "gone": False,
        }  # fmt: skip
        row = known.pop(key, None)
        if row is None:
            fresh.append(Operation(method=key[0], path=key[1], **told))
            continue
        if row.placed:
            del told["service_id"]
        if any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            changed.append(row)
    Operation.objects.bulk_create(fresh)
    Operation.objects.bulk_update(changed, ["summary", "right", "reach", "level", "service_id", "gone"])
    Operation.objects.filter(pk__in=[row.pk for row in known.values() if not row.gone]).update(gone=True)
    return len(fresh)


def _classes() -> dict[tuple[str, str], int]:
    wanted = {
        (dimension, key): (title, position)
        for dimension, entries in shipped()[1].items()
        for position, (key, title) in enumerate(entries, start=1)
    }
    wanted |= {(dimension.value, UNSORTED): (UNSORTED_TITLE, 999) for dimension in Dimension}
    found = dict(ServiceClass.objects.values_list("key", "pk"))
    made = ServiceClass.objects.bulk_create(
        ServiceClass(key=f"{dimension}.{key}", title=title, dimension=dimension, position=position)
        for (dimension, key), (title, position) in wanted.items()
        if f"{dimension}.{key}" not in found
    )
    found |= {each.key: each.pk for each in made}
    return {(dimension, key): found[f"{dimension}.{key}"] for dimension, key in wanted}


def _services(classes: dict[tuple[str, str], int]) -> dict[str, int]:
    unsorted = Shipped(UNSORTED, UNSORTED_TITLE, "尚未归入服务的接口操作，不能授权", (UNSORTED,) * 3, (), False)
    found = dict(Service.objects.values_list("key", "pk"))
    made = Service.objects.bulk_create(
        Service(
            key=each.key, title=each.title, note=each.note, open=each.open,
            nature_id=classes["nature", each.classes[0]], function_id=classes["function", each.classes[1]],
            flow_id=classes["flow", each.classes[2]],
        )
        for each in (*shipped()[0], unsorted)
        if each.key not in found
    )  # fmt: skip
    return found | {each.key: each.pk for each in made}
