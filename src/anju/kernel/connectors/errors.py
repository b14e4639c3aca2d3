"""How an outside interface can fail, told to a person; nothing was changed in any of these cases."""

from __future__ import annotations

from typing import ClassVar

from anju.kernel.errors import Unavailable

_ADVICE = "内容没有丢失。系统会再试；仍不成功时，可凭证明材料登记人工核查结果"


class ConnectorError(Unavailable):
    """A department did not give a usable answer."""

    code = "connector.unavailable"
    advice = _ADVICE
    result: ClassVar[str] = "failed"

    line: bool = True

    def __init__(self, department: str, reason: str, *, retry_after: int | None = None) -> None:
        self.reason = reason
        details: dict[str, object] = {"department": department}
        if retry_after is not None:
            details["retry_after"] = retry_after
        super().__init__(self.sentence(department, reason), details=details)

    def sentence(self, department: str, reason: str) -> str:
        """The sentence shown to a person."""
        return f"{department}的接口出错：{reason}"


class ConnectorTimeout(ConnectorError):
    """No answer in time, or no connection; the same id asked again later finds an answer that came late."""

    code, result = "connector.timeout", "timeout"

    def sentence(self, department: str, reason: str) -> str:
        """The sentence shown to a person."""
        return f"{department}没有按时应答：{reason}"


class ConnectorRefused(ConnectorError):
    """The department answered that it does not accept the query; asking the same again would not help."""

    code, result = "connector.refused", "refused"
    advice = "请核对所填内容；内容无误的，请联系该部门，或凭证明材料登记人工核查结果"

    def sentence(self, department: str, reason: str) -> str:
        """The sentence shown to a person."""
        return f"{department}退回了这次查询：{reason}"


class ConnectorDenied(ConnectorRefused):
    """The door stays shut to us (401, 403, a key that does not fit): a matter of configuration, not of the query."""

    code = "connector.denied"
    advice = "请系统管理员核对接口授权和密钥；内容没有丢失，配置改好后会继续"


class ConnectorGarbage(ConnectorError):
    """What came is no answer of the agreed shape, or is forged; it is dropped and never shown as a result."""

    code, result = "connector.garbage", "garbage"

    def __init__(self, department: str, reason: str, *, line: bool = True) -> None:
        # a signed answer with one malformed record is no fault of the line: it must not close it for everybody else
        self.line = line
        super().__init__(department, reason)

    def sentence(self, department: str, reason: str) -> str:
        """The sentence shown to a person."""
        return f"{department}的应答无法采用：{reason}"


class ConnectorOpen(ConnectorError):
    """The breaker is open: the department failed several times in a row and is left alone for a while."""

    code, result = "connector.open", "open"

    def sentence(self, department: str, reason: str) -> str:
        """The sentence shown to a person."""
        return f"{department}连续多次没有应答，暂停访问：{reason}"
