"""门禁设备平台: people come and go at doors of invented estates, one every few seconds, always the same for a moment."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sandbox.departments.common import Operation, Refused
from sandbox.store import Store

KEY, TITLE, OFFICE = "doors", "门禁记录", "澜州市保障房门禁设备平台"
SECONDS = 4
LATEST = 30
PLACES = (
    ("339901", "文昌雅苑 1 号楼"), ("339901", "江湾新城 3 号楼"), ("339901", "滨江公寓 5 号楼"), ("339902", "南屏人家 2 号楼"),
    ("339902", "惠民家园 7 号楼"), ("339903", "和居花园 4 号楼"), ("339903", "书香里 6 号楼"), ("339904", "云溪小镇 8 号楼"),
)  # fmt: skip
NAMES = ("王*华", "李*敏", "陈*波", "赵*霞", "周*玲", "孙*凯", "吴*", "郑*", "访客")
WAYS = ("face", "face", "card", "phone", "code")


def event(number: int) -> dict[str, Any]:
    """The event of a number: the moment is in the number, the rest follows from it."""
    digest = hashlib.sha256(f"door{number}".encode()).digest()
    division, place = PLACES[digest[0] % len(PLACES)]
    passed = digest[1] % 13 != 0
    person = NAMES[digest[2] % len(NAMES)] if passed else "无授权"
    return {
        "key": f"D{number}", "at": datetime.fromtimestamp(number * SECONDS, UTC).isoformat(), "place": place,
        "division": division, "person": person, "way": "code" if person == "访客" else WAYS[digest[3] % len(WAYS)],
        "passed": passed,
    }  # fmt: skip


def events(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Events after a number, at most the latest few."""
    after = request.get("after", "")
    if not isinstance(after, str) or (after and not after.removeprefix("D").isdigit()):
        raise Refused("bad_request", "参数不符：after")
    last = int(datetime.now(UTC).timestamp()) // SECONDS
    first = max(last - LATEST, int(after.removeprefix("D")) if after else 0)
    return {"events": [event(number) for number in range(first + 1, last + 1)]}


OPERATIONS: dict[str, Operation] = {"events": events}
