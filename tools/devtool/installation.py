"""Where an installation lives: its folder, its ports, its addresses, and the environment of its processes."""

from __future__ import annotations

import os
import random
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from tools.devtool.console import Failure

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / "var" / "tools"
"""Things this tool fetched for itself; they outlive `./dev reset`."""

DEFAULT_PORT = 8600
DATABASE_USER = "anju"


@dataclass(frozen=True)
class Installation:
    """One running Anju: the web on `port`, then the sandbox, PostgreSQL, and the sandbox's mail system."""

    var: Path
    port: int
    given_database_url: str | None = None
    fleeting: bool = False
    """Whether it is made anew anyhow when the machine fails: its own database does not wait for the disk then."""

    @property
    def sandbox_port(self) -> int:
        return self.port + 1

    @property
    def database_port(self) -> int:
        return self.port + 2

    @property
    def mail_port(self) -> int:
        return self.port + 3

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def heartbeat(self) -> Path:
        """The worker touches this file every few seconds."""
        return self.run / "worker.alive"

    @property
    def database_url(self) -> str:
        """The address given by DATABASE_URL, or that of the installation's own server."""
        if self.given_database_url:
            return self.given_database_url
        return f"postgresql://{DATABASE_USER}:{self.database_password()}@127.0.0.1:{self.database_port}/anju"

    def database_password(self) -> str:
        """The password of the own server; made at random on first use, readable by its owner only."""
        path = self.var / "secrets" / "database_password"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()

    def environment(self) -> dict[str, str]:
        """What every process of the installation finds in its environment."""
        return {
            **os.environ,
            "ANJU_ENV": os.environ.get("ANJU_ENV", "demo"),
            "ANJU_VAR": str(self.var),
            "ANJU_PORT": str(self.port),
            "ANJU_URL": self.url,
            "ANJU_SANDBOX_URL": self.sandbox_url,
            "ANJU_HEARTBEAT": str(self.heartbeat),
            "DATABASE_URL": self.database_url,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "PYTHONUNBUFFERED": "1",
        }

    def make_folders(self) -> None:
        """Makes the folders that processes write to."""
        for folder in (self.run, self.log):
            folder.mkdir(parents=True, exist_ok=True)

    def ports(self) -> dict[str, int]:
        """The ports that must be free before a start, by what listens there."""
        own = {} if self.given_database_url else {"database": self.database_port}
        return {"web": self.port, "sandbox": self.sandbox_port, "mail": self.mail_port, **own}


def port_from_environment() -> int | None:
    """ANJU_PORT as a number, None when it is not set.

    Raises Failure for what is no usable port.
    """
    text = os.environ.get("ANJU_PORT")
    if not text:
        return None
    if not text.isdigit() or not 1024 <= int(text) <= 65533:
        raise Failure(f"ANJU_PORT={text}: a number from 1024 to 65533 is wanted; the next two ports are used as well.")
    return int(text)


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def check_ports(installation: Installation) -> None:
    """Raises Failure naming the ports that another program holds."""
    taken = [f"{port} ({name})" for name, port in installation.ports().items() if not is_free(port)]
    if taken:
        raise Failure(
            f"Taken by another program: port {', '.join(taken)}. "
            f"Choose others with ANJU_PORT, for instance: ANJU_PORT={installation.port + 100} ./dev up"
        )


def free_port_range() -> int:
    """The first of four free ports in a row, below the range that systems hand out to clients."""
    for _ in range(200):
        first = random.randrange(20_000, 30_000, 10)
        if all(is_free(first + offset) for offset in range(4)):
            return first
    raise Failure("No four free ports in a row between 20000 and 30000 were found.")


def wanted_installation() -> Installation:
    """The installation that the environment describes: ANJU_VAR, ANJU_PORT, DATABASE_URL, ANJU_FLEETING."""
    var = Path(os.environ.get("ANJU_VAR") or ROOT / "var").resolve()
    return Installation(
        var,
        port_from_environment() or DEFAULT_PORT,
        os.environ.get("DATABASE_URL") or None,
        fleeting=os.environ.get("ANJU_FLEETING") == "1",
    )
