"""接入规范: the OpenAPI document of what parties may call, with examples, and each of its versions (SH-230.1).

A version is made whenever the document differs from the last one, so that a party can see what it was built against.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from anju.gateway.models import Operation, Specification
from anju.kernel import clock
from anju.kernel.crypto import sm3
from anju.kernel.http.json import dumps

METHODS = {"get", "post", "put", "patch", "delete"}
SECURITY = {
    "client": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/api/open/token", "scopes": {}}},
    },
    "signature": {
        "type": "apiKey", "in": "header", "name": "Authorization",
        "description": "ANJU-HMAC-SM3 或 ANJU-SM2-SM3 签名，见接入规范",
    },
}  # fmt: skip
_BY_NAME: dict[str, Any] = {
    "limit": 50, "code": "339901", "division": "339901", "account": "fangting", "version": 1, "name": "示例",
    "title": "示例", "phone": "13900000000",
}  # fmt: skip
_BY_FORMAT = {
    "date": "2026-12-01", "date-time": "2026-12-01T02:00:00Z", "uuid": "00000000-0000-4000-8000-000000000001",
    "binary": "（文件）",
}  # fmt: skip

_source: list[Callable[[], Any]] = []


def document_from(source: Callable[[], Any]) -> None:
    """Says who makes the whole API document; called once by the site."""
    _source[:] = [source]


def example(schema: dict[str, Any], known: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits a schema."""
    if "$ref" in schema:
        return example(known.get(schema["$ref"].rpartition("/")[2], {}), known, name, depth)
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("example", "default", "const"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return example(schema[key][0], known, name, depth)
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        if depth > 4:
            return {}
        return {key: example(each, known, key, depth + 1) for key, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), known, name, depth + 1)] if depth <= 4 else []
    if kind in {"integer", "number"}:
        return _BY_NAME.get(name, schema.get("minimum", 1)) if isinstance(_BY_NAME.get(name, 1), int) else 1
    if kind == "boolean":
        return False
    return str(_BY_NAME.get(name, _BY_FORMAT.get(schema.get("format", ""), "示例")))


def build() -> dict[str, Any]:
    """The document of the operations that a party can be granted, by service, with examples and ways to sign in."""
    whole = copy.deepcopy(dict(_source[0]()))
    rows = Operation.objects.filter(gone=False, service__open=True).select_related("service")
    offered = {(row.method.lower(), row.path): row for row in rows}
    token_path = {("post", "/open/token"), ("post", "/open/token/revoke")}
    known = whole.get("components", {}).get("schemas", {})
    paths: dict[str, dict[str, Any]] = {}
    for path, methods in whole["paths"].items():
        plain = path.removeprefix("/api")
        for method, told in methods.items():
            row = offered.get((method, plain))
            if method not in METHODS or (row is None and (method, plain) not in token_path):
                continue
            if row is not None:
                if row.right in {"staff", "resident"}:
                    continue
                told["tags"], told["x-service"], told["x-level"] = [row.service.title], row.service.key, row.level
                told["security"] = [{"client": []}, {"signature": []}]
            with_examples(told, known)
            paths.setdefault(path, {})[method] = told
    used: set[str] = set()
    collect(paths, known, used)
    return {
        "openapi": whole["openapi"],
        "info": {"title": "安居开放接口", "version": whole["info"]["version"], "description": "接入方可获授权的接口"},
        "servers": whole.get("servers", []),
        "paths": paths,
        "components": {"schemas": {name: known[name] for name in sorted(used)}, "securitySchemes": SECURITY},
    }


def with_examples(told: dict[str, Any], known: dict[str, Any]) -> None:
    """Puts an example into each content and parameter that has none."""
    for content in told.get("requestBody", {}).get("content", {}).values():
        content.setdefault("example", example(content.get("schema", {}), known))
    for parameter in told.get("parameters", []):
        parameter.setdefault("example", example(parameter.get("schema", {}), known, parameter["name"]))


def collect(node: Any, known: dict[str, Any], used: set[str]) -> None:
    """The names of all schemas that a part of the document needs."""
    for reference in references(node):
        name = reference.rpartition("/")[2]
        if name in known and name not in used:
            used.add(name)
            collect(known[name], known, used)


def references(node: Any) -> Iterator[str]:
    """Every reference in a part of the document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


# Making the document takes a second, so each process keeps it until the catalogue is another.
_built: dict[str, dict[str, Any]] = {}


def catalogue_state() -> str:
    """A digest of what the document depends on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(md5(string_agg(operation.id::text || operation.gone || operation.level || service.open"
            " || service.title, ',' ORDER BY operation.id)), '') FROM gateway_operation AS operation"
            " JOIN gateway_service AS service ON service.id = operation.service_id"
        )
        return str(cursor.fetchone()[0])


@transaction.atomic
def current() -> Specification:
    """The present version; a new one is made when the document is another than the last."""
    state = catalogue_state()
    if state not in _built:
        _built.clear()
        _built[state] = build()
    content = _built[state]
    digest = sm3(dumps(content)).hex()
    last = Specification.objects.select_for_update().order_by("-number").first()
    if last is not None and last.digest == digest:
        return last
    return Specification.objects.create(
        number=(last.number if last else 0) + 1, product=content["info"]["version"], digest=digest, content=content,
        published_at=clock.now(),
    )  # fmt: skip
