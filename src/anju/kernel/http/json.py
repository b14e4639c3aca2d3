"""JSON in and out: orjson, decimals as strings with their places, nothing that PostgreSQL cannot store."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import BaseModel

from anju.kernel.errors import DomainError

OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z


def default(value: Any) -> Any:
    """What orjson does not know: money and areas as strings, schemas as objects, lazy strings as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def dumps(value: Any) -> bytes:
    """A value as JSON bytes."""
    return orjson.dumps(value, default=default, option=OPTIONS)


class Malformed(DomainError):
    """The body is no JSON object."""

    status, code = 400, "request.malformed"
    message, advice = "请求内容不是有效的 JSON", "请检查格式后重新发送"


class JsonRenderer(BaseRenderer):
    """Renders every answer with orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return dumps(data)


class JsonParser(Parser):
    """Parses bodies with orjson and refuses the null character, which no column can hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        if b"\\u0000" in request.body or b"\x00" in request.body:
            raise Malformed("内容里有不能保存的空字符")
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise Malformed from error
