"""The installation's own database: brought from either source, safe when killed, explained when it cannot be."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.tools.devtool.harness import eventually
from tools.devtool import plans, state
from tools.devtool.console import Failure
from tools.devtool.installation import Installation, free_port_range
from tools.devtool.postgres import binaries, cluster, database

Serve = Callable[[str], Installation]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a database of a source. As root its folder is closed to the server's user, like one below /root."""
    installation = Installation(tmp_path / "var", free_port_range())

    def start(source: str) -> Installation:
        monkeypatch.setenv("ANJU_POSTGRES", source)
        try:
            binaries.find(None)
        except Failure as failure:
            pytest.skip(str(failure))
        plans.start_in_background(installation, database_only=True)
        return installation

    yield start
    plans.stop(installation)


@pytest.mark.parametrize("source", ["machine", "wheel"])
def test_a_database_is_brought(serve: Serve, source: str) -> None:
    installation = serve(source)
    with psycopg.connect(installation.database_url, autocommit=True) as connection:
        for name in binaries.EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {name}")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SELECT cardinality(show_trgm('安居')) > 0").fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(installation.database_url.replace(installation.database_password(), "wrong"))
    note = state.read(installation.var)
    assert note
    pid = note.processes["database"].pid
    assert plans.stop(installation)
    assert pid
    assert not state.birth_of(pid)
    assert not plans.stop(installation)


def test_committed_rows_survive_the_death_of_server_and_supervisor(serve: Serve) -> None:
    installation = serve("")
    with psycopg.connect(installation.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

    def kept() -> bool:
        try:
            with psycopg.connect(installation.database_url) as connection:
                return connection.execute("SELECT one FROM kept").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    note = state.read(installation.var)
    assert note
    server = note.processes["database"].pid
    assert server
    os.kill(server, signal.SIGKILL)
    assert eventually(kept)

    os.kill(note.supervisor, signal.SIGKILL)
    eventually(lambda: not state.is_running(installation))
    assert kept(), "the server outlives its supervisor"
    plans.start_in_background(installation, database_only=True)
    assert kept()


def test_a_lock_whose_number_is_another_process_does_not_block(serve: Serve) -> None:
    installation = serve("")
    plans.stop(installation)
    data = installation.var / "postgres" / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    plans.start_in_background(installation, database_only=True)
    assert database.answers(installation.database_url)


def test_a_cluster_of_another_version_is_explained(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Failure, match=r"made by PostgreSQL 9.*dev reset"):
        cluster.prepare(Installation(tmp_path, 8600))


def test_a_folder_without_a_server_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJU_POSTGRES", str(tmp_path))
    with pytest.raises(Failure, match=r"none was found.*DATABASE_URL"):
        binaries.find(None)


def test_a_server_that_does_not_answer_is_explained_without_its_password() -> None:
    port = free_port_range()
    with pytest.raises(Failure, match="cannot be opened") as refused:
        database.prepare(f"postgresql://me:hush@127.0.0.1:{port}/anju")
    assert "hush" not in str(refused.value)


def test_addresses_of_databases() -> None:
    url = "postgresql://me:hush@db.example:5432/anju?sslmode=require"
    assert database.name_of(url) == "anju"
    assert database.with_name(url, "other") == "postgresql://me:hush@db.example:5432/other?sslmode=require"
    assert database.without_password(url) == "postgresql://me@db.example:5432/anju?sslmode=require"


@pytest.mark.parametrize(("gib", "shared"), [(1, "128MB"), (24, "3072MB"), (256, "4096MB")])
def test_shared_buffers_follow_the_memory(gib: int, shared: str) -> None:
    assert cluster.settings(gib * 1024 * cluster.MIB)["shared_buffers"] == shared
