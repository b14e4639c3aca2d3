"""Programs of the machine: used when they will do, and when not, the developer is told exactly what to run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.devtool import chromium, node_packages, python_packages
from tools.devtool.console import Failure

MakeProgram = Callable[[str, str], Path]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeProgram:
    """Makes programs that are the only ones in PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)

    def make(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


@pytest.mark.parametrize(
    ("script", "usable"),
    [("echo uv 0.9.2", True), ("echo uv 0.4.30", False), ("exit 127", False), ("echo 'no version'", False)],
)
def test_an_uv_that_is_old_or_does_not_run_is_not_used(program: MakeProgram, script: str, usable: bool) -> None:
    path = program("uv", script)
    if usable:
        assert python_packages.find_uv() == str(path)
    else:
        assert not python_packages._is_usable(str(path))


def test_node_is_asked_for_by_version(program: MakeProgram) -> None:
    with pytest.raises(Failure, match=r"Node 20\.19 or later and npm are needed"):
        node_packages.npm()
    npm = program("npm", "exit 0")
    program("node", "echo v18.20.4")
    with pytest.raises(Failure, match=r"this is 18\.20\.4"):
        node_packages.npm()
    program("node", "echo v20.19.0")
    assert node_packages.npm() == str(npm)


def test_chromium_is_found_by_variable_then_by_name(program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chromium.find() is None
    path = program("chromium-browser", "exit 0")
    assert chromium.find() == str(path)
    other = program("mine", "exit 0")
    monkeypatch.setenv("CHROMIUM", str(other))
    assert chromium.find() == str(other)
    monkeypatch.setenv("CHROMIUM", "/no/such")
    with pytest.raises(Failure, match="CHROMIUM=/no/such"):
        chromium.find()


def test_without_rights_the_exact_command_is_told(program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    program("apt-get", "exit 1")
    program("fc-list", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Failure, match="sudo apt-get update && sudo apt-get install -y chromium fonts-noto-cjk"):
        chromium.ensure()


def test_as_root_what_is_missing_is_installed(
    program: MakeProgram, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = tmp_path / "apt.log"
    folder = program("fc-list", "echo 'Noto Sans CJK SC'").parent
    program(
        "apt-get", f'echo "$@" >> {written}; printf "#!/bin/sh\\n" > {folder}/chromium; /bin/chmod +x {folder}/chromium'
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert chromium.ensure() == str(folder / "chromium")
    assert written.read_text().splitlines() == ["update -q", "install -y -q --no-install-recommends chromium"]
