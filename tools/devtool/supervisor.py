"""The supervisor: starts the processes in order, restarts one that dies, and stops them in order.

It is one asyncio loop. Each process has its own process group, so that Ctrl-C reaches only the supervisor, which then
ends web, worker, sandbox and, last, the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import IO, Any

from tools.devtool import state
from tools.devtool.console import Failure, colour, fail, say, step, warn
from tools.devtool.installation import ROOT, Installation, check_ports
from tools.devtool.logs import Log
from tools.devtool.processes import Process

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a dead process is started again; doubled each time."""
STEADY_SECONDS = 60.0
"""After running this long a process is trusted again, and its pause is the first one."""
PATIENCE_AT_START = 90.0
DEATHS_AT_START = 4
"""A process that dies this often before it ever answered ends the start."""


@dataclass(frozen=True)
class Task:
    """Something that is run once, between the start of the database and that of the application."""

    name: str
    title: str
    command: list[str]


@dataclass
class Plan:
    """What is started, in this order: database, `prepare`, tasks, applications."""

    database: Process | None
    prepare: Callable[[], str]
    """Called when the database answers; gives its version."""
    tasks: list[Task] = field(default_factory=list)
    applications: list[Process] = field(default_factory=list)
    """Started together, ended one after the other in this order."""
    on_ready: Callable[[], None] = lambda: None


class Supervisor:
    """Runs a plan until it is told to stop."""

    def __init__(self, installation: Installation, plan: Plan, on_screen: bool = True) -> None:
        self.installation, self.plan, self.on_screen = installation, plan, on_screen
        self.state = state.State(
            supervisor=os.getpid(),
            port=installation.port,
            database_url=installation.given_database_url,
            started=time.time(),
        )
        self.keepers: dict[str, asyncio.Task[None]] = {}
        self.living: dict[str, asyncio.subprocess.Process] = {}
        self.stopping: set[str] = set()
        self.told = asyncio.Event()
        self.impatient = False

    async def run(self) -> int:
        """Starts everything, waits for SIGINT, SIGTERM or SIGHUP, stops everything; gives the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._tell)
        starting = asyncio.create_task(self._start())
        told = asyncio.create_task(self.told.wait())
        code = 0
        try:
            await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
            elif error := starting.exception():
                if not isinstance(error, Failure):
                    raise error
                fail(str(error))
                code = 1
            else:
                await told
        finally:
            await self._stop("failed" if code else "stopped")
        return code

    def _tell(self) -> None:
        self.impatient = self.told.is_set()
        self.told.set()

    def _note(self, phase: str | None = None) -> None:
        self.state.phase = phase or self.state.phase
        state.write(self.installation, self.state)

    async def _start(self) -> None:
        self._note("starting")
        if self.plan.database:
            self._keep(self.plan.database)
            await self._until_healthy([self.plan.database])
        self.state.postgresql = await asyncio.to_thread(self.plan.prepare)
        for task in self.plan.tasks:
            await self._run_once(task)
        for process in self.plan.applications:
            self._keep(process)
        await self._until_healthy(self.plan.applications)
        await asyncio.to_thread(self.plan.on_ready)
        self._note("ready")

    def _keep(self, process: Process) -> None:
        self.state.processes[process.name] = state.ProcessState()
        self.keepers[process.name] = asyncio.create_task(self._keep_running(process))

    async def _keep_running(self, process: Process) -> None:
        """Starts the process, and again whenever it dies, until it is being stopped."""
        log = Log(self.installation.log, process.name, process.colour, self.on_screen)
        entry = self.state.processes[process.name]
        pause = FIRST_PAUSE
        while process.name not in self.stopping:
            began = time.monotonic()
            ended = await self._live(process, entry, log)
            if process.name in self.stopping:
                break
            if time.monotonic() - began > STEADY_SECONDS:
                pause = FIRST_PAUSE
            entry.restarts += 1
            self._note()
            warn(f"{process.name} {ended}; it is started again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        log.close()

    async def _live(self, process: Process, entry: state.ProcessState, log: Log) -> str:
        """One life of a process; tells how it ended."""
        try:
            await asyncio.to_thread(process.before)
            child, output = await _spawn(process.command, process.environment, process.options)
        except (OSError, Failure) as error:
            return f"cannot be started ({error})"
        self.living[process.name] = child
        entry.pid, entry.birth, entry.since = child.pid, state.birth_of(child.pid), time.time()
        self._note()
        code = await _followed(child, output, log)
        entry.pid = None
        return f"ended ({_in_words(code)})"

    async def _until_healthy(self, processes: list[Process]) -> None:
        """Waits until all answer; raises Failure naming one that dies again and again, or those that keep silent."""
        deadline = time.monotonic() + PATIENCE_AT_START
        waiting = list(processes)
        while waiting:
            answers = await asyncio.gather(*(asyncio.to_thread(process.healthy) for process in waiting))
            waiting = [process for process, healthy in zip(waiting, answers, strict=True) if not healthy]
            for process in waiting:
                if self.state.processes[process.name].restarts >= DEATHS_AT_START:
                    raise Failure(f"{process.name} does not stay up: see {self.installation.log / process.name}.log")
            if waiting and time.monotonic() > deadline:
                names = ", ".join(process.name for process in waiting)
                raise Failure(f"No answer from {names} within {PATIENCE_AT_START:g} s: see {self.installation.log}")
            if waiting:
                await asyncio.sleep(0.2)

    async def _run_once(self, task: Task) -> None:
        """Runs a task to its end; raises Failure when it fails."""
        step(task.title)
        log = Log(self.installation.log, task.name, "grey", on_screen=True)
        child, output = await _spawn(task.command, self.installation.environment(), {"cwd": ROOT})
        code = await _followed(child, output, log)
        log.close()
        if code:
            raise Failure(f"{task.title}: failed ({_in_words(code)}); its output stands above.")

    async def _stop(self, last_phase: str) -> None:
        """Ends the applications one after the other, then the database."""
        self._note("stopping")
        order = [*self.plan.applications, *([self.plan.database] if self.plan.database else [])]
        for process in order:
            self.stopping.add(process.name)
        for process in order:
            keeper = self.keepers.get(process.name)
            if keeper is None:
                continue
            child = self.living.get(process.name)
            if child is not None and child.returncode is None:
                say(colour(f"stopping {process.name}", "grey"))
                child.send_signal(process.stop_signal)
                await self._within(process.patience, child.wait())
                if child.returncode is None:
                    warn(f"{process.name} does not end by itself; it is killed.")
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            self.state.processes[process.name].pid = None
        self._note(last_phase)

    async def _within(self, seconds: float, ended: Awaitable[int]) -> None:
        """Waits, but no longer than this, and not at all after a second Ctrl-C."""
        waiting = asyncio.ensure_future(ended)
        deadline = time.monotonic() + seconds
        while not waiting.done() and time.monotonic() < deadline and not self.impatient:
            await asyncio.wait({waiting}, timeout=0.2)
        if not waiting.done():
            waiting.cancel()


async def _spawn(
    command: list[str], environment: dict[str, str], options: dict[str, Any]
) -> tuple[asyncio.subprocess.Process, IO[bytes]]:
    """Starts a process in a group of its own; gives it and the end of the pipe where its output arrives."""
    reading, writing = os.pipe()
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    except OSError:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return child, os.fdopen(reading, "rb")


async def _followed(child: asyncio.subprocess.Process, output: IO[bytes], log: Log) -> int:
    """Passes on the output until the process ends; ends then what is left of its group, and gives its code."""
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), output
    )
    reading = asyncio.create_task(log.follow(stream))
    try:
        code = await child.wait()
        _kill_group(child.pid)
        await asyncio.wait({reading}, timeout=1)
    finally:
        _kill_group(child.pid)
        reading.cancel()
        transport.close()
    return code


def _kill_group(pid: int) -> None:
    """Ends whatever is left of a process's group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _in_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"


def supervise(installation: Installation, make_plan: Callable[[], Plan], on_screen: bool = True) -> int:
    """Runs the plan in this process until a signal comes; gives the exit code.

    Raises Failure when another supervisor of the installation runs, or a port is taken.
    """
    installation.make_folders()
    lock = state.take_lock(installation)
    if lock is None:
        raise Failure("Anju is running already: see `./dev status`, or end it with `./dev stop`.")
    with lock:
        before = state.read(installation.var)
        if before and (names := state.end_leftovers(before)):
            warn(f"Left over from a killed supervisor and ended: {', '.join(names)}.")
        plan = make_plan()
        check_ports(installation)

        async def run() -> int:
            return await Supervisor(installation, plan, on_screen).run()

        return asyncio.run(run())
