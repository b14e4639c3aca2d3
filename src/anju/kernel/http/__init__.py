"""Doors: how a function becomes an operation of the HTTP API.

`Routes` is a ninja router on which every operation must declare the right it needs and the scope of rows it reaches;
the matrix test reads these declarations. Changing operations run in one transaction.
"""

from anju.kernel.http.constraints import explain
from anju.kernel.http.json import JsonParser, JsonRenderer
from anju.kernel.http.routes import (
    DECLARED,
    PUBLIC,
    RESIDENT,
    SIGNED_IN,
    STAFF,
    Declaration,
    Empty,
    Request,
    Routes,
)

__all__ = [
    "DECLARED",
    "PUBLIC",
    "RESIDENT",
    "SIGNED_IN",
    "STAFF",
    "Declaration",
    "Empty",
    "JsonParser",
    "JsonRenderer",
    "Request",
    "Routes",
    "explain",
]
