"""Files that are not what they claim to be, through the doors where residents and clerks hand them in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anju.citizen.models import Resident
from anju.kernel.files.models import StoredFile
from anju.kernel.processes.publishing import publish_all
from tests.citizen.people import client_of, picture, resident
from tests.conftest import Api

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"<!--" + b"x" * 2000 + b"--></svg>"


@pytest.fixture
def person(city: Any) -> Resident:
    publish_all()
    return resident("13900000071", verified=True)


def hand_in(api: Api, content: bytes, name: str = "identity.jpg", mime: str = "image/jpeg") -> Any:
    file = SimpleUploadedFile(name, content, mime)
    return api.upload("/citizen/application/materials", {"klass": "identity", "file": file})


def large_picture() -> bytes:
    """A real picture over the 4 MB that one may have."""
    made = io.BytesIO()
    Image.effect_noise((2600, 2600), 90).convert("RGB").save(made, "PNG")
    return made.getvalue()


def bomb() -> bytes:
    """A small file that claims to be a picture of a hundred thousand by a hundred thousand points."""
    made = bytearray(picture("PNG", 40))
    made[16:24] = (100_000).to_bytes(4, "big") * 2
    return bytes(made)


@pytest.mark.covers("ZB-04.3")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file."),
        (b"x" * 3000, "file."),
        (SVG, "file."),
        (b"<html>" + SCRIPT * 80 + b"</html>", "file."),
        (b"\xff\xd8\xff\xe0" + SCRIPT * 80, "file."),
        (b"GIF89a" + b"\0" * 3000, "file."),
        (b"MZ" + b"\0" * 3000, "file."),
        (picture()[:2000], "file."),
        (picture("PNG", 8), "file.too_small"),
        (large_picture(), "file.too_large"),
        (bomb() + b"\0" * 2000, "file."),
    ],
    ids=["empty", "text", "svg", "html", "script-in-jpeg-head", "gif", "program", "cut-off", "small", "large", "bomb"],
)
def test_what_is_no_fitting_picture_is_refused_and_not_kept(person: Resident, content: bytes, code: str) -> None:
    answer = hand_in(client_of(person), content)
    told = answer.json()
    assert answer.status_code in {413, 422}, told
    assert told["code"].startswith(code), told
    assert told["message"]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_script_in_or_behind_a_picture_is_refused(person: Resident, kind: str) -> None:
    made = io.BytesIO()
    Image.open(io.BytesIO(picture(kind))).save(made, kind, **({"comment": SCRIPT} if kind == "JPEG" else {}))
    for content in (made.getvalue() + SCRIPT, picture(kind) + SCRIPT):
        answer = hand_in(client_of(person), content, mime="text/html")
        assert (answer.status_code, answer.json()["code"]) == (422, "file.has_script")
    assert not StoredFile.objects.exists()


def test_a_file_is_given_back_as_what_it_is_and_nothing_else(person: Resident) -> None:
    api = client_of(person)
    hand_in(api, picture(), name="../../etc/<b>\r\nX-Evil: 1.jpg")
    stored = StoredFile.objects.get()
    assert not set(stored.name) & set("/\\\r\n")
    answer = api.get(f"/files/{stored.pk}")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "X-Evil" not in answer
    assert "\n" not in answer["Content-Disposition"]


def test_a_content_beyond_all_measure_is_refused_before_it_is_read(person: Resident, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    answer = hand_in(client_of(person), picture())
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
