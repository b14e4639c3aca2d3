"""Errors that a person can act on: a stable code, a Chinese sentence, the field, and what to do.

Every refusal that reaches a person is a `DomainError`; the site turns it into one JSON shape (see `as_json`).
Expected failures of a function have their own subclass beside that function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class DomainError(Exception):
    """A refusal with a stable `code`, a Chinese `message`, optionally the `field` it concerns and an `advice`."""

    status = 422
    code = "invalid"
    message = "请求不符合要求"
    advice = ""

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        advice: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.field = field
        self.advice = advice if advice is not None else self.advice
        self.details = details or {}
        super().__init__(f"{self.code}: {self.message}")

    def as_json(self) -> dict[str, Any]:
        """The error as every operation answers it."""
        return {
            "code": self.code,
            "message": self.message,
            "advice": self.advice,
            "field": self.field,
            "details": self.details,
        }


@dataclass(frozen=True)
class FieldError:
    """One wrong place in a form: `path` such as `members.2.id_number`, a code, and the sentence to show there."""

    path: str
    code: str
    message: str


class Invalid(DomainError):
    """Several fields are wrong; all of them are told at once."""

    code = "form.invalid"
    message = "有内容需要修改"
    advice = "请按提示逐项修改后再提交"

    def __init__(self, errors: list[FieldError], message: str | None = None) -> None:
        self.errors = errors
        listed = [{"field": e.path, "code": e.code, "message": e.message} for e in errors]
        super().__init__(message, field=errors[0].path if errors else None, details={"errors": listed})


class NotSignedIn(DomainError):
    """Nobody is signed in."""

    status, code, message, advice = 401, "auth.required", "请先登录", "登录后会回到这一页"


class Forbidden(DomainError):
    """The right is missing; the answer names it so that the person can ask for it."""

    status, code, message = 403, "auth.forbidden", "没有这项权限"
    advice = "请向本单位管理员申请该权限"


class NotFound(DomainError):
    """No such row, or one outside the person's scope: the answer is the same, so nothing is given away."""

    status, code, message, advice = 404, "not_found", "没有找到这条记录", "它可能已被移除，或不在你的管辖范围内"


class Conflict(DomainError):
    """Someone else was faster; `details` may hold the present state so that both can be compared."""

    status, code, message, advice = 409, "conflict", "内容已被他人修改", "请对照最新内容后再保存"


class TooMany(DomainError):
    """Asked too often; `details.retry_after` says the seconds to wait."""

    status, code, message, advice = 429, "too_many", "操作太频繁", "请稍后再试"


class Unavailable(DomainError):
    """An outside system does not answer; nothing was changed."""

    status, code, message = 503, "unavailable", "对方系统暂时没有应答"
    advice = "内容没有丢失，请稍后再试"
