"""The API: one document, every context's routes, one shape of error."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from django.apps import apps
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from anju import __version__
from anju.gateway.specification import document_from
from anju.kernel.database import renew
from anju.kernel.errors import DomainError, FieldError, Invalid, NotFound, Unavailable
from anju.kernel.http import JsonParser, JsonRenderer, Routes
from anju.kernel.http.constraints import explained
from anju.site.contexts import narrow

log = logging.getLogger("anju.api")

api = NinjaAPI(
    title="安居 Anju",
    version=__version__,
    description="住房保障一体化平台接口。每个操作以 x-right 标明所需权限，以 x-scope 标明可及数据范围。",
    renderer=JsonRenderer(),
    parser=JsonParser(),
    docs_url=None,
    openapi_url="/openapi.json",
)

WORDS = {
    "missing": "必填",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "date_type": "应为日期，例如 2026-12-01",
    "date_parsing": "应为日期，例如 2026-12-01",
    "date_from_datetime_parsing": "应为日期，例如 2026-12-01",
    "datetime_parsing": "应为时间，例如 2026-12-01T09:00:00Z",
    "list_type": "应为列表",
    "dict_type": "应为一组内容",
    "model_attributes_type": "应为一组内容",
    "literal_error": "不在可选范围内",
    "enum": "不在可选范围内",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "greater_than": "太小",
    "greater_than_equal": "太小",
    "less_than": "太大",
    "less_than_equal": "太大",
    "string_pattern_mismatch": "格式不对",
    "extra_forbidden": "没有这一项",
}


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as the client reads it."""
    return api.create_response(request, error.as_json(), status=error.status)


@api.exception_handler(DomainError)
def on_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    return answer(request, error)


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    def path(parts: tuple[Any, ...]) -> str:
        # ninja prefixes where the value came from (body, query …) and the name of the argument
        kept = [str(part) for part in parts[1:]]
        return ".".join(kept[1:] if len(kept) > 1 and parts[0] in {"body", "form"} else kept)

    errors = [
        FieldError(path(tuple(item["loc"])), str(item["type"]), WORDS.get(item["type"], "内容不符合要求"))
        for item in error.errors
    ]
    return answer(request, Invalid(errors))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    refusal = DomainError("请求内容无法识别", code="request.malformed", advice="请检查格式后重新发送")
    refusal.status = error.status_code
    return answer(request, refusal)


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(request, NotFound())


@api.exception_handler(IntegrityError)
def on_integrity_error(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    return answer(request, explained(error))


@api.exception_handler(DataError)
def on_data_error(request: HttpRequest, error: DataError) -> HttpResponse:
    log.warning("value that no column can hold: %s", error)
    return answer(
        request,
        DomainError("有数字或文字超出可保存的范围", code="request.out_of_range", advice="请检查数值大小和文字长度"),
    )


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def on_database_gone(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("the database does not answer: %s", error)
    with contextlib.suppress(Exception):
        renew()
    return answer(
        request,
        Unavailable(
            "系统正在恢复，这次操作没有得到确认", code="server.database", advice="请稍后重试；重复提交不会办两次"
        ),
    )


@api.exception_handler(Exception)
def on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("unexpected failure in %s %s", request.method, request.path)
    refusal = DomainError(
        "系统出了问题，这次操作没有保存", code="server.failure", advice="请稍后再试；若仍不行，请告知运维人员"
    )
    refusal.status = 500
    return answer(request, refusal)


def mount() -> None:
    """Adds the routes of every package that has an `api` module with `routes` (one router or a list), as far as this
    process serves them."""
    from importlib import import_module
    from importlib.util import find_spec

    for app in apps.get_app_configs():
        if app.name.startswith("anju.") and app.name != "anju.site" and find_spec(f"{app.name}.api"):
            found = import_module(f"{app.name}.api").routes
            for router in found if isinstance(found, list) else [found]:
                assert isinstance(router, Routes)
                if (kept := narrow(app.name, router)) is not None:
                    api.add_router("", kept)


mount()
document_from(api.get_openapi_schema)
