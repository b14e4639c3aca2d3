"""Runs stages: some two at a time before all others, then one after the other; timed, and reported at the end.

A stage that mostly waits runs beside another. What is not in front prints in one piece when it is over. What any of the
stages needs is started once, for all of them.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.devtool import chromium, junit, node_packages, plans
from tools.devtool.console import Failure, colour, fail, say
from tools.devtool.installation import PYTHON, ROOT, Installation, free_port_range
from tools.devtool.postgres import database
from tools.devtool.stages import Needs, Stage

LINES_OF_FAILURE, WIDEST = 12, 200
"""How much of a failed test's own words the report repeats."""


@dataclass
class Ground:
    """The database or whole installation that stages are run against; apart from the developer's own."""

    var: Path
    given_database_url: str | None
    most: Needs = Needs.NOTHING
    """The most that one of the stages needs; to start less first would be to start twice."""
    installation: Installation | None = None
    running: Needs = Needs.NOTHING
    refused: dict[Needs, str] = field(default_factory=dict)
    """Why something could not be started; it is not tried again for the next stage."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def provide(self, needs: Needs) -> None:
        """Starts what a stage needs, and what later ones need with it; raises Failure when this stage's cannot be had."""
        with self.lock:
            if needs.value <= self.running.value:
                return
            if self.most.value > needs.value and self.most not in self.refused:
                with suppress(Failure):
                    self._start(self.most)
                    return
            self._start(needs)

    def _start(self, needs: Needs) -> None:
        if needs in self.refused:
            raise Failure(self.refused[needs])
        try:
            self._provide(needs)
        except Failure as failure:
            self.refused[needs] = f"What this stage needs could not be started before: {failure}"
            raise

    def _provide(self, needs: Needs) -> None:
        self.close()
        if self.installation is None:
            shutil.rmtree(self.var, ignore_errors=True)
            self.installation = Installation(self.var, free_port_range(), self._database_url(), fleeting=True)
        if needs is Needs.INSTALLATION:
            node_packages.build()
        if needs is Needs.DATABASE and self.given_database_url:
            return
        plans.start_in_background(self.installation, database_only=needs is Needs.DATABASE)
        self.running = needs

    def _database_url(self) -> str | None:
        """On a given server: a database of the tests' own, made anew."""
        if not self.given_database_url:
            return None
        url = database.with_name(self.given_database_url, f"{database.name_of(self.given_database_url)}_installation")
        database.drop(url)
        return url

    def environment(self, stage: Stage, folder: Path) -> dict[str, str]:
        """What the stage's command finds in its environment."""
        found = {
            **node_packages.environment(),
            "ANJU_VAR": str(self.var),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        if self.installation and stage.needs is Needs.DATABASE:
            found["DATABASE_URL"] = self.given_database_url or self.installation.database_url
        if self.installation and stage.needs is Needs.INSTALLATION:
            found.update(self.installation.environment())
        found["PATH"] = f"{PYTHON.parent}{os.pathsep}{found.get('PATH', '')}"
        # Where Vitest and Playwright put their reports; their configuration reads it.
        found["ANJU_JUNIT"] = found["PLAYWRIGHT_JUNIT_OUTPUT_FILE"] = str(folder / f"{stage.name}.xml")
        return found

    def close(self) -> None:
        """Stops what was started."""
        if self.installation and self.running is not Needs.NOTHING:
            plans.stop(self.installation)
            self.running = Needs.NOTHING


@dataclass(frozen=True)
class Result:
    """How a stage went."""

    stage: Stage
    counts: junit.Counts
    seconds: float
    ok: bool


def run(stages: list[Stage], ground: Ground, folder: Path, fail_fast: bool = False) -> list[Result]:
    """Runs the stages; all of them, unless the first failure shall end it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {stage.name for stage in stages}
    aside = [stage for stage in stages if stage.aside]
    ground.most = max((stage.needs for stage in stages), key=lambda needs: needs.value, default=Needs.NOTHING)
    results: list[Result] = []
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            running = {
                stage.name: pool.submit(_run_stage, stage, ground, folder, in_front=False)
                for stage in sorted(aside, key=lambda stage: -stage.seconds)
            }
            results += [running[stage.name].result() for stage in aside]
        for stage in stages:
            if stage.aside or stage.beside in names:
                continue
            if fail_fast and not all(result.ok for result in results):
                break
            results += _run_together(stage, [each for each in stages if each.beside == stage.name], ground, folder)
    finally:
        ground.close()
    return results


def _run_together(stage: Stage, beside: list[Stage], ground: Ground, folder: Path) -> list[Result]:
    """One stage in front, and those that run beside it."""
    with ThreadPoolExecutor(max_workers=len(beside) + 1) as pool:
        running = [pool.submit(_run_stage, each, ground, folder, in_front=False) for each in beside]
        return [_run_stage(stage, ground, folder), *(each.result() for each in running)]


def _run_stage(stage: Stage, ground: Ground, folder: Path, *, in_front: bool = True) -> Result:
    heading = colour(f"\n── {stage.name}: {stage.title} ", "bold")
    path = folder / f"{stage.name}.xml"
    path.unlink(missing_ok=True)
    began = time.monotonic()
    if in_front:
        say(heading)
    try:
        ground.provide(stage.needs)
        environment = ground.environment(stage, folder)
        if stage.browser:
            environment["CHROMIUM"] = chromium.ensure()
        problem, printed = _run_command(stage, environment, in_front)
        if not in_front:
            say(f"{heading}\n{printed}".rstrip())
    except Failure as failure:
        fail(str(failure))
        problem = str(failure)
    seconds = time.monotonic() - began
    if not stage.writes_junit:
        junit.write_one(path, stage.name, stage.title, seconds, problem)
    elif problem and not junit.count(path).failed:
        junit.add_failure(path, stage.name, problem)
    counts = junit.count(path)
    return Result(stage, counts, seconds, ok=problem is None and not counts.failed)


def _run_command(stage: Stage, environment: dict[str, str], in_front: bool) -> tuple[str | None, str]:
    """Runs the command; gives what went wrong, None when nothing did, and what a stage not in front printed."""
    output = None if in_front else subprocess.PIPE
    try:
        child = subprocess.Popen(
            stage.command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            text=True,
            # What is not in front stays in our group: Ctrl-C ends it too, and nobody has to wait for it.
            start_new_session=in_front,
        )
    except OSError as error:
        return f"{stage.command[0]} cannot be run: {error}", ""
    try:
        printed, _ = child.communicate(timeout=stage.minutes * 60)
    except subprocess.TimeoutExpired:
        return f"the stage took longer than {stage.minutes} minutes and was ended", ""
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL) if in_front else child.kill()
            child.wait()
    return None if child.returncode == 0 else f"the command ended with code {child.returncode}", printed or ""


def report(results: list[Result], merged: Path) -> bool:
    """Prints the table, what failed and the sum, and writes the merged file; True when all is well.

    What failed is told here once more: whoever reads a long log reads its end. The last line,
    `N passed, N failed, N skipped`, is read by continuous integration.
    """
    say()
    for result in results:
        mark = colour("ok    ", "green") if result.ok else colour("FAILED", "red")
        say(f"  {mark} {result.stage.name:<10} {result.seconds:7.1f} s  {result.counts}")
    total = junit.merge(
        {result.stage.name: merged.parent / "junit" / f"{result.stage.name}.xml" for result in results}, merged
    )
    failing = [result.stage.name for result in results if not result.ok]
    for stage in (result.stage.name for result in results):
        path = merged.parent / "junit" / f"{stage}.xml"
        told = [(colour("UNSTEADY", "yellow"), test) for test in junit.unsteady(path)]
        told += [(colour("FAILED", "red"), test) for test in junit.failed(path)]
        for mark, test in told:
            say(f"\n{mark} {stage}: {test.name}")
            say("\n".join(f"    {line[:WIDEST]}" for line in test.said.splitlines()[:LINES_OF_FAILURE]))
    if failing:
        say(f"\nFailing: {', '.join(failing)}. One alone: ./dev test --only {failing[0]}")
    say(f"JUnit: {merged.relative_to(ROOT) if merged.is_relative_to(ROOT) else merged}")
    say(str(total))
    return not failing
