"""The web server: granian, which on SIGTERM says first that it is ending, and ends when nobody sends it requests any more.

Started by `anju serve`, in whose place it stands. Django is loaded in its processes only, not here.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.mp import MPServer

# Where the processes that answer look whether they are to say that they are ending.
DRAINING = "ANJU_DRAINING"


class Server(MPServer):
    """Answers for `drain` seconds after SIGTERM with a readiness that says no, so that a balancer takes it out."""

    drain: float = 0

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        asked = bool(args) and args[0] == signal.SIGTERM
        if asked and self.drain and not (marker := Path(os.environ[DRAINING])).exists():
            marker.touch()
            threading.Timer(self.drain, super().signal_handler_interrupt).start()
        else:
            super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]


def main() -> None:
    """Serves until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--drain", type=float, default=0)
    options = parser.parse_args()
    marker = Path(tempfile.gettempdir()) / f"anju-draining-{os.getpid()}"
    marker.unlink(missing_ok=True)
    os.environ[DRAINING] = str(marker)
    server = Server(
        "anju.site.wsgi:application",
        address=options.host, port=options.port, interface=Interfaces.WSGI, workers=options.workers,
        blocking_threads=4, backlog=1024, respawn_failed_workers=True, websockets=False,
    )  # fmt: skip
    server.drain = options.drain
    try:
        server.serve()
    finally:
        with contextlib.suppress(OSError):
            marker.unlink()


if __name__ == "__main__":
    main()
