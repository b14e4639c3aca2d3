"""The bill of materials: every Python and JavaScript package of the lock files, with version, licence and digest."""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from cyclonedx.builder.this import this_component
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.third_party.packages import ROOT, Package, normal, npm_packages, python_packages

LICENCES = LicenseFactory()
DIGESTS = {"sha512": HashAlgorithm.SHA_512, "sha1": HashAlgorithm.SHA_1, "sha256": HashAlgorithm.SHA_256}


def python_digests(root: Path) -> dict[tuple[str, str], list[HashType]]:
    """The digests of the source archives that the lock file names, by name and version; of wheels where there is none."""
    found = {}
    for each in tomllib.loads((root / "uv.lock").read_text("utf-8"))["package"]:
        files = [each["sdist"]] if "sdist" in each else each.get("wheels", [])[:1]
        found[normal(each["name"]), each.get("version", "")] = [
            HashType(alg=DIGESTS[kind], content=digest)
            for kind, _, digest in (file["hash"].partition(":") for file in files if "hash" in file)
        ]
    return found


def npm_digests(root: Path) -> dict[tuple[str, str], list[HashType]]:
    """The digests of the archives that the lock file names, by name and version."""
    found = {}
    for place, entry in json.loads((root / "package-lock.json").read_text("utf-8"))["packages"].items():
        kind, _, digest = str(entry.get("integrity", "")).partition("-")
        if kind in DIGESTS:
            name = place.rpartition("node_modules/")[2]
            content = base64.b64decode(digest).hex()
            found[name, entry["version"]] = [HashType(alg=DIGESTS[kind], content=content)]
    return found


def component(package: Package, kind: str, digests: Iterable[HashType]) -> Component:
    """A package as a component; what only builds and tests need is marked as excluded."""
    group, _, name = package.name.rpartition("/") if kind == "npm" else ("", "", normal(package.name))
    return Component(
        type=ComponentType.LIBRARY, group=group or None, name=name, version=package.version,
        purl=PackageURL(kind, group or None, name, package.version),
        bom_ref=f"{kind}:{package.name}@{package.version}",
        licenses=[LICENCES.make_from_string(package.licence)], hashes=digests,
        scope=ComponentScope.REQUIRED if package.runs else ComponentScope.EXCLUDED,
    )  # fmt: skip


def bill(root: Path = ROOT, *, notes: dict[str, str] | None = None) -> Bom:
    """The bill; `notes` say what was checked, and what was not."""
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    made = Bom()
    made.metadata.component = Component(type=ComponentType.APPLICATION, name="anju", version=version, bom_ref="anju")
    made.metadata.tools.components.add(this_component())
    for name, said in (notes or {}).items():
        made.metadata.properties.add(Property(name=f"anju:{name}", value=said))
    for kind, packages, digests in (
        ("pypi", python_packages(root), python_digests(root)),
        ("npm", npm_packages(root), npm_digests(root)),
    ):
        for package in packages:
            name = normal(package.name) if kind == "pypi" else package.name
            made.components.add(component(package, kind, digests.get((name, package.version), [])))
    made.register_dependency(made.metadata.component, made.components)
    return made


def as_json(made: Bom) -> str:
    """The bill as CycloneDX 1.6."""
    return str(JsonV1Dot6(made).output_as_string(indent=2)) + "\n"
