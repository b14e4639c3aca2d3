"""A control group of its own for what is measured, as a container or a service of the system has one.

Outside of any group Linux shares the processors out by session, and PostgreSQL makes each of its connections a session: every one
then counts for as much as all the processes that answer together, and of two of these one gets three times what the other
gets. Nobody's production stands like that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
MINE = Path("/proc/self/cgroup")


def top(mine: Path = MINE, groups: Path = GROUPS) -> Path | None:
    """The folder of the topmost group, where this process stands in it and groups below it share out processors."""
    with suppress(OSError):
        for line in mine.read_text().splitlines():
            _, kinds, place = line.split(":", 2)
            if place != "/":
                continue
            if "cpu" in kinds.split(","):
                return groups / kinds
            if not kinds and "cpu" in (groups / "cgroup.subtree_control").read_text().split():
                return groups
    return None


@contextmanager
def own_group(mine: Path = MINE, groups: Path = GROUPS) -> Iterator[bool]:
    """This process, and what it starts meanwhile, in a group; says whether it stands in one, of ours or of others."""
    outside = top(mine, groups)
    if outside is None:
        yield mine.exists()
        return
    group = outside / f"anju-{os.getpid()}"
    try:
        group.mkdir()
        (group / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:  # not allowed
        yield False
        return
    try:
        yield True
    finally:
        with suppress(OSError):
            (outside / "cgroup.procs").write_text(str(os.getpid()))
            group.rmdir()
