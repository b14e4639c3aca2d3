"""Bodies and answers that several operations of identity share."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

ReachName = Literal["all", "division", "org_and_below", "org", "own", "chosen"]
Id = Field(ge=1, lt=2**63)


class Permissions(Schema):
    """What a role or a post gives, as it was read in `version`."""

    version: int
    rights: list[str] = Field(max_length=2000)
    reach: ReachName
    reaches: dict[str, ReachName] = {}
    divisions: list[str] = Field([], max_length=200)
    organisations: list[int] = Field([], max_length=500)
    fields: dict[str, dict[str, Literal["hidden", "masked", "shown", "editable"]]] = {}


class PostPermissions(Permissions):
    """The same of a post, which also has roles."""

    roles: list[int] = Field([], max_length=100)


class ManyRoles(Schema):
    """Rights to give to several roles, and to take from them."""

    roles: list[int] = Field(min_length=1, max_length=200)
    add: list[str] = Field([], max_length=500)
    remove: list[str] = Field([], max_length=500)


class Assignment(Schema):
    """Which accounts get or lose which roles, and until when."""

    accounts: list[int] = Field(min_length=1, max_length=500)
    roles: list[int] = Field(min_length=1, max_length=50)
    until: date | None = None


class NewGrant(Schema):
    """What an organisation below one's own is granted."""

    organisation: int = Id
    title: str = Field(min_length=2, max_length=100)
    rights: list[str] = Field(max_length=2000)
    reach: Literal["all", "division", "org_and_below", "org", "own"]
    starts_on: date | None = None
    ends_on: date | None = None


class ChangedGrant(Schema):
    """A grant said anew, as it was read in `version`."""

    version: int
    title: str = Field(min_length=2, max_length=100)
    rights: list[str] = Field(max_length=2000)
    reach: Literal["all", "division", "org_and_below", "org", "own"]
    ends_on: date | None = None


class Reason(Schema):
    """Why."""

    reason: str = Field(min_length=4, max_length=200)


class Substitute(Schema):
    """Who stands in for me, from when to when, and why."""

    substitute: int = Id
    starts_on: date
    ends_on: date
    reason: str = Field(min_length=2, max_length=200)


class Elsewhere(Schema):
    """Under which organisation, or into which one, and why."""

    target: int = Id
    reason: str = Field(min_length=4, max_length=200)


class Line(Schema):
    """A line of the menu; `roles` and `posts` limit it to their holders."""

    title: str = Field(min_length=1, max_length=40)
    icon: str = Field("table-2", max_length=40)
    path: str = Field("", max_length=200, pattern=r"^(|/\S*|https?://\S+)$")
    right: str = Field("", max_length=100)
    parent: int | None = Field(None, ge=1, lt=2**63)
    hidden: bool = False
    roles: list[int] = Field([], max_length=100)
    posts: list[int] = Field([], max_length=200)


class ChangedLine(Line):
    """A line said anew, as it was read in `version`."""

    version: int


class Order(Schema):
    """The lines of one level, in their new order."""

    items: list[int] = Field(min_length=1, max_length=500)


class Range(Schema):
    """For whom an application is, and with which rights it works."""

    version: int
    roles: list[int] = Field([], max_length=200)
    organisations: list[int] = Field([], max_length=500)
    rights: list[str] = Field([], max_length=500)


class OfMenu(Schema):
    """A line of the menu to register as an application."""

    menu: int = Id
