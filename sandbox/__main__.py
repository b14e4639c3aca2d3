"""`python -m sandbox --port N`: starts the sandbox in this one process, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from sandbox.app import from_environment
from sandbox.mailbox import open_door


def _ended_input() -> bool:
    return not os.read(sys.stdin.fileno(), 4096)


async def serve(host: str, port: int, smtp_port: int, until_eof: bool) -> None:
    """Serves until SIGINT or SIGTERM, or until the standard input ends; mail has a port of its own."""
    app = from_environment()
    mail = await open_door(host, smtp_port, app.state.store, app.state.behaviours)
    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, log_level=LogLevels.error)
    loop = asyncio.get_running_loop()
    stop: Callable[[], None] = server.stop
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop)
    if until_eof:
        loop.add_reader(sys.stdin.fileno(), lambda: stop() if _ended_input() else None)
    await server.serve()
    mail.close()
    # its threads still post to this loop for a moment; closing the loop at once makes them panic
    await asyncio.sleep(0.3)


def main() -> None:
    """Reads the command line and serves."""
    parser = argparse.ArgumentParser(prog="sandbox", description="The departments outside the platform, invented.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("ANJU_PORT", "8600")) + 1)
    parser.add_argument("--smtp-port", type=int, default=0, help="the port for mail (default: two above the other)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--until-eof", action="store_true", help="end with the standard input, as a test's child does")
    told = parser.parse_args()
    asyncio.run(serve(told.host, told.port, told.smtp_port or told.port + 2, told.until_eof))


if __name__ == "__main__":
    main()
