"""邮件系统: reached over SMTP, not over the exchange (see `sandbox/mailbox.py`); here it has its switch only."""

from __future__ import annotations

from sandbox.departments.common import Operation

KEY, TITLE, OFFICE = "mail", "电子邮件", "澜州市政务邮件系统"
OPERATIONS: dict[str, Operation] = {}
