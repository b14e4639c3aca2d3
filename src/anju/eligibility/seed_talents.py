"""Talents of the demonstration: invented people who said that they are; the platform's stand-in is asked about them."""

from __future__ import annotations

from datetime import date

from anju.eligibility.models import Talent
from anju.eligibility.talents import ask
from anju.households.services import number_index
from anju.households.synthetic import synthetic_id
from anju.identity.models import Organisation

PEOPLE = (
    ("LZ-OP-01", "339901", "顾清源", date(1994, 5, 17), "339901", "one_one"),
    ("LZ-OP-01", "339901", "沈知微", date(1991, 2, 8), "339902", "two_one"),
    ("LZ-OP-02", "339902", "陆子衡", date(1996, 9, 30), "339902", "studio"),
)


def seed_talents() -> None:
    """To be called once, after the offices are there."""
    for office, division, name, born, wish, layout in PEOPLE:
        number = synthetic_id(division, born, 2)
        held = Talent.objects.create(
            holder_key=number_index("id_card", number), name=name, document_type="id_card", number=number,
            wish_division=wish, wish_layout=layout, org_path=Organisation.objects.get(code=office).path,
            division=division,
        )  # fmt: skip
        ask(held)
