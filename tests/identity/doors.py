"""Going in by the front door, as a person does: the picture is read, account and password are typed."""

from __future__ import annotations

from typing import Any

from anju.identity.models import Captcha
from anju.kernel.crypto import open_text
from tests.conftest import Api

PASSWORD = "Xy7!" * 4


def letters(captcha_id: str) -> str:
    """What the picture shows."""
    return open_text(bytes(Captcha.objects.get(pk=captcha_id).answer))


def enter(
    api: Api,
    account: str,
    password: str = PASSWORD,
    captcha: dict[str, Any] | None = None,
    answer: str = "",
    **more: Any,
) -> Any:
    captcha = captcha or api.get("/identity/captcha").json()
    sent = {
        "account": account,
        "password": password,
        "captcha_id": captcha["id"],
        "captcha": answer or letters(captcha["id"]),
    }
    return api.post("/identity/sign-in", sent | more)
