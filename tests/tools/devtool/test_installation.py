"""Ports and folders come from the environment, and a taken port is named."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tools.devtool.console import Failure
from tools.devtool.installation import (
    Installation,
    check_ports,
    free_port_range,
    is_free,
    port_from_environment,
    wanted_installation,
)


def test_the_other_ports_follow_the_web_port(tmp_path: Path) -> None:
    environment = Installation(tmp_path, 8700).environment()
    assert environment["ANJU_PORT"] == "8700"
    assert environment["ANJU_SANDBOX_URL"] == "http://127.0.0.1:8701"
    assert "@127.0.0.1:8702/anju" in environment["DATABASE_URL"]


def test_two_installations_share_neither_password_nor_folder(tmp_path: Path) -> None:
    one, two = Installation(tmp_path / "1", 8700), Installation(tmp_path / "2", 8800)
    assert one.database_url != two.database_url
    assert one.database_url == Installation(tmp_path / "1", 8700).database_url
    assert (tmp_path / "1" / "secrets" / "database_password").stat().st_mode & 0o777 == 0o600


def test_a_given_database_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJU_VAR", str(tmp_path))
    monkeypatch.setenv("ANJU_PORT", "8700")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/anju")
    installation = wanted_installation()
    assert installation.environment()["DATABASE_URL"] == "postgresql://db.example/anju"
    assert set(installation.ports()) == {"web", "sandbox", "mail"}


@pytest.mark.parametrize("text", ["web", "80", "65534", "-1"])
def test_a_port_that_cannot_be_used_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJU_PORT", text)
    with pytest.raises(Failure, match=f"ANJU_PORT={text}"):
        port_from_environment()


def test_a_taken_port_is_named_with_its_purpose_and_a_way_out(tmp_path: Path) -> None:
    first = free_port_range()
    check_ports(Installation(tmp_path, first))
    with socket.create_server(("127.0.0.1", first + 1)):
        assert not is_free(first + 1)
        with pytest.raises(Failure, match=rf"port {first + 1} \(sandbox\).*ANJU_PORT={first + 100}"):
            check_ports(Installation(tmp_path, first))
