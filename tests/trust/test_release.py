"""Signed releases: what was changed, added or never signed does not start, and the trail says so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anju.kernel.audit.models import AuditEntry
from anju.trust.release import check, files_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def release(tmp_path: Path) -> tuple[Path, bytes]:
    """A small release, signed with a maker's key as releases are."""
    root = tmp_path / "release"
    (root / "src/anju/definitions").mkdir(parents=True)
    (root / "web/office/dist").mkdir(parents=True)
    (root / "src/anju/a.py").write_text("print(1)\n")
    (root / "src/anju/definitions/rule.dmn").write_text("<definitions/>")
    (root / "web/office/dist/app.js").write_text("run()")
    return root, sign(root, tmp_path / "maker.json")


def sign(root: Path, key: Path) -> bytes:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/sign_release", "--key", key, "--root", root],
        capture_output=True,
        text=True,
        check=True,
    )
    assert key.stat().st_mode & 0o777 == 0o600
    return bytes.fromhex(done.stdout.strip().rpartition("=")[2])


@pytest.mark.covers("SH-233.4", "SH-234.4")
def test_every_file_that_runs_is_signed(release: tuple[Path, bytes]) -> None:
    root, public = release
    assert check(root, public) is None
    assert set(json.loads((root / "release.json").read_bytes())["files"]) == {
        "src/anju/a.py", "src/anju/definitions/rule.dmn", "web/office/dist/app.js",
    }  # fmt: skip


@pytest.mark.covers("SH-233.4", "SH-234.4")
@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("src/anju/a.py", "print(2)\n", "程序文件被改动：src/anju/a.py"),
        ("src/anju/definitions/rule.dmn", "<definitions />", "程序文件被改动：src/anju/definitions/rule.dmn"),
        ("web/office/dist/app.js", "steal()", "程序文件被改动：web/office/dist/app.js"),
        ("src/anju/b.py", "", "程序文件没有签名：src/anju/b.py"),
        ("src/anju/a.py", None, "程序文件缺失：src/anju/a.py"),
        ("release.sig", "00", "程序清单的签名不符"),
        ("release.sig", "not hex", "程序没有签名"),
        ("release.sig", None, "程序没有签名"),
        ("release.json", "{}", "程序清单的签名不符"),
    ],
)
def test_a_changed_or_unsigned_program_is_named(
    release: tuple[Path, bytes], path: str, content: str | None, told: str
) -> None:
    root, public = release
    if content is None:
        (root / path).unlink()
    else:
        (root / path).write_text(content)
    fault = check(root, public)
    assert fault is not None
    assert told in fault.told


def test_signed_by_somebody_else_is_not_signed(release: tuple[Path, bytes], tmp_path: Path) -> None:
    root, public = release
    (root / "src/anju/a.py").write_text("print(2)\n")
    sign(root, tmp_path / "stranger.json")
    fault = check(root, public)
    assert fault is not None
    assert fault.told == "程序清单的签名不符"


@pytest.mark.covers("SH-233.4", "SH-234.4")
@pytest.mark.django_db(transaction=True)
def test_serve_and_worker_do_not_start_and_report_it(tmp_path: Path, settings: Any) -> None:
    """The real command line on a copy of the real program."""
    root = tmp_path / "copy"
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    public = sign(root, tmp_path / "maker.json")
    assert len(files_of(root)) > 300
    told = connection.settings_dict
    environment = {
        **os.environ, "PYTHONPATH": str(root / "src"), "ANJU_RELEASE_KEY": public.hex(), "ANJU_VAR": str(tmp_path / "var"),
        "DATABASE_URL": f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}",
    }  # fmt: skip

    def start(command: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "anju", command, *options], env=environment, cwd=root, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    assert start("worker", "--help").returncode == 0
    (root / "src/anju/site/urls.py").write_text("# changed\n")
    for command in ("serve", "worker"):
        done = start(command, "--help")
        assert done.returncode == 78, done.stderr
        assert "程序文件被改动：src/anju/site/urls.py" in done.stderr
    alarms = AuditEntry.objects.filter(action="alarm", detail__code="release.broken")
    assert [alarm.detail["path"] for alarm in alarms] == ["src/anju/site/urls.py"] * 2
