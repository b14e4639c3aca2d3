"""What the tool says to the developer: short lines, coloured only where somebody watches."""

from __future__ import annotations

import os
import sys

COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36, "grey": 90, "bold": 1}


class Failure(Exception):
    """Something the developer can mend; printed as a sentence, without a traceback."""


def colour(text: str, name: str) -> str:
    """The text in a colour, or as it is when the output is no terminal or NO_COLOR is set."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{COLOURS[name]}m{text}\033[0m"


def say(text: str = "") -> None:
    """A plain line; when nobody reads any more (`./dev up | head`), the work goes on in silence."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def step(text: str) -> None:
    """A line that announces what is done now."""
    say(f"{colour('==>', 'cyan')} {text}")


def warn(text: str) -> None:
    """A line that should be noticed."""
    say(f"{colour('!', 'yellow')} {text}")


def fail(text: str) -> None:
    """The sentence of a failure, on the error stream."""
    sys.stdout.flush()
    print(f"{colour('✗', 'red')} {text}", file=sys.stderr, flush=True)
