"""The supervisor starts in order, restarts what dies, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from tests.tools.devtool.harness import Supervised, eventually
from tools.devtool import state

GOOD = (
    "import os, pathlib, time; pathlib.Path(os.environ['WELL']).touch(); print('at work', flush=True); time.sleep(600)"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + GOOD
PARENT = (
    "import subprocess, sys; "
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True); "
)

Make = Callable[[dict[str, Any]], Supervised]


def test_everything_starts_and_a_signal_ends_it_in_order(supervised: Make) -> None:
    run = supervised({"applications": {"web": GOOD, "worker": GOOD, "sandbox": GOOD}})
    child = run.start()
    note = run.until("ready")
    pids = [entry.pid for entry in note.processes.values()]
    assert all(pid and state.birth_of(pid) for pid in pids)
    child.send_signal(signal.SIGINT)
    said, _ = child.communicate(timeout=20)
    assert child.returncode == 0
    assert "READY" in said
    assert "web │ at work" in said
    order = [line.removeprefix("stopping ") for line in said.splitlines() if line.startswith("stopping")]
    assert order == ["web", "worker", "sandbox"]
    assert not any(state.birth_of(pid) for pid in pids if pid)
    assert run.until("stopped")


def test_a_killed_process_is_started_again_and_said_so(supervised: Make) -> None:
    run = supervised({"applications": {"web": GOOD}})
    child = run.start()
    first = run.until("ready").processes["web"].pid
    assert first
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        note = run.note()
        entry = note.processes["web"] if note else None
        return bool(entry and entry.restarts == 1 and entry.pid not in {None, first})

    eventually(again)
    child.terminate()
    said, _ = child.communicate(timeout=20)
    assert "web ended (signal SIGKILL); it is started again in 0.5 s." in said


def test_a_process_that_never_stays_up_ends_the_start(supervised: Make) -> None:
    run = supervised({"applications": {"web": GOOD, "worker": "raise SystemExit('no settings')"}})
    said, _ = run.start().communicate(timeout=60)
    assert run.started[0].returncode == 1
    assert "no settings" in said
    assert "worker does not stay up" in said
    note = run.until("failed")
    assert note.processes["web"].pid is None


def test_a_failing_task_ends_the_start_before_any_application(supervised: Make) -> None:
    run = supervised({"tasks": ["raise SystemExit('cannot migrate')"], "applications": {"web": GOOD}})
    said, _ = run.start().communicate(timeout=30)
    assert run.started[0].returncode == 1
    assert "cannot migrate" in said
    assert "web" not in run.until("failed").processes


def test_one_that_does_not_listen_is_killed(supervised: Make) -> None:
    run = supervised({"applications": {"web": STUBBORN}})
    child = run.start()
    pid = run.until("ready").processes["web"].pid
    child.terminate()
    said, _ = child.communicate(timeout=20)
    assert "web does not end by itself; it is killed." in said
    assert pid
    assert not state.birth_of(pid)


def test_the_children_of_a_process_end_with_it(supervised: Make) -> None:
    run = supervised({"applications": {"web": PARENT + GOOD}})
    child = run.start()
    run.until("ready")
    log = run.installation.log / "web.log"
    grandchild = int(eventually(lambda: log.exists() and log.read_text().split("\n")[0].split()[-1]))
    assert state.birth_of(grandchild)
    child.terminate()
    child.communicate(timeout=20)
    eventually(lambda: not state.birth_of(grandchild))


def test_a_signal_during_the_start_ends_the_task_too(supervised: Make) -> None:
    run = supervised({"tasks": ["import time; print('long', flush=True); time.sleep(600)"], "applications": {}})
    child = run.start()
    eventually(lambda: (run.installation.log / "once.log").exists())
    child.terminate()
    child.communicate(timeout=20)
    assert child.returncode == 0


def test_a_second_supervisor_is_refused(supervised: Make) -> None:
    run = supervised({"applications": {"web": GOOD}})
    run.start()
    run.until("ready")
    said, _ = run.start().communicate(timeout=20)
    assert "running already" in said
    assert run.started.pop().returncode == 1
    assert state.is_running(run.installation)


def test_what_a_killed_supervisor_left_is_ended_first(supervised: Make) -> None:
    run = supervised({"applications": {"web": GOOD}})
    child = run.start()
    orphan = run.until("ready").processes["web"].pid
    child.kill()
    child.wait()
    assert orphan
    assert state.birth_of(orphan)
    run.start()
    note = run.until("ready")
    assert not state.birth_of(orphan)
    assert note.processes["web"].pid != orphan


def test_a_reused_process_number_is_left_alone(supervised: Make) -> None:
    run = supervised({"applications": {}})
    mine = state.ProcessState(pid=os.getpid(), birth="long ago")
    note = state.State(supervisor=1, port=1, database_url=None, processes={"web": mine})
    assert state.end_leftovers(note) == []
    assert state.birth_of(os.getpid())
    assert not state.is_running(run.installation)
