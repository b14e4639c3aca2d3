"""Passwords of staff: the rule, and hashing (GB/T 22239 profile, see the rulings on passwords)."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from anju.kernel.errors import DomainError

SHORTEST = 12
CLASSES = 3


class WeakPassword(DomainError):
    """The password does not meet the rule; the sentence says which part."""

    code, message, advice = "password.weak", "密码强度不够", "请改用更长、字符种类更多的密码"


class Hasher(Argon2PasswordHasher):
    """Argon2id with the parameters OWASP names for interactive sign-in: 19 MiB, two passes, one lane."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1


def check_strength(password: str, *, account: str = "", shortest: int = SHORTEST, classes: int = CLASSES) -> None:
    """Raises `WeakPassword` unless the password is long and varied enough and does not hold the account's name."""
    kinds: list[Callable[[str], bool]] = [str.islower, str.isupper, str.isdigit, lambda c: c in string.punctuation]
    held = sum(any(kind(c) for c in password) for kind in kinds)
    if len(password) < shortest:
        raise WeakPassword(f"密码至少 {shortest} 位，现在只有 {len(password)} 位", field="password")
    if len(password) > 128:
        raise WeakPassword("密码最多 128 位", field="password")
    if held < classes:
        raise WeakPassword(f"大写字母、小写字母、数字、符号中至少要有 {classes} 种", field="password")
    if account and account.lower() in password.lower():
        raise WeakPassword("密码里不能含有账号名", field="password")


def one_time_password() -> str:
    """A random password for a fresh or reset account; it must be changed at the first sign-in (PR-23 ruling)."""
    return "-".join(secrets.token_hex(2) for _ in range(3)) + "A"


__all__ = ["Hasher", "WeakPassword", "check_password", "check_strength", "make_password", "one_time_password"]
