"""Addresses: the API, health, and the built pages of both faces."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from anju.site.addresses import Branch, branched
from anju.site.api import api
from anju.site.contexts import served, serves_residents, serves_staff
from anju.site.middleware import refuse
from anju.site.web import DRAINING


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers and its schema is there; and which contexts it serves.

    A process that was told to end says that it is not ready any more, while it still answers (`anju serve --drain`).
    """
    if (marker := os.environ.get(DRAINING)) and Path(marker).exists():
        return JsonResponse({"status": "draining"}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            cursor.fetchone()
    except Exception:
        return JsonResponse({"status": "unavailable", "database": False}, status=503)
    return JsonResponse({"status": "ok", "database": True, "contexts": sorted(served())})


def file_in(folder: Path, rest: str) -> Path | None:
    """The file that an address names in a folder; None for what is no file there or could be none anywhere."""
    try:
        wanted = (folder / rest).resolve()
        return wanted if wanted.is_file() and wanted.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None


def face(name: str, request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """A file of a built face, or its first page: the pages' own router knows the other addresses."""
    root = Path(settings.ANJU_WEB) / name / "dist"
    wanted = file_in(root, rest)
    if wanted is not None:
        response = FileResponse(wanted.open("rb"))
        if rest.startswith("assets/"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
    if rest.startswith("assets/"):
        return HttpResponse(status=404)
    index = root / "index.html"
    if not index.is_file():
        return HttpResponse("页面还没有构建：请运行 ./dev up", status=503, content_type="text/plain; charset=utf-8")
    response = FileResponse(index.open("rb"))
    response.headers["Cache-Control"] = "no-cache"
    return response


def office(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Pages for staff."""
    return face("office", request, rest)


def citizen(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Pages for residents."""
    return face("citizen", request, rest)


def no_such_operation(request: HttpRequest) -> HttpResponse:
    """An address of the API that does not exist answers in the shape of every error."""
    return refuse(404, "not_found", "没有这个接口", "请查阅 /api/openapi.json")


def no_such_page(request: HttpRequest) -> HttpResponse:
    """An address of a face that this process does not serve."""
    return refuse(404, "not_found", "这个服务不提供这个页面", "请从系统首页进入")


PATTERNS, APP, NAMESPACE = api.urls
urlpatterns = [
    path("healthz", alive),
    path("readyz", ready),
    Branch(
        "api/", branched([each for each in PATTERNS if isinstance(each, URLPattern)]), app_name=APP, namespace=NAMESPACE
    ),
    re_path(r"^api/", no_such_operation),
    *(
        [re_path(r"^office/?(?P<rest>[\s\S]*)$", office)]
        if serves_staff()
        else [re_path(r"^office(?:/|$)", no_such_page)]
    ),
    *([re_path(r"^(?P<rest>[\s\S]*)$", citizen)] if serves_residents() else [re_path(r"", no_such_page)]),
]
