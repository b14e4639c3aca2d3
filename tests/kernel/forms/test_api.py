"""Dictionaries and forms over the API: open to everybody where residents need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from anju.kernel import definitions
from anju.kernel.errors import NotFound
from anju.kernel.forms import Entry, dictionaries, dictionary, provide
from anju.kernel.forms.dictionaries import TONES, _provided

pytestmark = pytest.mark.django_db


def test_dictionaries_are_public(anonymous: Any) -> None:
    shown = anonymous.get("/dictionaries").json()
    assert shown["relation"][0] == {"code": "self", "title": "本人", "tone": "idle"}
    assert {entry["tone"] for entries in shown.values() for entry in entries} <= TONES


def test_citizen_forms_are_public_office_forms_are_not(
    anonymous: Any, staff: Callable[..., Any], client_as: Callable[..., Any]
) -> None:
    assert anonymous.get("/forms/public_rental_application").json()["title"] == "公共租赁住房资格申请"
    assert anonymous.get("/forms/admission").status_code == 404
    assert anonymous.get("/forms/nowhere").status_code == 404
    assert client_as(staff()).get("/forms/admission").json()["key"] == "admission"


def test_every_dictionary_can_be_read() -> None:
    assert all(found.entries for found in dictionaries() if found.key not in _provided)
    assert dictionary("marriage").title("married") == "已婚"
    assert dictionary("marriage").title("?", "没有") == "没有"
    assert "single" in dictionary("marriage")
    with pytest.raises(NotFound):
        dictionary("nowhere")


@pytest.fixture
def provided() -> Iterator[None]:
    provide("streets", lambda: [Entry("1", "文昌街道")])
    yield
    _provided.pop("streets")


def test_a_dictionary_may_come_from_a_table(provided: None) -> None:
    assert dictionary("streets").as_options() == [{"code": "1", "title": "文昌街道", "tone": "idle"}]
    assert "streets" in {found.key for found in dictionaries()}


def test_a_key_is_found_in_one_package_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for package in ("one", "two"):
        folder = tmp_path / package / "definitions" / "rules"
        folder.mkdir(parents=True)
        (folder / "same.dmn").touch()
    configs = [type("Config", (), {"name": f"anju.{p}", "path": str(tmp_path / p)}) for p in ("one", "two")]
    monkeypatch.setattr(definitions.apps, "get_app_configs", lambda: configs)
    definitions.files.cache_clear()
    try:
        with pytest.raises(definitions.AmbiguousDefinition):
            definitions.files("rules")
    finally:
        definitions.files.cache_clear()
