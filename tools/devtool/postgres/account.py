"""The account the database server runs under: PostgreSQL refuses root, so root hands it to another user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.devtool.console import Failure


@dataclass(frozen=True)
class Account:
    """How to start a program as the server's user; without a name, as oneself."""

    name: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    """Arguments for Popen."""
    prefix: tuple[str, ...] = ()
    """A command before the command."""


def choose(cluster: Path) -> Account:
    """Who serves the cluster in this folder, which is given to that user.

    Oneself when not root. As root it is `postgres`, else `nobody`; where that user cannot get to the checkout (below
    /root, say) it runs with the capability to pass closed folders.
    Raises Failure when the system does not allow that.
    """
    if os.geteuid() != 0:
        return Account()
    entry = _owner(cluster / "data") or _unprivileged()
    try:
        os.chown(cluster, entry.pw_uid, entry.pw_gid)
    except OSError as error:
        raise Failure(f"{cluster} cannot be given to the user {entry.pw_name} ({error}): set DATABASE_URL.") from error
    for account in (_plain(entry), _passing(entry)):
        if account and _can(account, 'test -w "$1"', cluster):
            return account
    raise Failure(
        f"PostgreSQL does not run as root, and the user {entry.pw_name} cannot reach {cluster}. "
        "Move the checkout to a folder others may pass, run ./dev as another user, or set DATABASE_URL."
    )


def can_run(account: Account, programs: Path) -> bool:
    """Whether the account may run programs of the folder; PostgreSQL checks that without regard to capabilities."""
    if not account.name:
        return True
    return _can(_plain(pwd.getpwnam(account.name)), 'test -r "$1" && test -x "$1"', programs / "postgres")


def _owner(data: Path) -> pwd.struct_passwd | None:
    """The user who made an existing cluster; only that one may serve it."""
    try:
        return pwd.getpwuid(data.stat().st_uid)
    except (FileNotFoundError, KeyError):
        return None


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: set DATABASE_URL.")


def _plain(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})


def _passing(entry: pwd.struct_passwd) -> Account | None:
    """The same user with the capability to pass folders that are closed to it."""
    setpriv = shutil.which("setpriv")
    if not setpriv:
        return None
    user = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    return Account(entry.pw_name, {}, (setpriv, *user, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"))


def _can(account: Account, script: str, path: Path) -> bool:
    """Whether a line of shell about the path succeeds for the account."""
    command = [*account.prefix, "/bin/sh", "-c", script, "sh", str(path)]
    try:
        return subprocess.run(command, cwd="/", capture_output=True, **account.options).returncode == 0
    except OSError:
        return False
