"""Numbers: no gap, no double, whatever fails and whoever races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from anju.kernel.numbering import format_number, next_number
from anju.kernel.numbering.models import Counter

THREADS, EACH = 8, 12


class Failed(Exception):
    """What the number was for could not be saved."""


def race(fail_every: int = 0) -> list[int]:
    """Eight threads take numbers at once; each n-th attempt fails after its number was taken."""

    def take(thread: int) -> list[int]:
        taken = []
        try:
            for attempt in range(EACH):
                try:
                    with transaction.atomic():
                        number = next_number("certificate", area="339901", year=2026)
                        if fail_every and (thread + attempt) % fail_every == 0:
                            raise Failed
                    taken.append(number)
                except Failed:
                    continue
        finally:
            connection.close()
        return taken

    with ThreadPoolExecutor(THREADS) as pool:
        return [number for taken in pool.map(take, range(THREADS)) for number in taken]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fail_every", [0, 3])
def test_threads_leave_no_gap_and_no_double(fail_every: int) -> None:
    taken = race(fail_every)
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert Counter.objects.get().last == len(taken)
    assert len(taken) == (THREADS * EACH if not fail_every else 64)


@pytest.mark.django_db(transaction=True)
def test_a_number_read_without_the_lock_is_given_twice() -> None:
    """Shows that the race above is a real one: read, then write, gives doubles."""

    def take(_: int) -> list[int]:
        taken = []
        try:
            for _ in range(EACH):
                with transaction.atomic():
                    number = Counter.objects.get(kind="naive").last + 1
                    Counter.objects.filter(kind="naive").update(last=number)
                    taken.append(number)
        finally:
            connection.close()
        return taken

    Counter.objects.create(kind="naive", year=2026)
    with ThreadPoolExecutor(THREADS) as pool:
        taken = [number for numbers in pool.map(take, range(THREADS)) for number in numbers]
    assert len(set(taken)) < len(taken)


@pytest.mark.django_db
def test_each_kind_area_and_year_counts_for_itself() -> None:
    assert next_number("certificate", area="339901", year=2026) == 1
    assert next_number("certificate", area="339901", year=2026) == 2
    assert next_number("certificate", area="339902", year=2026) == 1
    assert next_number("certificate", area="339901", year=2027) == 1
    assert next_number("case", area="339901", year=2026) == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given() -> None:
    with pytest.raises(RuntimeError):
        next_number("certificate", area="339901", year=2026)
    assert not Counter.objects.exists()


@pytest.mark.parametrize(
    ("pattern", "serial", "written"),
    [
        ("GZ{division}{year}{serial:06d}", 123, "GZ3399012026000123"),
        ("澜房准字〔{year}〕{serial}号", 7, "澜房准字〔2026〕7号"),
        ("{serial:03d}", 12345, "12345"),
    ],
)
def test_numbers_are_written_as_offices_write_them(pattern: str, serial: int, written: str) -> None:
    assert format_number(pattern, division="339901", year=2026, serial=serial) == written


@pytest.mark.parametrize("pattern", ["{serial.__class__}", "{0}", "{}", "{kind}", "{serial", "{serial!r}"])
def test_a_pattern_with_anything_else_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError):
        format_number(pattern, year=2026, serial=1)
