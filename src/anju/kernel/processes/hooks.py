"""Where other blocks take part in processes: work behind service tasks, and listeners by kind of subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

from anju.kernel.scope import Actor

if TYPE_CHECKING:
    from anju.kernel.processes.models import Instance, Token


class _Wait(Enum):
    WAIT = "wait"


WAIT: Final = _Wait.WAIT
"""What a service handler returns when the task is to stay open until `services.signal`."""

Handler = Callable[["Instance", "Token"], "dict[str, Any] | Literal[_Wait.WAIT]"]


@dataclass(frozen=True)
class Movement:
    """What one step did to subjects of one kind: tokens left, tokens entered, instances ended. All have their ids."""

    actor: Actor
    left: tuple[Token, ...]
    entered: tuple[Token, ...]
    ended: tuple[Instance, ...]


Listener = Callable[[Movement], None]
_services: dict[str, Handler] = {}
_listeners: dict[str, list[Listener]] = {}


def service(name: str) -> Callable[[Handler], Handler]:
    """Registers the work of service tasks with this handler name.

    The handler runs in the worker inside the transaction that completes the task, with the instance locked, so it must
    be short and its rows are written exactly once. It returns variables, or `WAIT`; long work it defers itself.
    A `DomainError` marks the task failed with its sentence; any other exception lets the job be tried again.
    """

    def register(handler: Handler) -> Handler:
        known = _services.setdefault(name, handler)
        if known is not handler and known.__module__ != handler.__module__:
            raise ValueError(f"service {name} is registered twice: {known.__module__} and {handler.__module__}")
        _services[name] = handler
        return handler

    return register


def handler_of(name: str) -> Handler:
    """The handler registered under a name; a missing one is a fault of the installation (KeyError)."""
    return _services[name]


def handler_names() -> frozenset[str]:
    """Names that a service task may use."""
    return frozenset(_services)


def listen(kind: str, listener: Listener) -> None:
    """Has `listener` called once a step with all that moved for subjects `kind:…`, within the same transaction."""
    heard = _listeners.setdefault(kind, [])
    if listener not in heard:
        heard.append(listener)


def unlisten(kind: str, listener: Listener) -> None:
    """Ends what `listen` began."""
    _listeners.get(kind, []).remove(listener)


def tell(actor: Actor, left: Iterable[Token], entered: Iterable[Token], ended: Iterable[Instance]) -> None:
    """Tells each kind's listeners what moved."""
    by_kind: dict[str, tuple[list[Token], list[Token], list[Instance]]] = defaultdict(lambda: ([], [], []))
    for token in left:
        by_kind[_kind(token)][0].append(token)
    for token in entered:
        by_kind[_kind(token)][1].append(token)
    for instance in ended:
        by_kind[_kind(instance)][2].append(instance)
    for kind, (kind_left, kind_entered, kind_ended) in by_kind.items():
        movement = Movement(actor, tuple(kind_left), tuple(kind_entered), tuple(kind_ended))
        for listener in _listeners.get(kind, ()):
            listener(movement)


def _kind(row: Token | Instance) -> str:
    return str(row.subject).partition(":")[0]
