"""Finding definition files: every package keeps its own under `definitions/<kind>/`, found here by kind and key.

A key is the file's name without its ending and is unique among all packages, so that `decide("public_rental_limits")`
needs no path. Files ship with the product and do not change while it runs; what is found is remembered.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.apps import apps

ENDINGS = {"processes": ".bpmn", "rules": ".dmn", "forms": ".json", "documents": ".typ", "dictionaries": ".csv"}


class AmbiguousDefinition(Exception):
    """Two packages ship a definition of the same kind and key; which one is meant cannot be told."""


@cache
def files(kind: str) -> dict[str, Path]:
    """All definition files of a kind by key, ordered by key; raises `AmbiguousDefinition` for a key found twice."""
    found: dict[str, Path] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("anju."):
            continue
        for path in sorted((Path(app.path) / "definitions" / kind).glob(f"*{ENDINGS[kind]}")):
            if path.stem in found:
                raise AmbiguousDefinition(f"{kind}/{path.stem}: {found[path.stem]} and {path}")
            found[path.stem] = path
    return dict(sorted(found.items()))


def find(kind: str, key: str) -> Path | None:
    """The file of one definition, or None when no package ships it."""
    return files(kind).get(key)
