"""The API's document: what one name stands for."""

from __future__ import annotations

from typing import Any

import pytest
from ninja.openapi.schema import OpenAPISchema

from anju.site.api import api


class Watched(OpenAPISchema):
    """The document as it is put together; names that are given to two different shapes are kept."""

    def __init__(self) -> None:
        self.taken_twice: set[str] = set()
        super().__init__(api, "")

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self.taken_twice |= {name for name, shape in definitions.items() if self.schemas.get(name, shape) != shape}
        super().add_schema_definitions(definitions)


@pytest.mark.django_db
def test_no_two_shapes_share_a_name() -> None:
    document = Watched()
    assert len(document["components"]["schemas"]) > 50
    assert document.taken_twice == set(), "ninja keeps the last one only; give one of them another name"
