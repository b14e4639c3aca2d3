"""Two districts with an operator and homes each, and parties that speak for them."""

from __future__ import annotations

import pytest

from anju.identity.models import Organisation
from anju.identity.services import make_organisation


@pytest.fixture
def offices(city: Organisation) -> tuple[Organisation, Organisation]:
    """An operator in 江湾 and one in 南屏."""
    made = []
    for code, name, division in (("OP-1", "江湾运营", "339901"), ("OP-2", "南屏运营", "339902")):
        made.append(make_organisation(name=name, kind="operator", code=code, division=division, parent=city))
    return made[0], made[1]
