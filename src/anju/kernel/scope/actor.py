"""Who acts: a member of staff, a resident, the system itself, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from anju.kernel.errors import DomainError, Forbidden, NotSignedIn
from anju.kernel.scope.areas import EVERYTHING, Area, Areas, division_prefix


class Reach(StrEnum):
    """How far a right reaches; the widest of an actor's grants for a right counts.

    `CHOSEN` is no step of the scale: the offices and divisions are named one by one, in `Actor.areas`.
    """

    ALL = "all"
    DIVISION = "division"
    ORG_AND_BELOW = "org_and_below"
    ORG = "org"
    OWN = "own"
    CHOSEN = "chosen"


_WIDTH = {Reach.ALL: 5, Reach.DIVISION: 4, Reach.ORG_AND_BELOW: 3, Reach.ORG: 2, Reach.OWN: 1}


@dataclass(frozen=True)
class Actor:
    """Who acts. `ref` (such as `staff:12`) is what records keep; `grants` maps each right to its reach.

    `areas` says what a chosen reach comes to. `fields` holds, register by register, the fields that the actor may not
    see or change as declared. One who stands in for somebody absent has both names in `name`, and `stands_for` is the
    absent person's ref. `demand` is what he must do first (such as changing his password): other operations refuse with it.
    """

    kind: str
    id: int = 0
    name: str = ""
    account: str = ""
    org_id: int = 0
    org_name: str = ""
    org_path: str = ""
    division: str = ""
    grants: Mapping[str, Reach] = field(default_factory=dict)
    session_id: int = 0
    address: str = ""
    areas: Mapping[str, Areas] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stands_for: str = ""
    demand: DomainError | None = None

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def is_resident(self) -> bool:
        return self.kind == "resident"

    def may(self, right: str) -> bool:
        """Whether the actor holds the right at any reach. The system may do everything."""
        return self.kind == "system" or right in self.grants

    def require(self, right: str) -> None:
        """Raises `NotSignedIn` or `Forbidden` (naming the right) when the actor does not hold it."""
        if self.may(right):
            return
        if self.kind == "anonymous":
            raise NotSignedIn
        raise Forbidden(details={"right": right})

    def reach(self, right: str) -> Reach | None:
        """The reach of a right, or None when it is not held."""
        return Reach.ALL if self.kind == "system" else self.grants.get(right)

    def areas_of(self, right: str) -> Areas:
        """The areas that a right opens; none when it is not held."""
        reach = self.reach(right)
        if reach is None:
            return ()
        if reach is Reach.CHOSEN:
            return self.areas.get(right, ())
        return areas_at(reach, self.org_path, self.division, self.ref)


def areas_at(reach: Reach, path: str, division: str, owner: str) -> Areas:
    """What a reach of the scale comes to for somebody of an office; nothing for one who has no office."""
    match reach:
        case Reach.ALL:
            return EVERYTHING
        case Reach.DIVISION:
            return (Area(division=division_prefix(division)),) if division else ()
        case Reach.ORG_AND_BELOW:
            return (Area(path=path),) if path else ()
        case Reach.ORG:
            return (Area(path=path, exact=True),) if path else ()
        case Reach.OWN:
            return (Area(owner=owner),)
    raise ValueError(f"{reach} names its areas itself")


def widest(first: Reach | None, second: Reach) -> Reach:
    """The wider of two reaches of the scale."""
    return second if first is None or _WIDTH[second] > _WIDTH[first] else first


def narrowest(first: Reach, second: Reach) -> Reach:
    """The narrower of two reaches of the scale."""
    return second if _WIDTH[second] < _WIDTH[first] else first


ANONYMOUS = Actor(kind="anonymous", name="未登录")


def system(name: str = "系统") -> Actor:
    """The platform itself: timers, jobs, imports of the demonstration city."""
    return Actor(kind="system", name=name)
