"""The bill of materials holds every part; its checks find what is wrong and never take silence for a good answer."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from tools.supply_chain.bill import as_json, bill
from tools.supply_chain.checks import allowed, check_licences, check_npm, check_python
from tools.supply_chain.command import FOUND, GOOD, NOT_CHECKED, main
from tools.third_party.packages import ROOT, Package, npm_packages, python_packages

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(as_json(bill(notes={"licences": "checked, 0 found"})))
    return made


@pytest.mark.covers("NF-05.6")
def test_the_bill_names_every_part_of_both_lock_files(written: dict[str, Any]) -> None:
    assert (written["bomFormat"], written["specVersion"]) == ("CycloneDX", "1.6")
    named = {component["purl"]: component for component in written["components"]}
    assert len(named) == len(python_packages()) + len(npm_packages())
    django = next(each for purl, each in named.items() if purl.startswith("pkg:pypi/django@"))
    vue = next(each for purl, each in named.items() if purl.startswith("pkg:npm/vue@"))
    for part, licence in ((django, "BSD-3-Clause"), (vue, "MIT")):
        assert part["licenses"] == [{"license": {"id": licence}}]
        assert part["hashes"][0]["content"]
        assert part["scope"] == "required"
    assert next(each for purl, each in named.items() if purl.startswith("pkg:pypi/pytest@"))["scope"] == "excluded"
    assert {"name": "anju:licences", "value": "checked, 0 found"} in written["metadata"]["properties"]


@pytest.mark.covers("NF-05.6")
def test_the_bill_keeps_to_the_standards_own_schema(written: dict[str, Any]) -> None:
    folder = files("cyclonedx.schema") / "_res"
    schemas = {name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text("utf-8"))
               for name in ("bom-1.6", "spdx", "jsf-0.82")}  # fmt: skip
    registry = jsonschema_rs.Registry(
        [(f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", schema) for name, schema in schemas.items()]
    )
    validator = jsonschema_rs.validator_for(schemas["bom-1.6"], registry=registry)
    assert [error.message for error in validator.iter_errors(written)] == []
    broken = written | {"components": [{"type": "nonsense", "name": "x"}]}
    assert not validator.is_valid(broken)


@pytest.mark.covers("NF-05.6")
def test_every_part_is_under_a_licence_that_we_may_use() -> None:
    result = check_licences([*python_packages(), *npm_packages()])
    assert result.findings == []


@pytest.mark.covers("NF-05.6")
@pytest.mark.parametrize(
    ("licence", "runs", "good"),
    [
        ("MIT", True, True),
        ("AGPL-3.0", True, False),
        ("GPL-3.0", True, False),
        ("GPL-3.0", False, True),
        ("AGPL-3.0", False, False),
        ("(MIT OR GPL-3.0)", True, True),
        ("MIT AND GPL-3.0", True, False),
        ("UNLICENSED", False, False),
        ("see the package", True, False),
    ],
)
def test_a_licence_that_binds_us_is_found(licence: str, runs: bool, good: bool) -> None:
    result = check_licences([Package("part", "1", licence, runs)])
    assert result.good is good
    assert result.findings == ([] if good else [f"part 1: {licence}"])
    assert allowed("MIT", {"MIT"})


def packument(name: str) -> dict[str, Any]:
    """What a registry says of a package: the versions that are locked, and what they depend on."""
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    versions = {
        entry["version"]: {"name": name, "version": entry["version"], "dependencies": entry.get("dependencies", {})}
        for place, entry in locked.items()
        if place.rpartition("node_modules/")[2] == name and "version" in entry
    }
    return {"name": name, "dist-tags": {"latest": max(versions, default="")}, "versions": versions}


class Database(BaseHTTPRequestHandler):
    """A database of vulnerabilities, as OSV and as npm's registry speak: one of Django's and one of vue's, or none."""

    empty = False
    asked: list[str] = []

    def tell(self, what: Any) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        if self.path.startswith("/v1/querybatch"):
            found = {"vulns": [{"id": "OSV-1", "modified": "2026-01-01T00:00:00Z"}]}
            names = [query["package"]["name"] for query in asked["queries"]]
            type(self).asked += names
            self.tell({"results": [found if name == "django" and not self.empty else {} for name in names]})
        else:
            type(self).asked += list(asked)
            flaw = {"id": 1, "url": "https://example.org/1", "title": "flaw", "severity": "high", "cwe": [],
                    "vulnerable_versions": "<99", "cvss": {"score": 7, "vectorString": None}}  # fmt: skip
            self.tell({"vue": [flaw]} if not self.empty else {})

    def do_GET(self) -> None:
        if not self.path.startswith("/v1/"):
            self.tell(packument(unquote(self.path[1:])))
        else:
            self.tell({"id": "OSV-1", "summary": "a flaw", "modified": "2026-01-01T00:00:00Z"})

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setattr(Database, "asked", [])
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Database)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.covers("NF-05.6")
def test_known_vulnerabilities_are_found(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    python, pages = check_python(service=database), check_npm(registry=database)
    assert any(line.startswith("django ") and "OSV-1" in line for line in python.findings)
    assert any(line.startswith("vue: high") for line in pages.findings)
    assert {"django", "psycopg", "vue", "vite"} <= set(Database.asked), "every part was asked about"
    assert main(["--vulnerabilities", "--osv", database, "--registry", database]) == FOUND
    assert "FOUND: vulnerabilities of Python parts" in capsys.readouterr().out


@pytest.mark.covers("NF-05.6")
def test_a_clean_answer_is_good(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Database, "empty", True)
    file = tmp_path / "bom.json"
    assert main([str(file), "--licences", "--vulnerabilities", "--osv", database, "--registry", database]) == GOOD
    notes = {each["name"]: each["value"] for each in json.loads(file.read_text())["metadata"]["properties"]}
    assert notes["anju:vulnerabilities of Python parts"] == "checked, 0 found"


@pytest.mark.covers("NF-05.6")
def test_a_database_out_of_reach_is_no_clean_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bom.json"
    assert main([str(file), "--vulnerabilities", "--osv", NOWHERE, "--registry", NOWHERE]) == NOT_CHECKED
    assert capsys.readouterr().out.count("NOT CHECKED") == 2
    notes = {each["name"]: each["value"] for each in json.loads(file.read_text())["metadata"]["properties"]}
    assert notes["anju:vulnerabilities of Python parts"].startswith("not checked: ")
    assert notes["anju:vulnerabilities of JavaScript parts"].startswith("not checked: ")
    assert notes["anju:licences"] == "not asked for"
