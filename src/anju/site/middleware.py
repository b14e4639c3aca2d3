"""What every answer carries and what no request may contain."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from anju.gateway.door import of_party
from anju.kernel.http.json import dumps

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "object-src 'none'; frame-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)


FRAMEWORK = {
    404: ("not_found", "没有这个接口", "请查阅 /api/openapi.json"),
    405: ("request.method", "这个接口不接受这种请求方式", "请查阅 /api/openapi.json"),
    413: ("request.too_large", "请求内容太大", "请减小文件或分几次提交"),
}


class Headers:
    """Security headers on every answer; answers of the API are never stored by a cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/api/") and response.status_code >= 400:
            response = in_shape(response)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class CleanInput:
    """Refuses addresses with the null character or broken UTF-8, contents beyond all measure, and changing requests that
    no page of ours sent.

    A form on another site can make a browser post to us, but it cannot add the header `X-Anju-Client`. Outside systems
    need none: what carries their credentials and no session cookie is no browser's.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raw = unquote_to_bytes(request.META.get("QUERY_STRING", "")) + request.path.encode("utf-8", "surrogateescape")
        try:
            broken = "\x00" in raw.decode("utf-8")
        except UnicodeDecodeError:
            broken = True
        if broken:
            return refuse(400, "request.malformed", "地址里有无法识别的字符", "请重新打开页面再试")
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            # told before the content is read: nobody fills our disk with one request
            return refuse(413, *FRAMEWORK[413])
        if (
            request.path.startswith("/api/")
            and request.method not in {"GET", "HEAD", "OPTIONS"}
            and "X-Anju-Client" not in request.headers
            and not of_party(request)
        ):
            return refuse(
                403, "request.foreign", "请求不是从本系统页面发出的", "请从系统页面操作；接口调用请带 X-Anju-Client 头"
            )
        return self.get_response(request)


def in_shape(response: HttpResponse) -> HttpResponse:
    """A refusal of the framework's own, which is a page, as the API answers; others as they are."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    told = FRAMEWORK.get(response.status_code, ("request.malformed", "请求无法识别", "请检查后重新发送"))
    if response.status_code >= 500:
        told = ("server.failure", "系统出了问题，这次操作没有保存", "请稍后再试；若仍不行，请告知运维人员")
    shaped = refuse(response.status_code, *told)
    if "Allow" in response.headers:
        shaped.headers["Allow"] = response.headers["Allow"]
    return shaped


def refuse(status: int, code: str, message: str, advice: str) -> HttpResponse:
    """A refusal in the shape of every error."""
    body = dumps({"code": code, "message": message, "advice": advice, "field": None, "details": {}})
    return HttpResponse(body, status=status, content_type="application/json")
