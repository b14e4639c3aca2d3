"""What can go wrong with the cryptography service, as sentences people can act on."""

from __future__ import annotations

from anju.kernel.errors import DomainError, Unavailable


class CryptoUnavailable(Unavailable):
    """The configured service does not answer; nothing was sealed, opened or signed, and nothing was changed."""

    code, message = "crypto.unavailable", "密码服务暂时没有应答，本次操作没有进行"
    advice = "内容没有改动，请稍后再试；若持续出现，请告知运维人员检查密码服务"


class CryptoGarbage(Unavailable):
    """The service answered something that is not signed by it or makes no sense; it is not used."""

    code, message = "crypto.garbage", "密码服务的应答不合规，本次操作没有进行"
    advice = "内容没有改动；请告知运维人员检查密码服务的地址和接入密钥"


class CryptoRefused(Unavailable):
    """The service refuses us: an unknown system, a wrong secret, a purpose not opened to us."""

    code, message = "crypto.refused", "密码服务拒绝了请求，本次操作没有进行"
    advice = "内容没有改动；请告知运维人员核对密码服务的接入编号和权限"


class Unreadable(DomainError, ValueError):
    """Sealed bytes that were changed, cut short, or sealed with keys this installation does not have."""

    status, code, message = 503, "crypto.unreadable", "加密内容无法解开：内容被改动，或密钥与本系统不符"
    advice = "内容没有改动；请告知运维人员，用与数据同期的密钥环备份恢复后再试"

    def __init__(self, reason: str) -> None:
        super().__init__(details={"reason": reason})
        self.reason = reason

    def __str__(self) -> str:
        return self.reason
