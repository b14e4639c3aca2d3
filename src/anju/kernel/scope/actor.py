"""Who acts: a member of staff, a resident, the system itself, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from anju.kernel.errors import Forbidden, NotSignedIn


class Reach(StrEnum):
    """How far a right reaches; the widest of an actor's grants for a right counts."""

    ALL = "all"
    DIVISION = "division"
    ORG_AND_BELOW = "org_and_below"
    ORG = "org"
    OWN = "own"


_WIDTH = {Reach.ALL: 5, Reach.DIVISION: 4, Reach.ORG_AND_BELOW: 3, Reach.ORG: 2, Reach.OWN: 1}


@dataclass(frozen=True)
class Actor:
    """Who acts. `ref` (such as `staff:12`) is what records keep; `grants` maps each right to its reach."""

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


def widest(first: Reach | None, second: Reach) -> Reach:
    """The wider of two reaches."""
    return second if first is None or _WIDTH[second] > _WIDTH[first] else first


ANONYMOUS = Actor(kind="anonymous", name="未登录")


def system(name: str = "系统") -> Actor:
    """The platform itself: timers, jobs, imports of the demonstration city."""
    return Actor(kind="system", name=name)
