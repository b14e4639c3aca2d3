"""Operations that show dictionaries and forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import File
from ninja.files import UploadedFile

from anju.kernel import definitions
from anju.kernel.errors import NotFound
from anju.kernel.files import file_answer
from anju.kernel.forms.dictionaries import dictionaries
from anju.kernel.forms.schema import load
from anju.kernel.forms.tables import read_table, table_of, template
from anju.kernel.http import PUBLIC, STAFF, Request, Routes
from anju.kernel.spreadsheets import XLSX

routes = Routes("", title="表单与字典")


@routes.read("/dictionaries", right=PUBLIC, scope="字典不含个人信息，人人可读")
def list_dictionaries(request: Request) -> dict[str, list[dict[str, str]]]:
    """Every dictionary with its entries in order."""
    return {found.key: found.as_options() for found in dictionaries()}


@routes.read("/forms", right=STAFF, scope="表单定义不分机构，工作人员都可查看")
def list_forms(request: Request) -> list[dict[str, Any]]:
    """Every form with its title and version."""
    found = [load(key) for key in definitions.files("forms")]
    return [{"key": schema.key, "title": schema.title, "version": schema.version} for schema in found]


@routes.read("/forms/{key}", right=PUBLIC, scope="居民填写的表单人人可读，办公表单仅工作人员可读")
def show_form(request: Request, key: str) -> dict[str, Any]:
    """The schema of a form; one that is not meant for the public is not found by it."""
    if definitions.find("forms", key) is None:
        raise NotFound
    schema = load(key)
    if not schema.public and not request.actor.is_staff:
        raise NotFound
    return schema.as_json()


@routes.read(
    "/forms/{key}/tables/{section}/{field}/template",
    right=STAFF,
    scope="表单定义不分机构，工作人员都可下载",
    summary="下载表单里一张表的模板",
    response={200: bytes},
)
def table_template(request: Request, key: str, section: str, field: str) -> HttpResponse:
    table = table_of(key, section, field)
    return file_answer(template(table), name=f"{table.title}模板.xlsx", mime=XLSX, download=True)


@routes.act(
    "/forms/{key}/tables/{section}/{field}/read",
    right=STAFF,
    scope="只读取上传的文件，不读写任何记录",
    summary="从电子表格读取表单里的一张表",
    atomic=False,
)
def read_sheet(request: Request, key: str, section: str, field: str, file: File[UploadedFile]) -> dict[str, Any]:
    return read_table(table_of(key, section, field), file.read(), file.name or "")
