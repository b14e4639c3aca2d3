"""Routers whose operations declare who may call them and which rows they reach."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema

from anju.kernel.errors import Forbidden, NotSignedIn
from anju.kernel.lazy import plainly
from anju.kernel.scope import Actor

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"
STAFF = "staff"
RESIDENT = "resident"
_KINDS = {STAFF: "staff", RESIDENT: "resident"}
SAFE = {"GET", "HEAD", "OPTIONS"}


class Request(HttpRequest):
    """A request with the actor that the identity middleware found; for annotations."""

    actor: Actor


class Empty(Schema):
    """A body without content: the wish alone."""


@dataclass(frozen=True)
class Declaration:
    """What an operation declares: its right (or PUBLIC, SIGNED_IN, STAFF, RESIDENT), in words its scope, its name."""

    path: str
    method: str
    right: str
    scope: str
    view: str
    summary: str = ""


DECLARED: list[Declaration] = []


class Guard:
    """The check that runs before anything of the request is read."""

    def __init__(self, right: str, during: tuple[str, ...] = ()) -> None:
        self.right = right
        self.during = during

    def __call__(self, request: Request) -> bool:
        if self.right == PUBLIC:
            return True
        actor = request.actor = plainly(request.actor)
        if actor.kind == "anonymous":
            raise NotSignedIn
        if actor.demand is not None and actor.demand.code not in self.during:
            raise actor.demand
        if self.right == SIGNED_IN:
            return True
        if self.right in _KINDS:
            if actor.kind != _KINDS[self.right]:
                raise Forbidden(details={"right": self.right})
            return True
        actor.require(self.right)
        return True


class Routes(Router):
    """A router that refuses an operation without `right` and `scope`.

    `scope` says in words which rows are reached (`org_path` for rows filtered by the actor's reach, `self` for the
    actor's own, `none` where no row is reached). Changing operations are wrapped in one transaction unless
    `atomic=False`, which is for those that must record a failure.
    """

    def __init__(self, prefix: str, *, title: str) -> None:
        super().__init__(tags=[title])
        self.prefix = prefix

    def operation(
        self,
        method: str,
        path: str,
        *,
        right: str,
        scope: str,
        atomic: bool | None = None,
        during: tuple[str, ...] = (),
        **options: Any,
    ) -> Callable[[F], F]:
        """Declares an operation; `summary` is its Chinese name in the API document.

        `during` names the demands (`Actor.demand`) while which it stays open.
        """

        def register(view: F) -> F:
            summary = options.get("summary") or (view.__doc__ or "").strip().partition("\n")[0]
            where = f"{view.__module__}.{view.__qualname__}"
            DECLARED.append(Declaration(f"{self.prefix}{path}", method, right, scope, where, summary))
            handler: Callable[..., Any] = view
            if atomic if atomic is not None else method not in SAFE:

                @wraps(view)
                def in_transaction(*args: Any, **kwargs: Any) -> Any:
                    with transaction.atomic():
                        return view(*args, **kwargs)

                # ninja would look up the names in annotations here, not where the view stands
                in_transaction.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
                handler = in_transaction
            options.setdefault("response", None)
            if options["response"] is None:
                options.pop("response")
            self.add_api_operation(
                f"{self.prefix}{path}",
                [method],
                handler,
                auth=Guard(right, during),
                openapi_extra={"x-right": right, "x-scope": scope},
                **options,
            )
            return view

        return register

    def read(self, path: str, *, right: str, scope: str, **options: Any) -> Callable[[F], F]:
        """A GET operation."""
        return self.operation("GET", path, right=right, scope=scope, **options)

    def act(self, path: str, *, right: str, scope: str, **options: Any) -> Callable[[F], F]:
        """A POST operation: one act in one transaction."""
        return self.operation("POST", path, right=right, scope=scope, **options)

    def put(self, path: str, *, right: str, scope: str, **options: Any) -> Callable[[F], F]:  # type: ignore[override]
        """A PUT operation."""
        return self.operation("PUT", path, right=right, scope=scope, **options)

    def change(self, path: str, *, right: str, scope: str, **options: Any) -> Callable[[F], F]:
        """A PATCH operation."""
        return self.operation("PATCH", path, right=right, scope=scope, **options)

    def remove(self, path: str, *, right: str, scope: str, **options: Any) -> Callable[[F], F]:
        """A DELETE operation."""
        return self.operation("DELETE", path, right=right, scope=scope, **options)
