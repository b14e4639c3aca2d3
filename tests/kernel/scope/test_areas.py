"""Areas: what chosen offices and divisions come to, met and united."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.kernel.scope import Actor, Area, Reach, admits
from anju.kernel.scope.areas import covers, intersection, union

PATHS = ["/1/", "/1/2/", "/1/2/5/", "/1/3/"]
DIVISIONS = ["339901", "339902"]
ROWS = [
    SimpleNamespace(org_path=path, division=division, created_by=owner)
    for path in PATHS
    for division in DIVISIONS
    for owner in ("staff:1", "staff:2")
]
AREA = st.builds(
    Area,
    path=st.sampled_from(["", *PATHS]),
    exact=st.booleans(),
    division=st.sampled_from(["", "3399", *DIVISIONS]),
    owner=st.sampled_from(["", "staff:1", "staff:2"]),
).map(lambda area: area if area.path else Area(division=area.division, owner=area.owner))
AREAS = st.lists(AREA, min_size=1, max_size=3).map(tuple)


def rows_of(areas: tuple[Area, ...]) -> list[int]:
    actor = Actor(kind="staff", id=1, grants={"x": Reach.CHOSEN}, areas={"x": areas})
    return [number for number, row in enumerate(ROWS) if admits(actor, "x", row)]


@given(AREAS, AREAS)
def test_areas_meet_and_unite_as_their_rows_do(first: tuple[Area, ...], second: tuple[Area, ...]) -> None:
    both = set(rows_of(first)) & set(rows_of(second))
    assert set(rows_of(intersection(first, second))) == both
    assert set(rows_of(union(first, second))) == set(rows_of(first)) | set(rows_of(second))
    if covers(first, second):
        assert set(rows_of(second)) <= set(rows_of(first))


@pytest.mark.parametrize("reach", [Reach.DIVISION, Reach.ORG_AND_BELOW, Reach.ORG])
def test_who_has_no_office_reaches_no_office(reach: Reach) -> None:
    """An empty path begins every path: it must not open every row."""
    nobody = Actor(kind="staff", id=1, grants={"x": reach})
    assert nobody.areas_of("x") == ()
    assert not any(admits(nobody, "x", row) for row in ROWS)
