"""What is searched for comes in a header, so that names and numbers of persons stand in no address and no access log."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from anju.site.middleware import refuse

HEADER = "X-Anju-Search"
MAX_LENGTH = 400


class SearchHeader:
    """`X-Anju-Search`, percent-encoded UTF-8, stands for the parameter `q` of a request that reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(HEADER)
        if sent and request.method == "GET":
            try:
                text = unquote_to_bytes(sent).decode("utf-8")
            except UnicodeDecodeError:
                text = "\x00"
            if "\x00" in text or len(text) > MAX_LENGTH:
                return refuse(400, "request.malformed", "搜索内容无法识别", "请重新输入后再搜索")
            asked = request.GET.copy()
            asked["q"] = text
            request.GET = asked  # type: ignore[assignment]
        return self.get_response(request)
