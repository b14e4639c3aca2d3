"""All stages run, failing ones are named, and the exit code is right."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tools.devtool import runner, state
from tools.devtool.console import Failure
from tools.devtool.stages import Needs, Stage, of_check, of_test


def plain(name: str, code: int) -> Stage:
    return Stage(name, f"Stage {name}", [sys.executable, "-c", f"raise SystemExit({code})"])


@pytest.fixture
def ground(tmp_path: Path) -> runner.Ground:
    return runner.Ground(tmp_path / "installation", None)


def test_a_failing_stage_does_not_keep_the_next_from_running(
    tmp_path: Path, ground: runner.Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    results = runner.run([plain("one", 3), plain("two", 0)], ground, tmp_path / "junit")
    assert [result.ok for result in results] == [False, True]
    assert not runner.report(results, tmp_path / "junit.xml")
    printed = capsys.readouterr().out
    assert "Failing: one." in printed
    assert "FAILED one: one › Stage one\n    the command ended with code 3" in printed
    assert printed.rstrip().splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_stages_aside_run_beside_each_other_and_print_in_one_piece(
    tmp_path: Path, ground: runner.Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import time; print('begin', flush=True); time.sleep(0.6); print('end')"
    stages = [Stage(name, name.upper(), [sys.executable, "-c", code], aside=True) for name in ("one", "two")]
    began = time.monotonic()
    assert [result.stage.name for result in runner.run(stages, ground, tmp_path / "junit")] == ["one", "two"]
    assert time.monotonic() - began < 1.1
    assert capsys.readouterr().out.count("\nbegin\nend\n") == 2


def test_a_stage_that_waits_runs_beside_another_and_alone_when_only_it_is_asked_for(
    tmp_path: Path, ground: runner.Ground
) -> None:
    waits = [sys.executable, "-c", "import time; time.sleep(0.6)"]
    front, beside = Stage("front", "Front", waits), Stage("beside", "Beside", waits, beside="front")
    began = time.monotonic()
    assert [each.stage.name for each in runner.run([front, beside], ground, tmp_path / "junit")] == ["front", "beside"]
    assert time.monotonic() - began < 1.1
    assert [each.ok for each in runner.run([beside], ground, tmp_path / "junit")] == [True]


def test_fail_fast_ends_at_the_first_failure(tmp_path: Path, ground: runner.Ground) -> None:
    assert len(runner.run([plain("one", 1), plain("two", 0)], ground, tmp_path / "junit", fail_fast=True)) == 1


def test_a_command_that_crashes_before_any_test_counts_as_failed(tmp_path: Path, ground: runner.Ground) -> None:
    stage = Stage("fuzz", "Fuzz", [sys.executable, "-c", "raise SystemExit(4)"], writes_junit=True)
    (result,) = runner.run([stage], ground, tmp_path / "junit")
    assert not result.ok
    assert result.counts.failed == 1


def test_a_missing_program_fails_only_its_stage(tmp_path: Path, ground: runner.Ground) -> None:
    results = runner.run([Stage("x", "X", ["/no/such/program"]), plain("y", 0)], ground, tmp_path / "junit")
    assert [result.ok for result in results] == [False, True]


def test_a_stage_that_hangs_is_ended(tmp_path: Path, ground: runner.Ground) -> None:
    stage = Stage("x", "X", [sys.executable, "-c", "import time; time.sleep(60)"], minutes=0)
    (result,) = runner.run([stage], ground, tmp_path / "junit")
    assert not result.ok
    assert result.seconds < 10


def test_what_could_not_be_started_is_not_tried_for_every_stage(
    ground: runner.Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def refuse(needs: Needs) -> None:
        tries.append(needs)
        raise Failure("no database")

    monkeypatch.setattr(ground, "_provide", refuse)
    for _ in range(2):
        with pytest.raises(Failure, match="no database"):
            ground.provide(Needs.INSTALLATION)
    assert tries == [Needs.INSTALLATION]


def test_a_stage_finds_a_database_of_the_tests_own(tmp_path: Path, ground: runner.Ground) -> None:
    code = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1')"
    stages = [Stage(name, "Asks", [sys.executable, "-c", code], needs=Needs.DATABASE) for name in ("one", "two")]
    results = runner.run(stages, ground, tmp_path / "junit")
    assert [result.ok for result in results] == [True, True]
    assert ground.installation
    assert not state.is_running(ground.installation), "what was started is stopped"


def test_the_tests_contain_the_check_and_every_stage_has_its_own_name(tmp_path: Path) -> None:
    names = [stage.name for stage in of_test(tmp_path)]
    assert len(set(names)) == len(names)
    assert names[: len(of_check(tmp_path))] == [stage.name for stage in of_check(tmp_path)]
    assert {"journeys", "browser", "fuzz", "faults"} < set(names)
    needs = {stage.name: stage.needs for stage in of_test(tmp_path)}
    assert all(needs[stage.beside] is stage.needs for stage in of_test(tmp_path) if stage.beside)
