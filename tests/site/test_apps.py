"""What every process loads at its start is made without the collector, and never looked through again."""

from __future__ import annotations

import gc

import pytest

from anju.site.apps import loading


def test_what_was_loaded_at_the_start_is_kept_out_of_every_collection() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000


@loading()
def failing() -> None:
    assert not gc.isenabled()
    raise RuntimeError


def test_the_collector_rests_while_declarations_load_and_comes_back_when_they_fail() -> None:
    with pytest.raises(RuntimeError):
        failing()
    assert gc.isenabled()
