"""All stages run, failing ones are named, and the exit code is right."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.devtool import runner, state
from tools.devtool.console import Failure
from tools.devtool.stages import Needs, Stage, of_check, of_test


def plain(name: str, code: int) -> Stage:
    return Stage(name, f"Stage {name}", [sys.executable, "-c", f"raise SystemExit({code})"])


def meeting(folder: Path, own: str, other: str) -> list[str]:
    """A command that is only well when another is under way beside it, or was before."""
    code = (
        "import pathlib, sys, time; own, other = map(pathlib.Path, sys.argv[1:]); own.touch(); print('begin', flush=True)\n"
        "for _ in range(400):\n    if other.exists(): print('end'); sys.exit(0)\n    time.sleep(0.05)\nsys.exit(1)"
    )
    return [sys.executable, "-c", code, str(folder / own), str(folder / other)]


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
    pairs = (("one", "two"), ("two", "one"))
    stages = [Stage(own, own.upper(), meeting(tmp_path, own, other), aside=True) for own, other in pairs]
    results = runner.run(stages, ground, tmp_path / "junit")
    assert [(result.stage.name, result.ok) for result in results] == [("one", True), ("two", True)]
    assert capsys.readouterr().out.count("\nbegin\nend\n") == 2


def test_a_stage_that_waits_runs_beside_another_and_alone_when_only_it_is_asked_for(
    tmp_path: Path, ground: runner.Ground
) -> None:
    front = Stage("front", "Front", meeting(tmp_path, "front", "beside"))
    beside = Stage("beside", "Beside", meeting(tmp_path, "beside", "front"), beside="front")
    results = runner.run([front, beside], ground, tmp_path / "junit")
    assert [(each.stage.name, each.ok) for each in results] == [("front", True), ("beside", True)]
    assert [each.ok for each in runner.run([beside], ground, tmp_path / "junit")] == [True]


def test_what_any_stage_needs_is_started_once_for_all(
    tmp_path: Path, ground: runner.Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Needs] = []

    def start(needs: Needs) -> None:
        started.append(needs)
        ground.running = needs

    monkeypatch.setattr(ground, "_provide", start)
    monkeypatch.setattr(ground, "close", lambda: None)
    passes = [sys.executable, "-c", ""]
    stages = [Stage("one", "One", passes, needs=Needs.DATABASE), Stage("two", "Two", passes, needs=Needs.INSTALLATION)]
    assert all(each.ok for each in runner.run(stages, ground, tmp_path / "junit"))
    assert started == [Needs.INSTALLATION]


def test_without_an_installation_what_needs_a_database_only_runs_all_the_same(
    tmp_path: Path, ground: runner.Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(needs: Needs) -> None:
        if needs is Needs.INSTALLATION:
            raise Failure("the web could not be built")
        ground.running = needs

    monkeypatch.setattr(ground, "_provide", start)
    monkeypatch.setattr(ground, "close", lambda: None)
    passes = [sys.executable, "-c", ""]
    stages = [Stage("one", "One", passes, needs=Needs.DATABASE), Stage("two", "Two", passes, needs=Needs.INSTALLATION)]
    assert [each.ok for each in runner.run(stages, ground, tmp_path / "junit")] == [True, False]


def test_the_longest_aside_begin_first_and_are_told_of_in_their_order(tmp_path: Path, ground: runner.Ground) -> None:
    begun = tmp_path / "begun"
    code = f"import sys, time; open({str(begun)!r}, 'a').write(sys.argv[1]); time.sleep(0.3)"
    stages = [
        Stage(name, name, [sys.executable, "-c", code, name], aside=True, seconds=seconds)
        for name, seconds in (("a", 1), ("b", 2), ("c", 3))
    ]
    assert [each.stage.name for each in runner.run(stages, ground, tmp_path / "junit")] == ["a", "b", "c"]
    assert begun.read_text()[-1] == "a"


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
    """It is made anew each time, so it does not wait for the disk."""
    code = "import os, psycopg; assert psycopg.connect(os.environ['DATABASE_URL']).execute('SHOW fsync').fetchone() == ('off',)"
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
    of_all = {stage.name: stage for stage in of_test(tmp_path)}
    assert not [name for name, stage in of_all.items() if stage.beside and of_all[stage.beside].aside]
    needs = {name: stage.needs for name, stage in of_all.items()}
    assert all(needs[stage.beside].value <= stage.needs.value for stage in of_test(tmp_path) if stage.beside)
