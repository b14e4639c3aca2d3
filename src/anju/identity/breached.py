"""Passwords that are known to be out: a city's own list, and the words everybody tries first.

The list is a file of SHA-1 digests in hexadecimal, one a line, in order, a count after a colon allowed; its path is the
setting `ANJU_BREACHED_PASSWORDS`. It is searched where it lies, however large it is.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings

WORDS = (
    "password", "passw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "administrator", "admin", "welcome",
    "letmein", "iloveyou", "woaini", "abcdef", "1qaz2wsx", "3edc4rfv", "1q2w3e4r", "zaq12wsx", "changeme", "anju",
    "beijing", "shanghai", "zhongguo", "zhufang", "5201314", "1314520", "monkey", "dragon", "sunshine", "princess",
)  # fmt: skip
RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
LINE_LONGEST = 80


def is_breached(password: str) -> bool:
    """Whether a password is in the city's list, or is nothing but common words, runs and repetitions."""
    return is_common(password.lower()) or in_list(password)


def is_common(password: str) -> bool:
    """Whether next to nothing is left once common words, runs such as 123456 and repeated characters are taken out."""
    rest = password
    for word in WORDS:
        rest = rest.replace(word, "")
    for run in RUNS:
        for length in range(len(run), 3, -1):
            for start in range(len(run) - length + 1):
                rest = rest.replace(run[start : start + length], "")
    return len(set(rest)) <= 3


def in_list(password: str) -> bool:
    """Whether the city's list holds the password; without a list, no."""
    path = settings.ANJU_BREACHED_PASSWORDS
    if not path or not Path(path).is_file():
        return False
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with Path(path).open("rb") as lines:
        low, high = 0, lines.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline(LINE_LONGEST)
            start = lines.tell()
            line = lines.readline(LINE_LONGEST)
            digest = line.split(b":")[0].strip().upper()
            if digest == wanted:
                return True
            if not line or start >= high or digest > wanted:
                high = middle
            else:
                low = lines.tell()
    return False
