"""The checks on the bill: licences that we may use, and vulnerabilities that are known."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.devtool.console import Failure
from tools.devtool.python_packages import find_uv
from tools.third_party.packages import ROOT, Package

# Licences under which a part may be in a running Anju, which itself is under Apache-2.0.
FREE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "BSD", "CC0-1.0", "CC-BY-4.0", "ISC", "MIT",
    "MIT-0", "MIT-CMU", "HPND", "OFL-1.1", "PSF-2.0", "Python-2.0", "PostgreSQL", "Unlicense", "Zlib", "WTFPL", "EPL-2.0",
}  # fmt: skip
# These bind whoever changes the part itself, not those who use it as it is.
WEAK = {
    "LGPL-2.1",
    "LGPL-3.0",
    "LGPLv3",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MPL-2.0",
    "MPL-1.1",
}
# Licences of their own that were read: who, and what it asks.
READ = {
    "bpmn-js": "as MIT; its mark stays in the diagram",
    "dmn-js": "as MIT; its mark stays in the diagram",
}
# Tools that build and test Anju are not part of it; only what would bind what they make is refused.
TOOLS_TOO = {"GPL-2.0", "GPL-3.0", "GPL-2.0-or-later", "GPL-3.0-or-later", "GPL-3.0-only", "GPL-2.0-only"}


@dataclass(frozen=True)
class Result:
    """What came of a check: `done` is false where it could not be made, and then `said` tells why."""

    name: str
    done: bool
    said: str
    findings: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.done and not self.findings


def allowed(licence: str, known: set[str]) -> bool:
    """Whether an SPDX expression leaves us a licence that we may use: one of those joined by OR, all joined by AND."""
    choices = re.split(
        r"\s+OR\s+|(?<![\w.-])/(?![\w.-])", licence.replace("(", "").replace(")", ""), flags=re.IGNORECASE
    )
    return any(
        all(
            part.split(" WITH ")[0].strip() in known
            for part in re.split(r"\s+AND\s+|;\s*|,\s*", choice, flags=re.IGNORECASE)
        )
        for choice in choices
    )


def check_licences(packages: Iterable[Package]) -> Result:
    """Finds parts under a licence that is not on our lists; each is read before it goes there."""
    found = []
    count = 0
    for package in packages:
        count += 1
        known = FREE | WEAK | (set() if package.runs else TOOLS_TOO)
        if package.name not in READ and not allowed(package.licence, known):
            found.append(f"{package.name} {package.version}: {package.licence}")
    return Result("licences", True, f"{count} parts checked", found)


def run(command: list[str], root: Path) -> tuple[str, str]:
    """What a command printed, and what it complained of."""
    quick = {"UV_HTTP_RETRIES": "0", "UV_HTTP_CONNECT_TIMEOUT": "5", "npm_config_fetch_retries": "0"}
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False, timeout=180, env={**os.environ, **quick}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def check_python(root: Path = ROOT, service: str = "") -> Result:
    """Asks the OSV database, or a mirror of it at `service`, about every locked Python package (`uv audit`)."""
    name = "vulnerabilities of Python parts"
    address = ["--service-url", service] if service else []
    try:
        uv = find_uv()
    except Failure as failure:
        return Result(name, False, first_line(str(failure)))
    out, complaint = run(
        [uv, "audit", "--preview-features", "audit-command", "--frozen", "--output-format", "json", *address], root
    )
    try:
        told = json.loads(out)
        count = int(told["summary"]["audited_packages"])
        found = [vulnerability_of(each) for each in told["vulnerabilities"]]
    except (ValueError, KeyError, TypeError):
        return Result(name, False, first_line(complaint or out))
    return Result(name, True, f"{count} packages asked about", found)


def vulnerability_of(each: dict[str, object]) -> str:
    """A finding of `uv audit` in one line."""
    dependency = each["dependency"]
    assert isinstance(dependency, dict)
    return f"{dependency['name']} {dependency['version']}: {each['id']} {each.get('summary') or ''}".strip()


def check_npm(root: Path = ROOT, registry: str = "") -> Result:
    """Asks the registry's advisories about every locked npm package (`npm audit`)."""
    name = "vulnerabilities of JavaScript parts"
    address = ["--registry", registry] if registry else []
    out, complaint = run(["npm", "audit", "--json", "--package-lock-only", *address], root)
    try:
        told = json.loads(out)
        count = int(told["metadata"]["dependencies"]["total"])
        found = [f"{each['name']}: {each['severity']}, {each['range']}" for each in told["vulnerabilities"].values()]
    except (ValueError, KeyError, TypeError):
        return Result(name, False, first_line(complaint or out))
    return Result(name, True, f"{count} packages asked about", found)


def first_line(text: str) -> str:
    """The first line that says something; addresses are left to whoever runs the command again."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and "Unknown user config" not in line]
    telling = [line for line in lines if line.lower().startswith(("error", "npm error", "npm warn audit"))]
    return (telling or lines or ["no answer"])[0]
