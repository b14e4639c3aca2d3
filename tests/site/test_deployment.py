"""The container files: nothing runs as root, every process has its service, and what compose names starts the whole.

There is no container engine where these tests run. What the compose file would start in containers, the last test starts
as processes of this machine: the same commands in the same order with the same environment, on a fresh database. The
chart is read by Helm itself.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from tests.sandbox_fixture import free_port
from tools.devtool import helm
from tools.devtool.console import Failure

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROCESSES = {"tables", "office", "public", "worker", "worker-long"}


def compose(environment: dict[str, str]) -> dict[str, Any]:
    """The compose file with its variables filled in; one that must be set and is not is a `KeyError`."""

    def value(found: re.Match[str]) -> str:
        name, sign, rest = found["name"], found["sign"], found["rest"] or ""
        if environment.get(name):
            return environment[name]
        if sign == ":?":
            raise KeyError(name)
        return rest

    text = (DEPLOY / "compose.yaml").read_text()
    pattern = r"\$\{(?P<name>\w+)(?:(?P<sign>:[-?])(?P<rest>[^}]*))?\}"
    read: dict[str, Any] = yaml.safe_load(re.sub(pattern, value, text))
    return read


@pytest.fixture(scope="session")
def chart() -> list[dict[str, Any]]:
    """What Helm makes of the chart with the chart's own values."""
    try:
        program = helm.ensure()
    except Failure as reason:
        # without a network there is no Helm to fetch, and nothing of ours is wrong; the other tests read and start the rest
        pytest.skip(f"no Helm: {reason}")
    folder = str(DEPLOY / "helm" / "anju")
    judged = subprocess.run([program, "lint", "--strict", folder], capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout
    made = subprocess.run([program, "template", "anju", folder], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return [each for each in yaml.safe_load_all(made.stdout) if each]


SET = {"DATABASE_PASSWORD": "x", "ANJU_SECRET_KEY": "k" * 50, "ANJU_EXCHANGE_KEY": "0" * 32}


def test_what_must_be_set_is_asked_for() -> None:
    for name in SET:
        with pytest.raises(KeyError, match=name):
            compose(SET | {name: ""})


def test_every_process_has_a_service_and_none_is_root() -> None:
    services = compose(SET)["services"]
    assert set(services) == PROCESSES | {"database", "sandbox"}
    assert all(str(each["user"]).split(":")[0] not in {"", "0", "root"} for each in services.values())
    assert all(services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"] for name in PROCESSES)
    stages = re.split(r"^FROM ", (DEPLOY / "Containerfile").read_text(), flags=re.M)
    named = {stage.split()[2]: stage for stage in stages[1:] if " AS " in stage.splitlines()[0]}
    assert "USER 10001:10001" in named["base"]
    for target in ("anju", "sandbox"):
        assert named[target].startswith("base AS")
        assert "USER" not in named[target].replace("USER 10001", "")


@pytest.mark.covers("NF-04.4")
def test_the_chart_starts_the_same_processes_as_nobody_in_particular(chart: list[dict[str, Any]]) -> None:
    assert all(made["metadata"]["name"].startswith("anju-") for made in chart)
    pods = {
        made["metadata"]["name"].removeprefix("anju-"): made["spec"]["template"]["spec"]
        for made in chart
        if made["kind"] in {"Deployment", "Job"}
    }
    services = compose(SET)["services"]
    assert {name.partition("-1")[0] for name in pods} == PROCESSES
    for name, pod in pods.items():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert not container["securityContext"]["allowPrivilegeEscalation"]
        process = name.partition("-1")[0]
        assert container["command"] == services[process]["command"], "the chart and compose say the same"
        claimed = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == claimed


def test_the_image_is_built_of_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    copied = [source for line in re.findall(r"^COPY (?!--from)(.+)$", text, flags=re.M) for source in line.split()[:-1]]
    assert copied
    assert [source for source in copied if not (ROOT / source).exists()] == []
    allowed = {line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert {source.removeprefix("./") for source in copied} <= allowed


def commands() -> list[list[str]]:
    """Every call of `python -m anju` in the compose file."""
    found = []
    for each in compose(SET)["services"].values():
        words = each.get("command", [])
        for part in words[2].split(" && ") if words[:2] == ["sh", "-c"] else [" ".join(words)]:
            if part.startswith("python -m anju "):
                found.append(part.split()[3:])
    return found


def test_every_command_and_option_exists() -> None:
    assert len(commands()) == 6
    for name, *options in commands():
        parser = load_command_class(get_commands()[name], name).create_parser("anju", name)
        parser.parse_args(options)


# -- the whole, started ------------------------------------------------------------------------------------------------


def answer(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as error:
        return error.code, b""
    except OSError:
        return 0, b""


def is_ready(port: int) -> bool:
    return answer(f"http://127.0.0.1:{port}/readyz")[0] == 200


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture
def fresh_database(db: None) -> Iterator[str]:
    """The address of an empty database on the server of the tests."""
    from django.db import connection
    from psycopg import connect

    name = f"anju_deploy_{secrets.token_hex(4)}"
    given = connection.settings_dict
    server = {
        key: given[value]
        for key, value in {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}.items()
    }
    with connect(dbname="postgres", autocommit=True, **server) as direct:
        direct.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
        direct.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.covers("NF-04.4")
def test_what_compose_names_starts_the_whole(fresh_database: str, tmp_path: Path) -> None:
    """Tables, office, public zone and workers, in the order that their dependencies say, answer on a fresh database."""
    services = compose(SET | {"ANJU_ENV": "demo"})["services"]
    assert services["office"]["depends_on"]["tables"]["condition"] == "service_completed_successfully"
    ports = {name: free_port() for name in ("office", "public")}
    running: list[subprocess.Popen[bytes]] = []

    def environment(name: str) -> dict[str, str]:
        said = {key: str(value) for key, value in services[name]["environment"].items()}
        there = urlsplit(said["DATABASE_URL"])
        assert (there.hostname, there.port) == ("database", 5432)
        own = {"DATABASE_URL": fresh_database, "ANJU_VAR": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
        return (
            {"PATH": os.environ["PATH"], "ANJU_WEB_PROCESSES": "1", "ANJU_HEARTBEAT": str(tmp_path / name)} | said | own
        )

    def start(name: str) -> subprocess.Popen[bytes]:
        words = services[name]["command"]
        python = words if words[0] == "python" else ["python", *words]
        if words[:2] == ["sh", "-c"]:
            python = ["sh", "-c", words[2].replace("python -m", f"{sys.executable} -m")]
        else:
            python = [sys.executable, *words[1:]]
            python = [{"0.0.0.0": "127.0.0.1", "8600": str(ports.get(name, 0))}.get(word, word) for word in python]
        with (tmp_path / f"{name}.log").open("wb") as log:
            child = subprocess.Popen(
                python, cwd=tmp_path, env=environment(name), stdout=log, stderr=log, start_new_session=True
            )
        running.append(child)
        return child

    try:
        assert start("tables").wait(240) == 0, (tmp_path / "tables.log").read_text()
        assert "一次性密码" in (tmp_path / "tables.log").read_text()
        for name in ("office", "public", "worker", "worker-long"):
            start(name)
        for name, port in ports.items():
            ready = eventually(partial(is_ready, port))
            assert ready, (tmp_path / f"{name}.log").read_text()
        for name in ("worker", "worker-long"):
            assert eventually((tmp_path / name).exists), (tmp_path / f"{name}.log").read_text()
        offered = {
            name: json.loads(answer(f"http://127.0.0.1:{port}/api/openapi.json")[1])["paths"]
            for name, port in ports.items()
        }
        assert "/api/registers/supply.units/rows" in offered["office"]
        assert "/api/registers/supply.units/rows" not in offered["public"]
        assert all(child.poll() is None for child in running[1:])
    finally:
        for child in running:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in running:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
