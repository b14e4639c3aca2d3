"""How often a party may call a service: counted in PostgreSQL, one statement a call (SH-232).

The row of a party and a service holds its present window and its present quota period; the statement locks it, so all
processes count alike and no two calls take the last place. Moments are the database's own. The count is committed
without waiting for the disk: after a crash of the database at most its last second of counting is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from anju.kernel.errors import TooMany

_NOW = """
    SELECT (floor(extract(epoch FROM moment) / %(seconds)s) * %(seconds)s)::bigint AS win,
           to_char(moment AT TIME ZONE 'Asia/Shanghai', %(shape)s) AS per,
           extract(epoch FROM moment) AS epoch, moment
      FROM (SELECT clock_timestamp() AS moment) AS read
"""
# The function of migration 0004: counts where there is room and gives what was used; no row where there is none.
_TAKE = "SELECT * FROM gateway_take(%(party)s, %(service)s, %(rate)s::int, %(seconds)s::int, %(quota)s::int, %(shape)s)"
_LEFT = f"""
    SELECT coalesce(kept."window" >= win AND kept.used >= %(rate)s, false),
           (coalesce(kept."window", win) + %(seconds)s - epoch)::float,
           extract(epoch FROM (date_trunc(%(unit)s, moment AT TIME ZONE 'Asia/Shanghai') + ('1 ' || %(unit)s)::interval)
               AT TIME ZONE 'Asia/Shanghai' - moment)::float
      FROM ({_NOW}) AS present
      LEFT JOIN gateway_usage AS kept ON kept.party_id = %(party)s AND kept.service_id = %(service)s
"""
_SHAPES = {"day": "YYYY-MM-DD", "month": "YYYY-MM"}
_NO_QUOTA = 2**31 - 1


class OverLimit(TooMany):
    """More calls than were agreed; `retry_after` says after how many seconds there is room again."""

    code, message = "party.too_many", "调用次数超出限定"
    advice = "请在 Retry-After 所示秒数之后再调用"


@dataclass(frozen=True)
class Room:
    """What is left: of the window with the seconds until it ends, and of the quota when there is one."""

    limit: int
    remaining: int
    reset: int
    quota_remaining: int | None


def take(party_id: int, service_id: int, rate: tuple[int, int], quota: tuple[int | None, str]) -> Room:
    """Counts a call; raises `OverLimit`, and then the call is not counted."""
    calls, seconds = rate
    parameters: dict[str, int | str] = {
        "party": party_id, "service": service_id, "rate": calls, "seconds": seconds, "unit": quota[1],
        "quota": _NO_QUOTA if quota[0] is None else quota[0], "shape": _SHAPES[quota[1]],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        row = cursor.fetchone()
        if row is not None:
            used, spent, ends = row
            left = None if quota[0] is None else quota[0] - spent
            return Room(calls, max(calls - used, 0), whole(ends), left)
        cursor.execute(_LEFT, parameters)
        by_rate, window_ends, period_ends = cursor.fetchone()
    raise OverLimit(details={"retry_after": whole(window_ends if by_rate else period_ends), "limit": calls})


def whole(seconds: float) -> int:
    """Seconds rounded up, one at least."""
    return max(1, int(-(-seconds // 1)))
