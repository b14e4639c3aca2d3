"""Finds every operation of the API by itself and makes a call of it: address and a body that its schema accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from anju.kernel.http import PUBLIC, RESIDENT, SIGNED_IN, STAFF
from tests.citizen.people import picture

KEYWORDS = {PUBLIC, RESIDENT, SIGNED_IN, STAFF}
PLACE = re.compile(r"\{(?:(\w+):)?(\w+)\}")
SAMPLES = {"date": "2026-12-01", "date-time": "2026-12-01T02:00:00Z", "uuid": "00000000-0000-4000-8000-000000000001"}
WORDS = {
    "day": "2026-12-01", "key": "none", "version": "1", "code": "339900", "page": "place", "number": "none",
    "city": "339900", "division": "339901", "phone": "13900000099", "viewing_at": "2026-12-01T02:00:00Z",
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """An operation as the API document shows it. `right` and `scope` are empty where nothing is declared."""

    method: str
    path: str
    right: str
    scope: str
    summary: str
    body: Mapping[str, Any] | None
    form: bool
    query: tuple[Mapping[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def places(self) -> list[str]:
        """The names in braces in the address."""
        return [name for _, name in PLACE.findall(self.path)]

    @property
    def register(self) -> str:
        """The register an operation belongs to; empty for others."""
        found = re.match(r"/registers/([a-z_]+\.[a-z_]+)", self.path)
        return found[1] if found else ""

    def url(self, ids: Mapping[str, Any]) -> str:
        """The address with ids and words in its places, and every required query parameter."""
        filled = PLACE.sub(lambda place: str(ids.get(place[2]) or WORDS.get(place[2]) or 999_999_999), self.path)
        asked = [f"{each['name']}={example(each['schema'], each['name'])}" for each in self.query if each["required"]]
        return filled + ("?" + "&".join(asked) if asked else "")


def document() -> dict[str, Any]:
    """The API document, as anyone can fetch it."""
    from anju.site.api import api

    return dict(api.get_openapi_schema())


def operations() -> list[Operation]:
    """Every operation in the API document."""
    told = document()
    return [
        Operation(
            method, path.removeprefix("/api"), each.get("x-right", ""), each.get("x-scope", ""),
            each.get("summary", ""), *_body(told, each),
            tuple(p for p in each.get("parameters", []) if p["in"] == "query"),
        )
        for path, methods in told["paths"].items()
        for method, each in methods.items()
    ]  # fmt: skip


def mounted() -> Iterator[tuple[str, str]]:
    """Method and address of everything that is mounted, shown in the document or not."""
    from anju.site.api import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for each in view.operations:
                for method in each.methods:
                    yield method, PLACE.sub(r"{\2}", f"{prefix}{path}")


def _body(told: dict[str, Any], each: dict[str, Any]) -> tuple[Mapping[str, Any] | None, bool]:
    contents = each.get("requestBody", {}).get("content", {})
    for mime, content in contents.items():
        return _resolved(content["schema"], told), mime != "application/json"
    return None, False


def _resolved(schema: Any, told: dict[str, Any]) -> Any:
    """A schema with all references put in."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _resolved(told["components"]["schemas"][schema["$ref"].rpartition("/")[2]], told)
        return {key: _resolved(value, told) for key, value in schema.items()}
    return [_resolved(item, told) for item in schema] if isinstance(schema, list) else schema


def example(schema: Mapping[str, Any], name: str = "") -> Any:
    """A value that a schema accepts; required members only."""
    if "anyOf" in schema:
        return example(schema["anyOf"][0], name)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            return {key: example(each, key) for key, each in schema.get("properties", {}).items() if key in wanted}
        case "array":
            return [example(schema["items"], name)] * max(1, schema.get("minItems", 0))
        case "integer":
            return max(1, schema.get("minimum", 1))
        case "number":
            return 1
        case "boolean":
            return True
    if schema.get("format") == "binary":
        return SimpleUploadedFile("picture.jpg", picture(), "image/jpeg")
    text = str(SAMPLES.get(schema.get("format", ""), WORDS.get(name, "情况属实，同意这样办理")))
    return (
        (text * 20)[: schema["maxLength"]]
        if len(text) < schema.get("minLength", 0)
        else text[: schema.get("maxLength")]
    )


def call(api: Any, operation: Operation, ids: Mapping[str, Any] | None = None, body: Any = None) -> Any:
    """Calls an operation with a body that its schema accepts, or with the given one."""
    url = operation.url(ids or {})
    if operation.body is None:
        return api.call(operation.method, url)
    content = body if body is not None else example(operation.body)
    return api.upload(url, content) if operation.form else api.call(operation.method, url, content)
