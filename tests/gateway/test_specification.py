"""The published specification: what it holds, its versions, and worked examples that anybody can compute anew."""

from __future__ import annotations

import base64
from typing import Any

import gmssl_pyx
import pytest
from django.test import Client

from anju.gateway import specification
from anju.gateway.models import Operation, Service, Specification
from anju.gateway.signing import Signed, canonical_query, fits, text_to_sign
from anju.gateway.vectors import VECTORS
from anju.identity.models import Organisation
from tests.gateway.kit import Bearer, party

Offices = tuple[Organisation, Organisation]


@pytest.mark.covers("SH-230.1")
def test_everybody_can_read_what_parties_may_call(db: None) -> None:
    answer = Client().get("/api/open/specification")
    told = answer.json()
    assert answer.status_code == 200
    assert told["openapi"].startswith("3.")
    assert {"client", "signature"} == set(told["components"]["securitySchemes"])
    closed = set(Operation.objects.filter(service__open=False).values_list("method", "path"))
    for path, methods in told["paths"].items():
        for method, each in methods.items():
            plain = path.removeprefix("/api")
            if plain.startswith("/open/token"):
                continue
            assert (method.upper(), plain) not in closed, path
            assert each["security"] == [{"client": []}, {"signature": []}]
            assert each["x-service"]
            for content in each.get("requestBody", {}).get("content", {}).values():
                assert "example" in content, path
    assert "/api/registers/supply.units/rows" in told["paths"]
    assert "/api/identity/sign-in" not in told["paths"]
    whole = str(told)
    assert all(f"#/components/schemas/{name}'" in whole for name in told["components"]["schemas"])


def test_an_example_of_the_specification_is_taken_by_the_operation(offices: Offices) -> None:
    told = Client().get("/api/open/specification").json()
    operation = told["paths"]["/api/open/permissions/check"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["example"]
    caller = Bearer(party("a", offices[0], "open_rights"))
    assert caller.post("/open/permissions/check", body).status_code == 200


@pytest.mark.covers("SH-230.1")
def test_a_changed_specification_is_a_new_version_and_the_old_one_stays(db: None) -> None:
    first = specification.current()
    assert specification.current().number == first.number
    Service.objects.filter(key="units").update(open=False)
    second = specification.current()
    assert second.number == first.number + 1
    old = Client().get("/api/open/specification", {"version": first.number})
    assert "/api/registers/supply.units/rows" in old.json()["paths"]
    assert old["X-Specification-Version"] == str(first.number)
    assert "/api/registers/supply.units/rows" not in Client().get("/api/open/specification").json()["paths"]
    for version in (99, -1, 2**40):
        assert Client().get("/api/open/specification", {"version": version}).status_code in {200, 404}
    assert Specification.objects.count() == 2


@pytest.mark.covers("SH-230.1")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["scheme"])
def test_the_worked_examples_are_right(vector: dict[str, Any]) -> None:
    """Checked with another library than the one that signs."""
    content = vector["body"].encode()
    assert canonical_query(vector["query"]) == vector["canonical_query"]
    assert gmssl_pyx.sm3_hash(content).hex() == vector["body_digest"]
    lines = [
        vector["scheme"], vector["method"], vector["path"], vector["canonical_query"], vector["body_digest"],
        str(vector["timestamp"]), vector["nonce"],
    ]  # fmt: skip
    text = "\n".join(lines).encode()
    assert text == text_to_sign(
        vector["scheme"], "post", vector["path"], vector["query"], content, vector["timestamp"], vector["nonce"]
    )
    signature = base64.b64decode(vector["signature"])
    if vector["scheme"] == "ANJU-HMAC-SM3":
        assert gmssl_pyx.sm3_hmac(vector["key"].encode(), text) == signature
    signed = Signed(vector["scheme"], vector["key_id"], vector["timestamp"], vector["nonce"], signature)
    assert fits(signed, {"secret": vector["key"], "public_key": vector["key"]}, text)
    assert Signed.read(signed.header()) == signed


def test_the_guide_lists_services_with_their_operations(staff: Any, client_as: Any) -> None:
    told = client_as(staff("gateway.catalogue.view")).get("/gateway/guide").json()
    units = next(each for each in told["services"] if each["key"] == "units")
    assert ("GET", "/registers/supply.units/rows") in {(each["method"], each["path"]) for each in units["operations"]}
    assert not any(each["key"] == "gateway" for each in told["services"])
    assert told["vectors"] == VECTORS
