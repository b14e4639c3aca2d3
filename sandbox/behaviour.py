"""How each department behaves at the moment: well, or badly in one of the ways that real ones do."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MODES = {
    "ok": "正常",
    "slow": "变慢",
    "fail": "报错",
    "late": "迟到",
    "twice": "答两遍",
    "garbage": "乱答",
    "silent": "不应答",
    "denied": "无权限",
}
GARBAGE = ("page", "cut", "unsigned", "shape", "foreign")
_SECONDS = {"slow": 2.0, "late": 8.0, "silent": 60.0}


@dataclass
class Behaviour:
    """The mode, how long slow, late and silent last, for how many more calls (None: until told otherwise).

    `slow` answers each call after the seconds; `late` lets the first delivery of a query wait and answers a repeated
    delivery of the same query at once; `fail` and `silent` do not process the query; `garbage` answers one of GARBAGE
    (`kind`, else in turn): a web page, half a message, a wrong signature, a wrong shape, another query's answer.
    """

    mode: str = "ok"
    seconds: float = 0.0
    times: int | None = None
    kind: str = ""


class Behaviours:
    """The behaviour of every department; a restart begins with all well."""

    def __init__(self, departments: list[str]) -> None:
        self._now = {key: Behaviour() for key in departments}
        self._garbled = 0

    def set(self, department: str, mode: str, seconds: float | None, times: int | None, kind: str = "") -> Behaviour:
        """Changes one department; ValueError for what does not exist."""
        if department not in self._now:
            raise ValueError(f"没有这个部门：{department}")
        if mode not in MODES:
            raise ValueError(f"没有这种状态：{mode}")
        if kind and kind not in GARBAGE:
            raise ValueError(f"没有这种乱答：{kind}")
        if seconds is not None and not 0 <= seconds <= 600:
            raise ValueError("秒数须在 0 到 600 之间")
        if times is not None and not 1 <= times <= 100_000:
            raise ValueError("次数须在 1 到 100000 之间")
        changed = Behaviour(mode, _SECONDS.get(mode, 0.0) if seconds is None else seconds, times, kind)
        self._now[department] = changed
        return changed

    def take(self, department: str) -> Behaviour:
        """The behaviour for one call; counts it against `times`."""
        now = self._now[department]
        taken = Behaviour(**asdict(now))
        if now.mode == "garbage":
            taken.kind = now.kind or GARBAGE[self._garbled % len(GARBAGE)]
            self._garbled += 1
        if now.times is not None:
            now.times -= 1
            if now.times <= 0:
                self._now[department] = Behaviour()
        return taken

    def reset(self) -> None:
        """All well again."""
        for key in self._now:
            self._now[key] = Behaviour()

    def as_dict(self) -> dict[str, dict[str, object]]:
        """The present behaviour of every department."""
        return {key: asdict(value) for key, value in self._now.items()}
