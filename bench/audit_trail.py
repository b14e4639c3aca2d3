"""`python -m bench.audit_trail --entries 10000000`: how fast a long audit trail is sealed and verified.

Works in the database of DATABASE_URL, which must have the tables of `audit` and no entries. The entries are made by
COPY, look like a city's (reads, changes, acts of 5,000 people over half a year) and are all sealed before the clock of
the verification starts. Gives its figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

PORTION = 500_000
ACTS = ("read_personal", "change", "act", "sign_in", "export")
COLUMNS = "at, action, actor, actor_name, subject, title, detail, address, session, org_path, division"


def rows(start: int, count: int) -> Iterator[tuple[object, ...]]:
    """Entries as a city's desks write them."""
    begun = datetime(2026, 5, 1, tzinfo=UTC)
    for number in range(start, start + count):
        person, office = number % 5000, number % 430
        yield (
            begun + timedelta(seconds=number * 1.5), ACTS[number % 5], f"staff:{person}", f"经办{person}",
            f"cases.case:{number // 7}", f"查看案件 GZ339901{number // 7:08d}", f'{{"field": "id_number", "n": {number}}}',
            f"10.2.{number % 250}.{person % 250}", number // 40, f"/1/{office}/", "339901",
        )  # fmt: skip


def main() -> None:
    """Fills, seals, verifies, tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
    import django

    django.setup()
    from django.db import connection

    from anju.kernel.audit.sealing import seal
    from anju.kernel.audit.verifying import verify

    told: dict[str, float] = {"entries": options.entries}
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM audit_auditentry)")
        if cursor.fetchone()[0]:
            raise SystemExit("the trail of this database is not empty")
        begun = time.monotonic()
        for start in range(0, options.entries, PORTION):
            with cursor.copy(f"COPY audit_auditentry ({COLUMNS}) FROM STDIN") as copy:
                for row in rows(start, min(PORTION, options.entries - start)):
                    copy.write_row(row)
        told["fill_seconds"] = time.monotonic() - begun
        cursor.execute("VACUUM ANALYZE audit_auditentry")
    begun = time.monotonic()
    while seal(most=100):
        pass
    told["seal_seconds"] = time.monotonic() - begun
    begun = time.monotonic()
    report = verify()
    told["verify_seconds"] = time.monotonic() - begun
    if not report.whole or report.entries != options.entries:
        raise SystemExit(f"the trail does not verify: {report.findings[:3]}")
    told["sealed_a_second"] = options.entries / told["seal_seconds"]
    told["verified_a_second"] = options.entries / told["verify_seconds"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('audit_auditentry'), pg_total_relation_size('audit_auditseal')")
        told["table_mb"], told["seals_mb"] = (size / 1e6 for size in cursor.fetchone())
    print(json.dumps({key: round(value, 1) for key, value in told.items()}))


if __name__ == "__main__":
    main()
