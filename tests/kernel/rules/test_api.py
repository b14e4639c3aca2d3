"""Rules over the API: staff see tables and file, others do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_staff_see_rules_as_tables(staff: Callable[..., Any], client_as: Callable[..., Any]) -> None:
    api = client_as(staff())
    keys = {row["key"] for row in api.get("/rules").json()}
    assert {"public_rental_limits", "housing_factor", "layout_by_persons"} <= keys
    shown = api.get("/rules/layout_by_persons").json()
    table = shown["tables"][0]
    assert [column["label"] for column in table["inputs"] + table["outputs"]] == ["配租人数", "居室数", "户型"]
    assert table["rows"][1] == {"cells": ["[2..3]", "2", '"两居室"'], "note": "2 至 3 人配两居室"}
    assert shown["xml"].startswith("<?xml")
    assert api.get("/rules/nowhere").status_code == 404


def test_others_do_not(anonymous: Any) -> None:
    assert anonymous.get("/rules").status_code == 401
    assert anonymous.get("/rules/layout_by_persons").status_code == 401
