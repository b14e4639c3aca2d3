"""The rule for residents' passwords (ZB-03.3)."""

from __future__ import annotations

from anju.citizen.limits import PASSWORD_LONGEST, PASSWORD_SHORTEST
from anju.kernel.errors import DomainError

_COMMON = (
    "password", "passw0rd", "qwerty", "qwertyuiop", "asdfgh", "zxcvbn", "abc123", "abcd1234", "iloveyou", "woaini",
    "1q2w3e", "1qaz2wsx", "admin", "welcome", "letmein", "anju", "dragon", "sunshine", "5201314", "1314520",
)  # fmt: skip
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")


class WeakPassword(DomainError):
    """The password does not meet the rule; the sentence says which part."""

    code = "password.weak"
    advice = f"至少 {PASSWORD_SHORTEST} 位，字母和数字都要有，例如用两个词加几个数字"


def check_password_rule(password: str, *, phone: str = "") -> None:
    """Raises `WeakPassword` unless the password is long enough, has letters and digits, and is not a common one."""
    if len(password) < PASSWORD_SHORTEST:
        raise WeakPassword(f"密码至少 {PASSWORD_SHORTEST} 位，现在是 {len(password)} 位", field="password")
    if len(password) > PASSWORD_LONGEST:
        raise WeakPassword(f"密码最多 {PASSWORD_LONGEST} 位", field="password")
    if not any(c.isalpha() for c in password):
        raise WeakPassword("密码里还没有字母", field="password")
    if not any(c.isdigit() for c in password):
        raise WeakPassword("密码里还没有数字", field="password")
    if phone and phone in password:
        raise WeakPassword("密码里不能含有手机号", field="password")
    if _is_common(password.lower()):
        raise WeakPassword("这个密码太常见，容易被人猜到", field="password")


def _is_common(password: str) -> bool:
    """Whether little is left once common words, runs such as 123456 and repeated characters are taken out."""
    rest = password
    for word in _COMMON:
        rest = rest.replace(word, "")
    for run in _RUNS:
        for length in range(len(run), 3, -1):
            for start in range(len(run) - length + 1):
                rest = rest.replace(run[start : start + length], "")
    return len(set(rest)) <= 3
