"""Malformed input on every operation there is: a refusal with a code and a Chinese sentence, never a server error.

Called by somebody who holds every right and reaches every row, so that nothing is refused before it is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from anju.kernel.http import PUBLIC, RESIDENT, SIGNED_IN
from anju.kernel.scope import Reach
from tests.citizen.people import client_of
from tests.conftest import Api
from tests.matrix.conftest import Staff, every_right
from tests.matrix.operations import Operation, example, operations
from tests.matrix.world import World

HUGE = 10**30
BODIES = [
    b"", b"{", b"[]", b"null", b'"text"', b"7", b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"\xff\xfe", b"{}" * 2,
    b'{"a": NaN}', b'{"a": 1e999}', b"[" * 3000, b'{"a":' * 500 + b"1" + b"}" * 500,
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, HUGE, 2**31, 2**63, 1.5, "", "长" * 6000, "\u202e\ufeff", "9999-99-99", "0001-01-01", [], [None],
    ["x"] * 50, {"a": {"b": [1]}},
]  # fmt: skip
WORDS = [
    "", "%00", "%FF%FE", str(HUGE), "-1", "NaN", "..", "9999-12-31", "%25_*", quote("长" * 500), "a%0Ab", "1e400...2",
    "eyJhIjoxfQ==",
]  # fmt: skip
# Operations whose effect leaves the database (departments asked, codes sent) have tests of their own.
OUTSIDE = {"/citizen/identity/bank"}
OPERATIONS = [each for each in operations() if each.path not in OUTSIDE and not each.path.endswith("/sign-out")]
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture
def everybody(world: World, staff_with: Staff) -> Mapping[str, Api]:
    """The one who may call an operation: by its right, else the member of staff who may do everything."""
    chief = staff_with(*every_right(), reach=Reach.ALL, office="LZ")
    return {PUBLIC: client_of(world.resident), RESIDENT: client_of(world.resident), SIGNED_IN: chief, "": chief}


def who(everybody: Mapping[str, Api], operation: Operation) -> Api:
    return everybody.get(operation.right, everybody[""])


@contextmanager
def undone() -> Iterator[None]:
    """Takes back what a request did. No transaction of ours is put around it: some acts must not run inside one."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)
    # one that is not released stays open below all that follow, and thousands of them cost locks and time
    transaction.savepoint_commit(point)


def fault(api: Api, method: str, url: str, content: bytes | None = None) -> str | None:
    """What is wrong with the answer to a request; nothing when it is a good one or a clear refusal."""
    with undone():
        answer = api.client.generic(
            method.upper(), f"/api{url}", b"" if content is None else content, "application/json", headers=api.headers
        )
    if answer.status_code < 400:
        return None
    shown = answer.content[:300].decode(errors="replace")
    try:
        told = answer.json()
    except ValueError:
        return f"{answer.status_code} no JSON: {shown}"
    shaped = {"code", "message", "advice", "field", "details"} <= set(told) and CHINESE.search(told["message"])
    # a paper that is not made yet says so with 503
    return None if answer.status_code in {*range(400, 500), 503} and shaped else f"{answer.status_code} {shown}"


def mutations(body: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[bytes]:
    """A good body with one member of a wrong kind or size, or with a member too few or too many."""
    for name in schema.get("properties", {}):
        for value in VALUES:
            yield json.dumps({**body, name: value}, default=str).encode()
        yield json.dumps({key: value for key, value in body.items() if key != name}, default=str).encode()
    yield json.dumps({**body, "没有这一项": 1}, default=str).encode()


@pytest.mark.timeout(600)
def test_no_malformed_body_breaks_an_operation(world: World, everybody: Mapping[str, Api]) -> None:
    wrong = {}
    for each in OPERATIONS:
        if each.body is None:
            continue
        for content in BODIES:
            if found := fault(who(everybody, each), each.method, each.url(world.named(each)), content):
                wrong[f"{each} {content[:40]!r}"] = found
    assert not wrong, "\n".join(f"{key}: {value}" for key, value in wrong.items())


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(3))
def test_no_value_of_a_wrong_kind_breaks_an_operation(world: World, everybody: Mapping[str, Api], number: int) -> None:
    """In three parts, which test processes can share."""
    wrong: dict[str, str] = {}
    for each in OPERATIONS[number::3]:
        if each.body is None or each.form:
            continue
        good = example(each.body)
        for key, value in {"task_id": world.task_id, "version": 1, "unit_id": world.unit.pk}.items():
            if key in good:
                good[key] = value
        for content in mutations(good, each.body):
            if found := fault(who(everybody, each), each.method, each.url(world.named(each)), content):
                wrong[f"{each} {content[:200].decode()}"] = found
    assert not wrong, "\n".join(f"{key}: {value}" for key, value in wrong.items())


@pytest.mark.timeout(600)
def test_no_form_without_its_file_or_with_another_breaks_an_operation(
    world: World,
    everybody: Mapping[str, Api],
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    contents = [b"", b"x", b"GIF89a" + b"\0" * 2000, b"%PDF-1.7\n" + b"x" * 3000, b"PK\x03\x04" + b"\0" * 4000]
    wrong = {}
    for each in OPERATIONS:
        if not each.form or each.body is None:
            continue
        for content in [None, *contents]:
            form = example(each.body)
            for name, schema in each.body["properties"].items():
                if schema.get("format") == "binary":
                    form.pop(name, None)
                    if content is not None:
                        form[name] = SimpleUploadedFile("../..\x01长.xlsx", content, "image/jpeg")
            with undone():
                answer = who(everybody, each).upload(each.url(world.named(each)), form)
            if answer.status_code >= 500 or not (answer.status_code < 400 or CHINESE.search(answer.json()["message"])):
                wrong[f"{each} {content and content[:8]!r}"] = answer.content[:200].decode()
    assert not wrong, "\n".join(f"{key}: {value}" for key, value in wrong.items())


@pytest.mark.timeout(600)
def test_no_word_in_an_address_breaks_an_operation(world: World, everybody: Mapping[str, Api]) -> None:
    """Places in the address and parameters behind it, those that the document names and filters of registers."""
    wrong: dict[str, str] = {}
    for each in OPERATIONS:
        api, content = who(everybody, each), None
        if each.body is not None and not each.form:
            content = json.dumps(example(each.body)).encode()
        urls = [each.url({**world.named(each), place: word}) for place in each.places for word in WORDS]
        base = each.url(world.named(each))
        joined = "&" if "?" in base else "?"
        names = [str(parameter["name"]) for parameter in each.query]
        if each.method == "get" and each.path.endswith("/rows"):
            names += [f"f.{key}" for key in filters_of(each)] + ["f.none", "sort", "cursor"]
        urls += [f"{base}{joined}{name}={word}" for name in names for word in WORDS]
        for url in urls:
            if found := fault(api, each.method, url, content):
                wrong[f"{each.method} {url[:150]}"] = found
    assert not wrong, "\n".join(f"{key}: {value}" for key, value in wrong.items())


def filters_of(operation: Operation) -> list[str]:
    from anju.kernel.registers.register import REGISTERS

    return list(REGISTERS[operation.register].filter_of) if operation.register else []
