"""Pictures that keep machines from guessing passwords (PR-01)."""

from __future__ import annotations

import base64
import secrets
import uuid
from datetime import timedelta

from captcha.image import ImageCaptcha
from django.db import connection

from anju.identity.models import Captcha
from anju.kernel import clock
from anju.kernel.crypto import open_text, seal_text
from anju.kernel.errors import DomainError

VALID = timedelta(minutes=5)
LETTERS = "ACDEFHJKLMNPRTUVWXY34679"
LENGTH = 4
USE = """
    UPDATE identity_captcha SET used_at = %s WHERE id = %s AND used_at IS NULL AND expires_at >= %s RETURNING answer
"""


class CaptchaWrong(DomainError):
    """The letters do not match; the picture is used up."""

    code, message, advice = "captcha.wrong", "图形验证码不对", "请按新图片重新输入"


class CaptchaExpired(DomainError):
    """Older than five minutes, or used before."""

    code, message, advice = "captcha.expired", "图形验证码已失效", "请按新图片重新输入"


def make() -> tuple[Captcha, str]:
    """A fresh captcha and its picture as a data URL; old ones are swept away in passing."""
    text = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    moment = clock.real_now()
    Captcha.objects.filter(expires_at__lt=moment - timedelta(hours=1)).delete()
    made = Captcha.objects.create(answer=seal_text(text), expires_at=moment + VALID)
    picture = ImageCaptcha(width=120, height=40, font_sizes=(28, 30, 32)).generate(text)
    return made, "data:image/png;base64," + base64.b64encode(picture.read()).decode()


def consume(captcha_id: uuid.UUID, answer: str) -> None:
    """Uses a captcha up. Raises `CaptchaExpired` or `CaptchaWrong`; either way it serves no second time."""
    moment = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(USE, [moment, captcha_id, moment])
        stored = cursor.fetchone()
    if stored is None:
        raise CaptchaExpired(field="captcha")
    if not secrets.compare_digest(open_text(bytes(stored[0])).encode(), answer.strip().upper().encode()):
        raise CaptchaWrong(field="captcha")
