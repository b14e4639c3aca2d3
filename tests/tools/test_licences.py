"""THIRD_PARTY.md names what Anju is made with, in the versions of the lock files."""

from __future__ import annotations

import re
import tomllib

from tools.third_party.data import WORKS
from tools.third_party.packages import ROOT, normal, npm_packages, python_packages
from tools.third_party.page import COMMAND, PAGE

WRITTEN = (ROOT / PAGE).read_text("utf-8")


def test_every_python_package_that_we_ask_for_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    named = {normal(row) for row in re.findall(r"^\| ([\w.-]+) \|", WRITTEN, re.MULTILINE)}
    missing = {name for line in asked if (name := normal(re.split(r"[\[<>=]", line)[0])) not in named}
    assert not missing, f"run: {COMMAND}"


def test_every_locked_npm_package_is_named_with_version_and_licence() -> None:
    missing = [f"| {each.name} | {each.version} | {each.licence} |" for each in npm_packages()]
    assert not [line for line in missing if line not in WRITTEN], f"run: {COMMAND}"


def test_no_package_is_without_a_licence() -> None:
    unnamed = [each.name for each in [*python_packages(), *npm_packages()] if each.licence == "see the package"]
    assert not unnamed


def test_what_pages_need_is_told_from_what_tests_need() -> None:
    runs = {each.name: each.runs for each in npm_packages()}
    assert runs["vue"]
    assert runs["qrcode-generator"]
    assert not runs["@playwright/test"]
    assert not runs["vitest"]


def test_data_in_the_tree_lie_where_the_page_says() -> None:
    places = [word for work in WORKS for word in work.place.split() if word.startswith(("src/", "web/"))]
    assert places
    assert not [place for place in places if not (ROOT / place).is_file()]
