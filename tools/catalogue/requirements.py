"""The catalogue: modules with their numbered checks, as the files say."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "requirements"


@dataclass(frozen=True)
class Check:
    """One numbered thing that a test can show: `SH-053.1` and its sentence."""

    id: str
    text: str


@dataclass(frozen=True)
class Module:
    """A module of the catalogue, in Chinese and English, with its checks and the file it stands in."""

    id: str
    title: str
    name: str
    context: str
    checks: tuple[Check, ...]
    file: str

    @property
    def source(self) -> str:
        """The letters that say where the module comes from, such as `SH`."""
        return self.id.split("-")[0]


def read_modules(folder: Path = FOLDER) -> list[Module]:
    """All modules in the order of the files' names; raises ValueError where a number is used twice."""
    modules: list[Module] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8"))["requirement"]:
            checks = tuple(Check(*line.split(" ", 1)) for line in entry["checks"])
            for check in checks:
                if check.id in seen:
                    raise ValueError(f"{path.name}: {check.id} stands twice")
                seen.add(check.id)
            modules.append(Module(entry["id"], entry["title"], entry["name"], entry["context"], checks, path.name))
    return modules
