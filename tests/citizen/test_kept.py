"""Favourites, history and comparison of projects and homes: the same on each of a resident's devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.citizen.accounts import actor_of
from anju.kernel.scope import Actor
from tests.citizen.people import resident


@pytest.mark.django_db
def test_what_a_device_kept_comes_along(client_as: Callable[[Actor], Any]) -> None:
    mine, other = (client_as(actor_of(resident(phone))) for phone in ("13911110011", "13911110012"))
    path = "/citizen/projects"
    assert mine.put(path, {"favourite": ["A", "B"], "seen": ["A"], "merge": True}).json() == {
        "favourite": ["A", "B"], "seen": ["A"], "compare": [],
    }  # fmt: skip
    again = mine.put(path, {"favourite": ["C", "A"], "compare": ["1", "2", "3", "4", "5"], "merge": True}).json()
    assert (again["favourite"], again["seen"], again["compare"]) == (["C", "A", "B"], ["A"], ["1", "2", "3", "4"])
    assert mine.put(path, {"favourite": ["C"], "merge": False}).json()["favourite"] == ["C"]
    assert other.put(path, {"merge": True}).json()["favourite"] == []
    assert mine.put(path, {"favourite": ["x" * 33]}).status_code == 422


@pytest.mark.django_db
def test_homes_lie_on_shelves_of_their_own(client_as: Callable[[Actor], Any]) -> None:
    mine = client_as(actor_of(resident("13911110013")))
    mine.put("/citizen/projects", {"favourite": ["A"], "merge": True})
    assert mine.put("/citizen/units", {"favourite": [7, 8], "seen": [9], "merge": True}).json() == {
        "favourite": [7, 8], "seen": [9], "compare": [],
    }  # fmt: skip
    again = mine.put("/citizen/units", {"favourite": [9, 7], "compare": [1, 2, 3, 4, 5], "merge": True}).json()
    assert (again["favourite"], again["compare"]) == ([9, 7, 8], [1, 2, 3, 4])
    assert mine.put("/citizen/projects", {"merge": True}).json()["favourite"] == ["A"]
    for wrong in (["A"], [0], [2**63]):
        assert mine.put("/citizen/units", {"favourite": wrong}).status_code == 422
