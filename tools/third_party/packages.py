"""The packages of the lock files with their licences: of Python from the installed metadata, of npm from package.json."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FACES = ("web/office", "web/citizen", "web/shared")
_SPOKEN = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True, order=True)
class Package:
    """A package with its version and licence; `runs` when a running Anju uses it, else it is for building and testing."""

    name: str
    version: str
    licence: str
    runs: bool


def python_packages(root: Path = ROOT) -> list[Package]:
    """Every installed Python package but our own, by name."""
    runtime = _runtime_names(tomllib.loads((root / "uv.lock").read_text("utf-8")))
    places = [str(place) for place in (root / ".venv").glob("lib/python3*/site-packages")]
    found = {}
    for each in distributions(path=places):
        name = normal(each.name)
        if name != "anju":
            found[name] = Package(each.name, each.version, licence_of(each), name in runtime)
    return [found[name] for name in sorted(found)]


def npm_packages(root: Path = ROOT) -> list[Package]:
    """Every npm package of the lock file but our own, by name; those for other machines with the lock's word."""
    locked: Mapping[str, dict[str, Any]] = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    shipped = _shipped_places(locked)
    found: dict[tuple[str, str], Package] = {}
    for place, entry in locked.items():
        name = place.rpartition("node_modules/")[2]
        if "node_modules/" not in place or entry.get("link"):
            continue
        manifest = root / place / "package.json"
        told = json.loads(manifest.read_text("utf-8")).get("license") if manifest.exists() else None
        licence = told if isinstance(told, str) else entry.get("license", "")
        key = (name, entry["version"])
        runs = place in shipped or (key in found and found[key].runs)
        found[key] = Package(name, entry["version"], licence or "see the package", runs)
    return [found[key] for key in sorted(found)]


def _shipped_places(locked: Mapping[str, dict[str, Any]]) -> set[str]:
    """Where the packages lie that go into the pages: what the faces depend on, and what those need."""
    reached: set[str] = set()
    todo = [("", name) for name in locked[""].get("dependencies", {})]
    todo += [(face, name) for face in FACES for name in locked[face].get("dependencies", {})]
    while todo:
        place, name = todo.pop()
        found = _resolved(locked, place, name)
        if found is None or found in reached:
            continue
        reached.add(found)
        todo += [(found, needed) for needed in locked[found].get("dependencies", {})]
    return reached


def _resolved(locked: Mapping[str, dict[str, Any]], place: str, name: str) -> str | None:
    """The place of a package as Node finds it from another: the nearest node_modules upwards."""
    while True:
        candidate = f"{place}/node_modules/{name}".lstrip("/")
        if candidate in locked:
            return candidate
        if not place:
            return None
        place = place.rpartition("/")[0]


def licence_of(installed: Distribution) -> str:
    """The licence that a distribution states: its expression, else its classifiers, else its own words."""
    # The class at run time is email's, which knows get_all; the protocol's stub names it too.
    metadata: Message[str, str] = installed.metadata  # type: ignore[assignment]
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [
        line.split(" :: ")[-1] for line in metadata.get_all("Classifier", []) if line.startswith("License ::")
    ]
    spoken = [_SPOKEN.get(line, line) for line in classifiers if line not in {"OSI Approved", "DFSG approved"}]
    first = (metadata.get("License") or "").strip().split("\n")[0]
    return " / ".join(dict.fromkeys(spoken)) or first[:60] or "see the package"


def normal(name: str) -> str:
    """A package's name as lock files write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _runtime_names(lock: Mapping[str, Any]) -> set[str]:
    """The packages that `anju` itself needs, and what those need."""
    entries = {entry["name"]: entry for entry in lock["package"]}
    reached: set[str] = set()
    todo = ["anju"]
    while todo:
        name = todo.pop()
        if name in reached:
            continue
        reached.add(name)
        todo += [needed["name"] for needed in _needs(entries[name])]
    return reached


def _needs(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from entry.get("dependencies", [])
    if entry["name"] != "anju":
        for extra in entry.get("optional-dependencies", {}).values():
            yield from extra
