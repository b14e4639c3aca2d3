"""The account the database server runs under: PostgreSQL refuses root, so root hands it to another user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.devtool.console import Failure
from tools.devtool.postgres.binaries import Binaries


@dataclass(frozen=True)
class Account:
    """How to start a program as the server's user."""

    name: str
    options: dict[str, Any]
    """Arguments for Popen."""
    prefix: tuple[str, ...] = ()
    """A command before the command."""

    def owns(self, folder: Path) -> None:
        """Gives the folder to the user; nothing to do where no user is changed."""
        if "user" in self.options:
            shutil.chown(folder, self.options["user"], self.options["group"])


def choose(cluster: Path, server: Binaries) -> Account:
    """Who runs the server with these binaries on this folder.

    Nobody else when not root. As root it is `postgres`, else `nobody`; where that user cannot get to the checkout
    (below /root, say) it runs with the capability to pass closed folders, and nothing has to leave the checkout.
    Raises Failure when the system allows neither.
    """
    if os.geteuid() != 0:
        return Account("", {})
    entry = _owner(cluster / "data") or _entry()
    plain = Account(entry.pw_name, {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})
    plain.owns(cluster)
    if _reaches(plain, cluster, server):
        return plain
    if setpriv := shutil.which("setpriv"):
        user = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
        capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        passing = Account(entry.pw_name, {}, (setpriv, *user, *capability))
        if _reaches(passing, cluster, server):
            return Account(entry.pw_name, {}, passing.prefix)
    raise Failure(
        f"PostgreSQL does not run as root, and the user {entry.pw_name} cannot reach {cluster}. "
        "Move the checkout to a folder others may pass, run ./dev as another user, or set DATABASE_URL."
    )


def _owner(data: Path) -> pwd.struct_passwd | None:
    """The user who made an existing cluster; only that one may serve it."""
    try:
        return pwd.getpwuid(data.stat().st_uid)
    except (FileNotFoundError, KeyError):
        return None


def _entry() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: set DATABASE_URL.")


def _reaches(account: Account, cluster: Path, server: Binaries) -> bool:
    """Whether the account can write the cluster and run the server."""
    script = 'test -w "$1" && test -r "$2/postgres" && "$2/postgres" --version'
    try:
        done = subprocess.run(
            [*account.prefix, "/bin/sh", "-c", script, "sh", str(cluster), str(server.folder)],
            cwd="/",
            env={**os.environ, **server.environment},
            capture_output=True,
            **account.options,
        )
    except OSError:
        return False
    return done.returncode == 0
