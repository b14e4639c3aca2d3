"""Before `serve` and `worker` start: is the program the one that was signed?"""

from __future__ import annotations

import logging
import sys

from django.conf import settings

from anju.trust.release import Fault, check

REFUSED = 78
log = logging.getLogger("anju.alarm")


def refuse_unsigned() -> None:
    """Ends the process with exit code 78 when the release is not as it was signed; reports it first (SH-233.4)."""
    if not settings.ANJU_RELEASE_KEY:
        if settings.ENV == "production":
            print("未设置 ANJU_RELEASE_KEY：启动时不核验程序签名", file=sys.stderr)
        return
    fault = check(settings.ROOT, bytes.fromhex(settings.ANJU_RELEASE_KEY))
    if fault is not None:
        print(f"程序签名核验不通过，拒绝启动：{fault.told}", file=sys.stderr)
        _report(fault)
        raise SystemExit(REFUSED)


def _report(fault: Fault) -> None:
    """Into the audit trail; where the database is not there either, the message on the terminal remains."""
    import django
    from django.db import Error

    django.setup()
    from anju.kernel import audit

    try:
        audit.raise_alarm("release.broken", f"程序签名核验不通过：{fault.told}", details={"path": fault.path})
    except Error as error:
        log.error("the alarm could not be recorded: %s", error)
