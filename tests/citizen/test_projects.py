"""Favourites, history and comparison of projects: the same on each of a resident's devices."""

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
