"""Operations that show dictionaries and forms."""

from __future__ import annotations

from typing import Any

from anju.kernel import definitions
from anju.kernel.errors import NotFound
from anju.kernel.forms.dictionaries import dictionaries
from anju.kernel.forms.schema import load
from anju.kernel.http import PUBLIC, STAFF, Request, Routes

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
