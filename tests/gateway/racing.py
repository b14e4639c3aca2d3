"""Run by several processes at once: takes places of one limit, carefully or as it is often done, and prints how many."""

from __future__ import annotations

import sys
import time

CALLS, ROOM, PARTY = 40, 50, 7


def careless() -> None:
    """Read, compare, write."""
    from django.db import connection

    from anju.gateway.limits import OverLimit

    with connection.cursor() as cursor:
        cursor.execute("SELECT used FROM gateway_usage WHERE party_id = %s", [PARTY])
        if cursor.fetchone()[0] >= ROOM:
            raise OverLimit
        time.sleep(0.001)
        cursor.execute("UPDATE gateway_usage SET used = used + 1 WHERE party_id = %s", [PARTY])


def main(careful: bool) -> int:
    """How many of the calls were let in."""
    from anju.gateway.limits import OverLimit, take

    done = 0
    for _ in range(CALLS):
        try:
            if careful:
                take(PARTY, 1, (ROOM, 3600), (ROOM, "month"))
            else:
                careless()
            done += 1
        except OverLimit:
            continue
    return done


if __name__ == "__main__":
    # the statement needs settings and a connection, no models
    from django.db import connection

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    print(main(sys.argv[1] == "careful"), flush=True)
