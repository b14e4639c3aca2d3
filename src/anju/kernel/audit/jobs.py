"""Background work on the audit trail: sealing every minute, verifying on request and every night, archiving."""

from __future__ import annotations

import logging

from anju.kernel.audit import verifying
from anju.kernel.audit.alarms import raise_alarm
from anju.kernel.audit.archive import archive_old
from anju.kernel.audit.sealing import ChainCut, seal
from anju.kernel.audit.services import record
from anju.kernel.errors import Unavailable
from anju.kernel.jobs import Context, background, defer, every, work
from anju.kernel.scope import Actor, system

log = logging.getLogger("anju.audit")
_BLOCKS_A_MINUTE = 60


@background("audit.seal", atomic=False)
def seal_trail() -> None:
    """Seals what is final; a repeat finds nothing left. Without the cryptography service the next minute does it."""
    try:
        seal(most=_BLOCKS_A_MINUTE)
    except ChainCut as cut:
        raise_alarm("audit.cut", cut.message, details=cut.details)
    except Unavailable as error:
        log.warning("the audit trail waits to be sealed: %s", error.message)


every(minutes=1)("audit.seal")


def check(actor: Actor, progress: verifying.Progress = lambda done: None) -> verifying.Report:
    """Verifies the trail, remembers the result, and raises an alarm when something is wrong."""
    report = verifying.verify(progress)
    verifying.keep(report, actor)
    record(
        "verify", actor=actor, subject="audit.trail", title="核验审计记录",
        detail={"entries": report.entries, "seals": report.seals, "findings": len(report.findings)},
    )  # fmt: skip
    if report.findings:
        raise_alarm(
            "audit.broken", f"审计记录核验不通过：{report.findings[0].told}", details={"count": len(report.findings)}
        )
    return report


@background("audit.check", atomic=False)
def check_unwatched() -> None:
    """The nightly check; a repeat checks once more."""
    check(system("夜间核验"))


@background("audit.archive", atomic=False)
def archive_unwatched() -> None:
    """Archives blocks beyond the time they are kept; each block is its own transaction, a repeat goes on."""
    archive_old()


@background("audit.nightly")
def nightly() -> None:
    """Asks for the nightly check and for archiving; while one waits, another is not asked for."""
    defer("audit.check", once="audit.check")
    defer("audit.archive", once="audit.archive")


every(minutes=1440)("audit.nightly")


@work("audit.verify", title="核验审计记录")
def verify_trail(context: Context) -> None:
    """Verifies for a person who watches; nothing is changed, so it may begin anew."""

    def progress(done: int) -> None:
        context.raise_if_cancelled()
        context.progress(done)

    report = check(context.actor, progress)
    first = report.findings[0].told if report.findings else ""
    context.finish({"entries": report.entries, "whole": report.whole, "first": first})
