"""Renewing keys while everybody goes on: sealed columns and files of older key versions are sealed anew in portions.

A portion is one transaction over rows that are locked without waiting; a row that somebody changes at the moment is
sealed with the new key by that very change, or met in the next round. Reading works throughout: the version stands in
each value's head. The same work takes everything over when the city changes to another cryptography service.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from anju.kernel import audit
from anju.kernel.crypto import EncryptedText, reseal, service, version_of
from anju.kernel.crypto.keyring import renew_keys
from anju.kernel.files.blobs import reseal_at, version_at
from anju.kernel.files.models import StoredFile
from anju.kernel.jobs import Context, work

PORTION = 500
_FILES = 50


@dataclass(frozen=True)
class Column:
    """A sealed column."""

    table: str
    key: str
    name: str
    title: str


def columns() -> Iterator[Column]:
    """Every sealed column of every table."""
    for model in apps.get_models():
        if not model.__module__.startswith("anju."):
            continue
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedText) and not model._meta.proxy and model._meta.managed:
                key = model._meta.pk
                assert isinstance(key, models.Field)
                title = f"{apps.get_app_config(model._meta.app_label).verbose_name}·{field.verbose_name}"
                yield Column(model._meta.db_table, str(key.column), str(field.column), title)


def versions() -> list[dict[str, Any]]:
    """How many values of each column are on which version."""
    found = []
    for column in columns():
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT get_byte("{column.name}", 0) * 256 + get_byte("{column.name}", 1), count(*)
                  FROM "{column.table}" WHERE length("{column.name}") > 1 GROUP BY 1 ORDER BY 1
                """
            )
            found.append(
                {
                    "table": column.table,
                    "column": column.name,
                    "title": column.title,
                    "versions": dict(cursor.fetchall()),
                }
            )
    return found


def renew() -> int:
    """Adds a version of the local keys; what is sealed from now on uses it. Gives the version that seals now.

    The keys of an HTTP service are renewed there.
    """
    if service().name == "local":
        renew_keys()
    return service().version()


@work("trust.rotate", title="更换密钥：重新加密存量数据")
def rotate(context: Context) -> None:
    """Seals anew what is not on the present version; begun again, it finds only what is left."""
    wanted = service().version()
    total = (
        sum(count for each in versions() for version, count in each["versions"].items() if version != wanted)
        + StoredFile.objects.values("address").distinct().count()
    )
    done = 0
    context.progress(0, total)
    for column in columns():
        while moved := _portion(column, wanted):
            done += moved
            context.raise_if_cancelled()
            context.progress(done)
    files = 0
    for address in StoredFile.objects.order_by("address").values_list("address", flat=True).distinct().iterator():
        if version_at(address) not in (0, wanted):
            reseal_at(address)
            files += 1
        done += 1
        if done % _FILES == 0:
            context.raise_if_cancelled()
            context.progress(done)
    audit.record(
        "act", actor=context.actor, subject="trust.keys", title=f"存量数据已换到第 {wanted & 0x7FFF} 版密钥",
        detail={"rows": total, "files": files, "service": service().name},
    )  # fmt: skip
    context.finish({"version": wanted & 0x7FFF, "rows": done, "files": files})


@transaction.atomic
def _portion(column: Column, wanted: int) -> int:
    """Seals one portion of a column anew; gives how many values."""
    with connection.cursor() as cursor:
        # frozen papers keep what they say: their triggers let pass what only changes its key
        cursor.execute("SET LOCAL anju.reseal = 'on'")
        cursor.execute(
            f"""
            SELECT "{column.key}", "{column.name}" FROM "{column.table}"
             WHERE length("{column.name}") > 1
               AND get_byte("{column.name}", 0) * 256 + get_byte("{column.name}", 1) <> %s
             LIMIT {PORTION} FOR UPDATE SKIP LOCKED
            """,
            [wanted],
        )
        rows = [(key, bytes(value)) for key, value in cursor.fetchall()]
        if not rows:
            return 0
        fresh = reseal([value for _, value in rows], purpose="text")
        assert all(version_of(value) == wanted for value in fresh), "the keys were renewed meanwhile"
        cursor.executemany(
            f'UPDATE "{column.table}" SET "{column.name}" = %s WHERE "{column.key}" = %s',
            [(value, key) for value, (key, _) in zip(fresh, rows, strict=True)],
        )
    return len(rows)
