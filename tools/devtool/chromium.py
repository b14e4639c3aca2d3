"""Chromium and Chinese fonts for the browser tests: the one thing that may be installed outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.devtool.console import Failure, step

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
FONT_PATTERNS = ("*CJK*", "*PingFang*", "*SourceHan*", "wqy-*", "*NotoSansSC*")


def ensure() -> str:
    """The path of Chromium; installs it and the fonts as root on Debian.

    Raises Failure with the command to run where it may not.
    """
    missing = [*([] if find() else ["chromium"]), *([] if has_chinese_font() else ["fonts-noto-cjk"])]
    if missing:
        _install(missing)
    found = find()
    if not found:
        raise Failure("Chromium is still not found after its installation; set CHROMIUM to its path.")
    return found


def find() -> str | None:
    """The path of an installed Chromium: CHROMIUM, else by its usual names."""
    given = os.environ.get("CHROMIUM")
    if given:
        if not os.access(given, os.X_OK):
            raise Failure(f"CHROMIUM={given}: there is no such program.")
        return given
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Whether a Chinese font is installed; without one the pages show boxes."""
    if program := shutil.which("fc-list"):
        return bool(subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True).stdout.strip())
    folders = [Path(folder) for folder in FONT_FOLDERS if Path(folder).is_dir()]
    return any(True for folder in folders for pattern in FONT_PATTERNS for _ in folder.rglob(pattern))


def _install(packages: list[str]) -> None:
    """Installs Debian packages, or says how."""
    names = " ".join(packages)
    apt = shutil.which("apt-get")
    if not apt:
        raise Failure(f"Missing for the browser tests: {names}. Install Chromium and a Chinese font, or set CHROMIUM.")
    if os.geteuid() != 0:
        raise Failure(f"Missing for the browser tests; run: sudo apt-get update && sudo apt-get install -y {names}")
    step(f"Debian packages: {names}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-q"], [apt, "install", "-y", "-q", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"`{' '.join(command)}` failed: {done.stderr.strip()[-500:]}")
