"""Passwords: hashing, and the rule that staff's must meet (GB/T 22239 or long ones, see the rulings on passwords)."""

from __future__ import annotations

import base64
import os
import secrets
import string
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, check_password, make_password
from nacl import exceptions
from nacl.pwhash import argon2id

from anju.identity.breached import is_breached
from anju.identity.models import PasswordProfile, SecurityPolicy
from anju.identity.policy import current
from anju.kernel.errors import DomainError

LONGEST = 128
# As many hashes at a time as there are processors: more of them at once only push each other out of the caches.
_AT_ONCE = BoundedSemaphore(max(1, os.cpu_count() or 1))


class WeakPassword(DomainError):
    """The password does not meet the rule; the sentence says which part."""

    code, message, advice = "password.weak", "密码强度不够", "请改用更长、字符种类更多的密码"


class Hasher(BasePasswordHasher):
    """Argon2id by libsodium with 7 MiB, five passes, one lane: one of the sets that OWASP names as of equal strength.

    Of these it costs the least processor time here (7 ms; 19 MiB with two passes costs 14), for the memory stays in the
    caches: at 50 sign-ins in flight the processors are what people wait for. Hashes of other parameters are checked by
    their own and made anew at the next sign-in.
    """

    algorithm = "argon2"
    memory = 7168
    passes = 5
    salt_entropy = 128

    def salt(self) -> str:
        return base64.b64encode(secrets.token_bytes(argon2id.SALTBYTES)).decode().rstrip("=")

    def encode(self, password: str, salt: str) -> str:
        """`argon2$argon2id$v=19$m=…,t=…,p=1$salt$hash`, the form of the reference implementation."""
        raw = salt.encode() if len(salt) == argon2id.SALTBYTES else base64.b64decode(salt + "=" * (-len(salt) % 4))
        with _AT_ONCE:
            digest = argon2id.kdf(32, password.encode(), raw, opslimit=self.passes, memlimit=self.memory * 1024)
        kept = [base64.b64encode(part).decode().rstrip("=") for part in (raw, digest)]
        return f"{self.algorithm}$argon2id$v=19$m={self.memory},t={self.passes},p=1${kept[0]}${kept[1]}"

    def verify(self, password: str, encoded: str) -> bool:
        _, _, standard = encoded.partition("$")
        try:
            with _AT_ONCE:
                return bool(argon2id.verify(f"${standard}".encode(), password.encode()))
        except (exceptions.InvalidkeyError, exceptions.ValueError):
            return False

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, variety, version, parameters, salt, digest = encoded.split("$", 5)
        told = dict(part.split("=") for part in parameters.split(","))
        return {
            "algorithm": algorithm, "hash": digest, "memory_cost": int(told["m"]), "parallelism": int(told["p"]),
            "salt": salt, "time_cost": int(told["t"]), "variety": variety, "version": int(version.partition("=")[2]),
        }  # fmt: skip

    def must_update(self, encoded: str) -> bool:
        known = self.decode(encoded)
        return bool((known["memory_cost"], known["time_cost"]) != (self.memory, self.passes))

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        known = self.decode(encoded)
        return {name: known[name] for name in ("algorithm", "variety", "memory_cost", "time_cost", "parallelism")}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """The parameters are those of the stored hash, so there is nothing to make up for."""


def check_strength(
    password: str, *, account: str = "", rule: SecurityPolicy | None = None, field: str = "password"
) -> None:
    """Raises `WeakPassword` unless the password meets the city's rule and does not hold the account's name."""
    rule = rule or current()
    kinds: list[Callable[[str], bool]] = [str.islower, str.isupper, str.isdigit, lambda c: c in string.punctuation]
    held = sum(any(kind(c) for c in password) for kind in kinds)
    if len(password) < rule.shortest:
        raise WeakPassword(f"密码至少 {rule.shortest} 位，现在只有 {len(password)} 位", field=field)
    if len(password) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 位", field=field)
    if held < rule.classes:
        raise WeakPassword(f"大写字母、小写字母、数字、符号中至少要有 {rule.classes} 种", field=field)
    if account and account.lower() in password.lower():
        raise WeakPassword("密码里不能含有账号名", field=field)
    if is_breached(password):
        raise WeakPassword("这个密码太常见，或已在泄露密码名单里", field=field, advice="请换一个别人猜不到的密码")


def needs_new_hash(encoded: str) -> bool:
    """Whether a stored hash was made with other parameters than those of today."""
    return Hasher().must_update(encoded)


def rule_in_words(rule: SecurityPolicy) -> list[str]:
    """The rule as the page tells it."""
    told = [f"至少 {rule.shortest} 位"]
    if rule.profile == PasswordProfile.CLASSES:
        told += [
            f"大写字母、小写字母、数字、符号中至少 {rule.classes} 种",
            f"{rule.max_age_days} 天后需要更换",
        ]
    if rule.remembered:
        told.append(f"不能与最近 {rule.remembered} 个旧密码相同")
    return [*told, "不能含有账号名，也不能是常见或已泄露的密码"]


def one_time_password() -> str:
    """A random password for a fresh or reset account; it must be changed at the first sign-in (PR-23 ruling)."""
    return "-".join(secrets.token_hex(2) for _ in range(3)) + "A"


__all__ = [
    "Hasher",
    "WeakPassword",
    "check_password",
    "check_strength",
    "make_password",
    "needs_new_hash",
    "one_time_password",
    "rule_in_words",
]
