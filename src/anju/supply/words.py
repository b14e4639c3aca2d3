"""What people read for what a unit keeps as a mark: for whom it is held, that it has a contract, whom it was lent to."""

from __future__ import annotations

from typing import Any

from anju.identity.services import office_by_path

HOLDERS = {"certificate": "轮候家庭（已选定，待签约）", "choice": "选房家庭（待签约）"}


def held(value: Any) -> str:
    """For whom a unit is held, by the kind of holder before the colon; the number after it tells people nothing."""
    kind = str(value or "").partition(":")[0]
    return HOLDERS.get(kind, "其他用途") if kind else ""


def contract(value: Any) -> str:
    """That there is a contract; which, the list of who lived there says and links."""
    return "已签合同" if value else ""


def office(value: Any) -> str:
    """The office that a path names."""
    found = office_by_path(str(value)) if value else None
    return found.name if found else "其他机构" if value else ""


WORDS = {"held_for": held, "contract_id": contract, "lent_path": office}
