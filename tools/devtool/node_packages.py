"""The npm packages of package-lock.json, and the web faces built with them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.devtool import stamps
from tools.devtool.console import Failure, say, step
from tools.devtool.installation import ROOT

OLDEST_NODE = (20, 19)
FACES = ("office", "citizen")
NOT_SOURCES = {"node_modules", "dist", "test-results", ".vite"}


def npm() -> str:
    """The path of npm; raises Failure when it or a recent Node is missing."""
    node, found = shutil.which("node"), shutil.which("npm")
    wanted = ".".join(map(str, OLDEST_NODE))
    if not node or not found:
        raise Failure(f"Node {wanted} or later and npm are needed; they were not found in PATH.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_NODE:
        raise Failure(f"Node {wanted} or later is needed; this is {version}.")
    return found


def environment() -> dict[str, str]:
    """npm's environment: the machine's certificates, no browser downloaded behind the developer's back."""
    result = {**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    if "SSL_CERT_FILE" in os.environ:
        result.setdefault("NODE_EXTRA_CA_CERTS", os.environ["SSL_CERT_FILE"])
    return result


def ensure() -> None:
    """Makes node_modules agree with the lock file; does nothing when it does already."""
    program = npm()
    wanted = stamps.digest([ROOT / "package-lock.json"])
    if (ROOT / "node_modules").is_dir() and stamps.is_current("node", wanted):
        return
    step("npm packages (package-lock.json)")
    _run([program, "ci", "--no-audit", "--no-fund", "--loglevel=error"], "npm could not install the packages")
    stamps.put("node", wanted)


def build() -> None:
    """Builds web/office and web/citizen; does nothing when no source changed since the last build.

    Who asks while another builds waits for that one.
    """
    with stamps.one_at_a_time("web"):
        _build()


def _build() -> None:
    wanted = stamps.digest([*sources(ROOT / "web"), ROOT / "package-lock.json"])
    built = all((ROOT / "web" / face / "dist" / "index.html").exists() for face in FACES)
    if built and stamps.is_current("web", wanted):
        return
    step("Web (npm run build)")
    _run([npm(), "run", "build"], "The web could not be built")
    stamps.put("web", wanted)


def sources(folder: Path) -> list[Path]:
    """All files below the folder that a build depends on."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(place) / name for name in names]
    return found


def _run(command: list[str], sentence: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        say(done.stdout)
        raise Failure(f"{sentence}; the message stands above.")
