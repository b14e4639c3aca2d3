"""Operations of the city's rules for accounts."""

from __future__ import annotations

from datetime import time
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from anju.identity import policy
from anju.identity.handlers import roles
from anju.identity.passwords import rule_in_words
from anju.kernel.http import Request, Routes

routes = Routes("/identity/policy", title="账号安全策略")
Small = Field(ge=0, le=30_000)


class PolicyBody(Schema):
    """All rules, and the version that was read."""

    version: int = Field(ge=1, le=2**31 - 1)
    profile: Literal["classes", "long"]
    shortest: int = Small
    classes: int = Small
    max_age_days: int = Small
    remembered: int = Small
    idle_minutes: int = Small
    longest_hours: int = Small
    resident_idle_days: int = Small
    resident_longest_days: int = Small
    failures_allowed: int = Small
    lock_minutes: int = Small
    idle_months: int = Small
    barred_from: time | None = None
    barred_until: time | None = None
    notify_new_place: bool
    second_factor_roles: list[str] = Field(max_length=100)


def answer() -> dict[str, Any]:
    """The rules, how the page tells the password's, and the roles to choose from."""
    rule = policy.current()
    choices = [{"key": entry.code, "title": entry.title} for entry in roles()]
    return {"policy": policy.shown(rule), "words": rule_in_words(rule), "roles": choices}


@routes.read("", right="identity.policy.view", scope="none", summary="账号安全策略")
def show(request: Request) -> dict[str, Any]:
    return answer()


@routes.put("", right="identity.policy.change", scope="none", summary="修改账号安全策略")
def change(request: Request, body: PolicyBody) -> dict[str, Any]:
    values = body.model_dump(exclude={"version"})
    known = {entry.code for entry in roles()}
    values["second_factor_roles"] = [key for key in dict.fromkeys(values["second_factor_roles"]) if key in known]
    for name in ("barred_from", "barred_until"):
        if values[name] is not None:
            values[name] = values[name].replace(second=0, microsecond=0, tzinfo=None)
    policy.change(request.actor, body.version, values)
    return answer()
