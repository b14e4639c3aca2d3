"""Tables of the gateway: one file an aggregate."""

from anju.gateway.models.calls import AlarmRule, Call, Metric
from anju.gateway.models.catalogue import UNSORTED, Dimension, Level, Operation, Period, Service, ServiceClass
from anju.gateway.models.feed import FeedEntry, Subscription, SubscriptionState
from anju.gateway.models.parties import (
    AccessToken,
    Credential,
    CredentialKind,
    Grant,
    Limit,
    Nonce,
    Party,
    PartyKind,
    PartyRole,
    PartyState,
    RoleService,
    Usage,
)
from anju.gateway.models.specification import Specification

__all__ = [
    "UNSORTED", "AccessToken", "AlarmRule", "Call", "Credential", "CredentialKind", "Dimension", "FeedEntry", "Grant", "Level",
    "Limit", "Metric", "Nonce", "Operation", "Party", "PartyKind", "PartyRole", "PartyState", "Period", "RoleService",
    "Service", "ServiceClass", "Specification", "Subscription", "SubscriptionState", "Usage",
]  # fmt: skip
