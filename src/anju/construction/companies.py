"""建设单位 that file for themselves: a matter begins with the company whose account fills it in, and is filed for no other.

That the developer tells its own data is the source's word (SH-171.1, SH-176.1, SH-179.1: 由建设单位填写); that an account of
another company cannot file in its name is our choice, for the name stands on permits, agreements and sheets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anju.construction.models import Developer, MatterState
from anju.identity.services import office
from anju.kernel.forms import load
from anju.kernel.scope import Actor

KIND = "developer"


def company_of(actor: Actor) -> str:
    """The building company for which somebody's account stands; empty for an office's and for nobody's."""
    if not actor.org_id:
        return ""
    found = office(actor.org_id)
    return found.name if found.kind == KIND else ""


def credit_code_of(company: str) -> str:
    """The credit code under which the city confirmed a company last; empty for one that it does not know."""
    rows = Developer.objects.filter(developer=company, state=MatterState.CONFIRMED).order_by("-id")
    return rows.values_list("credit_code", flat=True).first() or ""


def begun(form: str, path: str) -> Callable[[Actor], dict[str, Any]]:
    """What a new matter begins with: the company at `section.field`, and beside it what is known of it and who files."""
    section, _, name = path.partition(".")
    asked = {each.key for each in load(form).section(section).fields}

    def begins(actor: Actor) -> dict[str, Any]:
        company = company_of(actor)
        if not company:
            return {}
        known = {name: company, "credit_code": credit_code_of(company)}
        if not actor.stands_for:
            known["contact"] = actor.name
        return {section: {key: value for key, value in known.items() if value and key in asked}}

    return begins


def only_own(path: str) -> Callable[[Actor], dict[str, Any]]:
    """The answer that names the company can be no other than its own."""
    section, _, name = path.partition(".")

    def own(actor: Actor) -> dict[str, Any]:
        company = company_of(actor)
        return {section: {name: company}} if company else {}

    return own
