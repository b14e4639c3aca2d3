"""Samples of every template, and ways to issue them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anju.kernel.documents import issue
from anju.kernel.documents.models import Document
from anju.kernel.scope import Actor

SAMPLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("samples.json").read_text())
CLERK = Actor(kind="staff", id=12, name="周敏", org_name="江湾区住房保障中心", org_path="/1/4/", division="339901")


@pytest.fixture
def clerk() -> Actor:
    return CLERK


@pytest.fixture
def issued(db: None) -> Callable[..., Document]:
    """Issues a sample: `issued("acceptance_notice", subject="case:12")`."""

    def make(template: str = "acceptance_notice", **given: Any) -> Document:
        sample = SAMPLES[template]
        wanted: dict[str, Any] = {
            "template": template,
            "subject": "case:12",
            "title": sample["title"],
            "number": sample.get("number"),
            "data": sample["data"],
            "seal": sample.get("seal", True),
            "actor": CLERK,
            "issued_on": date(2026, 11, 21),
        }
        if "valid_until" in sample:
            wanted["valid_until"] = date.fromisoformat(sample["valid_until"])
        return issue(**(wanted | given))

    return make
