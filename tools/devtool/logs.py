"""What the processes print: to the screen with the name in front, and to var/log, a few files of limited size each."""

from __future__ import annotations

import asyncio
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tools.devtool.console import colour, say

BYTES_A_FILE = 5_000_000
FILES_KEPT = 3
WIDTH = 9
LONGEST_LINE = 256 * 1024


class Log:
    """The output of one process."""

    def __init__(self, folder: Path, name: str, shade: str, on_screen: bool) -> None:
        self.name, self.shade, self.on_screen = name, shade, on_screen
        self.file = RotatingFileHandler(
            folder / f"{name}.log", maxBytes=BYTES_A_FILE, backupCount=FILES_KEPT, encoding="utf-8", delay=True
        )
        self.file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))

    def line(self, text: str) -> None:
        """Takes one line."""
        self.file.emit(logging.LogRecord(self.name, logging.INFO, "", 0, text, None, None))
        if self.on_screen:
            say(f"{colour(self.name.rjust(WIDTH) + ' │', self.shade)} {text}")

    async def follow(self, stream: asyncio.StreamReader) -> None:
        """Takes lines until the process closes its output; an endless line is cut into pieces."""
        rest = b""
        while chunk := await stream.read(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self.line(line.decode(errors="replace").rstrip())
        if rest:
            self.line(rest.decode(errors="replace").rstrip())

    def close(self) -> None:
        """Closes the file."""
        self.file.close()
