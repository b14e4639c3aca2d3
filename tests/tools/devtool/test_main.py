"""The command line: each command explains itself, a mistake is answered with help and code 2."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.devtool.installation import ROOT
from tools.devtool.main import main

COMMANDS = ("up", "stop", "status", "seed", "reset", "shell", "clock", "bench", "check", "test")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"./dev {command}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["stop", "--nonsense"]])
def test_a_mistake_is_answered_with_help_and_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert all(command in shown for command in COMMANDS)


def test_help_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run([sys.executable, "-E", "-S", ROOT / "dev", "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "./dev up" in done.stdout
