"""The case types of construction, one module a kind."""

from anju.construction.cases import (
    agreement,
    bridging,
    developer,
    estate,
    implementation,
    permit,
    plan,
    progress,
    sale_recognition,
)

__all__ = [
    "agreement",
    "bridging",
    "developer",
    "estate",
    "implementation",
    "permit",
    "plan",
    "progress",
    "sale_recognition",
]
