"""接口: the outside departments, one class an interface: typed query and answer, encrypted and signed on the wire,
retried, held back by a breaker that all processes share, and logged.

Nothing here knows whether the real department or the sandbox answers; only the configured address differs.
"""

from anju.kernel.connectors.base import CONNECTORS, Connector
from anju.kernel.connectors.book import Breaker
from anju.kernel.connectors.errors import (
    ConnectorDenied,
    ConnectorError,
    ConnectorGarbage,
    ConnectorOpen,
    ConnectorRefused,
    ConnectorTimeout,
)
from anju.kernel.connectors.receipts import Receipt

__all__ = [
    "CONNECTORS",
    "Breaker",
    "Connector",
    "ConnectorDenied",
    "ConnectorError",
    "ConnectorGarbage",
    "ConnectorOpen",
    "ConnectorRefused",
    "ConnectorTimeout",
    "Receipt",
]
