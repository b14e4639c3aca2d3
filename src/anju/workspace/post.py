"""E-mail over SMTP (RFC 5321), one message a conversation."""

from __future__ import annotations

import smtplib
import ssl
import uuid
from email.message import EmailMessage

from django.conf import settings

from anju.kernel import clock

TIMEOUT = 10.0


class Undeliverable(Exception):
    """The mail system refuses this message for good: an address that does not exist."""


class NotNow(Exception):
    """The message did not leave and may later; `ours` where the mail system refuses us, not the message."""

    def __init__(self, reason: str, *, ours: bool = False) -> None:
        super().__init__(reason)
        self.ours = ours


def send(uid: uuid.UUID, address: str, title: str, text: str) -> str:
    """Hands a message to the configured mail system and gives its Message-ID. Raises `Undeliverable` or `NotNow`."""
    host = settings.ANJU_MAIL
    message = EmailMessage()
    message["Subject"] = " ".join(title.split())
    message["From"] = host["sender"]
    message["To"] = address
    message["Message-ID"] = f"<{uid.hex}@{host['sender'].rpartition('@')[2].rstrip('>')}>"
    message["Date"] = clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    message.set_content(text)
    try:
        with smtplib.SMTP(host["host"], host["port"], timeout=TIMEOUT) as smtp:
            if host["tls"]:
                smtp.starttls(context=ssl.create_default_context())
            if host["user"]:
                smtp.login(host["user"], host["password"])
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        if 500 <= code < 600:
            raise Undeliverable(f"邮件系统不接受这个地址（{code} {_words(said)}）") from refusal
        raise NotNow(f"{code} {_words(said)}") from refusal
    except smtplib.SMTPDataError as refusal:
        reason, final = f"{refusal.smtp_code} {_words(refusal.smtp_error)}", 550 <= refusal.smtp_code < 600
        if final:
            raise Undeliverable(f"邮件系统退回了这封邮件（{reason}）") from refusal
        raise NotNow(reason, ours=refusal.smtp_code >= 500) from refusal
    except smtplib.SMTPResponseException as refusal:
        raise NotNow(
            f"{refusal.smtp_code} {_words(refusal.smtp_error)}", ours=500 <= refusal.smtp_code < 600
        ) from refusal
    except (OSError, smtplib.SMTPException) as failure:
        raise NotNow(f"连接不上邮件系统（{type(failure).__name__}）") from failure
    return str(message["Message-ID"])


def _words(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:160]
