"""The file store: content once, sealed, whole or not at all, readable by whom its purpose lets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from anju.kernel.audit.models import AuditEntry
from anju.kernel.crypto import keyring, sm3
from anju.kernel.errors import DomainError
from anju.kernel.files import Draft, blobs, may_read, open_file, portions, public_answer, readable, store, stored_answer
from anju.kernel.files.guards import _GUARDS
from anju.kernel.files.models import StoredFile
from anju.kernel.files.services import tidy_name
from anju.kernel.scope import ANONYMOUS, Actor, system

pytestmark = pytest.mark.django_db

WANG = Actor(kind="resident", id=3, name="王芳")
LI = Actor(kind="resident", id=4, name="李强")
KILLED_WHILE_WRITING = """
import os, sys
from django.conf import settings
settings.configure(ANJU_SECRETS=sys.argv[1], ANJU_FILES=sys.argv[2])
from anju.kernel.files import blobs
os.replace = lambda *_: os._exit(9)
blobs.put(b"half a file " * 1000)
"""


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, settings: Any) -> None:
    settings.ANJU_FILES = tmp_path / "files"


@pytest.fixture
def guarded() -> Iterator[str]:
    """A purpose whose files residents 3 and 4 may read, on the record."""
    may_read("test_material", personal=True)(lambda actor, file: actor.id in {3, 4})
    yield "test_material"
    del _GUARDS["test_material"]


def keep(content: bytes | Draft = b"content", **given_: Any) -> StoredFile:
    wanted: dict[str, Any] = {"name": "身份证.png", "mime": "image/png", "actor": WANG, "purpose": "plain"} | given_
    return store(content, **wanted)


def test_a_content_is_kept_once_and_sealed(settings: Any) -> None:
    first, second = keep(b"the same content"), keep(b"the same content", actor=LI, name="b.png")
    assert first.address == second.address
    files = [path for path in Path(settings.ANJU_FILES).rglob("*") if path.is_file()]
    assert files == [blobs.place_of(first.address)]
    assert files[0].parts[-3:-1] == (first.address[:2], first.address[2:4])
    assert b"content" not in files[0].read_bytes()
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert open_file(first.pk) == open_file(second.pk) == b"the same content"
    assert first.owner == "resident:3"


@given(content=st.binary(max_size=5000))
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_content_comes_back(content: bytes) -> None:
    assert blobs.get(blobs.put(content)) == content


def test_a_process_killed_while_writing_leaves_no_half_file(tmp_path: Path, settings: Any) -> None:
    source = Path(__file__).parents[3] / "src"
    run = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_WRITING, str(settings.ANJU_SECRETS), str(settings.ANJU_FILES)],
        env={**os.environ, "PYTHONPATH": str(source)},
        check=False,
    )
    assert run.returncode == 9
    content = b"half a file " * 1000
    assert not blobs.place_of(blobs.address_of(content)).exists()
    assert blobs.get(blobs.put(content)) == content


def test_a_lost_or_changed_content_is_said_to_be_lost() -> None:
    kept = keep()
    place = blobs.place_of(kept.address)
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    with pytest.raises(DomainError, match=r"file\.lost"):
        open_file(kept.pk)
    place.unlink()
    with pytest.raises(DomainError, match=r"file\.lost"):
        open_file(kept.pk)
    with pytest.raises(DomainError, match=r"file\.not_found"):
        open_file(kept.pk + 1000)


LARGE = bytes(range(256)) * (5 * portions.SIZE // 512)  # two portions and a half
PIECES = st.lists(st.integers(1, 2 * portions.SIZE), max_size=6)


@given(cuts=PIECES, start=st.integers(0, len(LARGE) - 1))
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_large_content_is_written_and_read_in_portions(cuts: list[int], start: int) -> None:
    with blobs.draft() as draft:
        at = 0
        for cut in [*cuts, len(LARGE)]:
            draft.write(LARGE[at : at + cut])
            at += cut
        kept = keep(draft)
    assert (kept.size, kept.digest) == (len(LARGE), sm3(LARGE).hex())
    assert kept.address == blobs.address_of(LARGE)
    assert blobs.get(kept.address) == LARGE
    pieces = list(blobs.stream(kept.address, start))
    assert b"".join(pieces) == LARGE[start:]
    assert all(len(piece) <= portions.SIZE for piece in pieces)


def test_a_draft_lies_sealed_and_leaves_nothing_unless_it_is_kept(settings: Any) -> None:
    def files() -> list[Path]:
        return [path for path in Path(settings.ANJU_FILES).rglob("*") if path.is_file()]

    with blobs.draft() as draft:
        draft.write(b"a secret line " * 100_000)
        (begun,) = files()
        assert len(begun.read_bytes()) > 1000
        assert b"a secret line" not in begun.read_bytes()
    assert files() == []


def test_a_draft_of_a_killed_process_is_swept_a_day_later(settings: Any) -> None:
    folder = Path(settings.ANJU_FILES)
    folder.mkdir(parents=True)
    old, young = folder / ".old", folder / ".young"
    for path in (old, young):
        path.write_bytes(b"sealed")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    with blobs.draft():
        assert not old.exists()
        assert young.exists()


def portions_of(sealed: bytes) -> list[bytes]:
    """The portions on disk, each with its length before it, and at last the seal of the whole."""
    found, at = [], len(portions.MARK)
    while at < len(sealed) - 4:
        length = 4 + int.from_bytes(sealed[at : at + 4], "big")
        found.append(sealed[at : at + length])
        at += length
    return found


@pytest.mark.parametrize("harm", ["swapped", "left out", "cut short", "of another file", "changed", "another content"])
def test_portions_moved_lost_or_foreign_are_refused(harm: str) -> None:
    place, other = (blobs.place_of(blobs.put(content)) for content in (LARGE, LARGE[::-1]))
    first, second, third, seal = portions_of(place.read_bytes())
    foreign = portions_of(other.read_bytes())
    harmed = {
        "swapped": [second, first, third, seal], "left out": [first, third, seal], "cut short": [first, second],
        "of another file": [first, foreign[1], third, seal], "changed": [first, second[:-1] + b"x", third, seal],
        "another content": foreign,
    }[harm]  # fmt: skip
    place.write_bytes(b"".join([portions.MARK, *harmed, harmed[-1][:4]]))
    given: list[bytes] = []
    with pytest.raises(DomainError, match=r"file\.lost"):
        given.extend(blobs.stream(place.name))
    assert LARGE.startswith(b"".join(given)), "nothing foreign is given out before"


def test_a_large_content_gets_the_present_key_in_portions_too() -> None:
    address = blobs.put(LARGE)
    place = blobs.place_of(address)
    before = place.read_bytes()
    assert blobs.version_at(address) == keyring().current
    blobs.reseal_at(address)
    assert place.read_bytes()[:2] == portions.MARK
    assert place.read_bytes() != before
    assert blobs.get(address) == LARGE


def test_a_large_file_is_sent_while_it_is_read_and_a_lost_one_is_said() -> None:
    kept = keep(LARGE, mime="video/mp4", name="项目.mp4")
    answer = stored_answer(kept, download=True)
    assert answer.streaming
    assert answer["Content-Length"] == str(len(LARGE))
    assert answer.getvalue() == LARGE
    start = 2 * portions.SIZE - 3
    part = public_answer(kept, name="a.mp4", mime="video/mp4", wanted=f"bytes={start}-{start + 9}")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes {start}-{start + 9}/{len(LARGE)}")
    assert part.getvalue() == LARGE[start : start + 10]
    place = blobs.place_of(kept.address)
    place.write_bytes(place.read_bytes()[:-5])
    with pytest.raises(DomainError, match=r"file\.lost"):
        stored_answer(kept)


def test_without_a_guard_only_whoever_stored_it_reads_it() -> None:
    kept = keep()
    assert readable(kept.pk, WANG) == kept
    assert readable(kept.pk, system()) == kept
    for other in (LI, ANONYMOUS, Actor(kind="staff", id=3)):
        with pytest.raises(DomainError, match=r"file\.not_found"):
            readable(kept.pk, other)


def test_the_guard_of_a_purpose_decides(guarded: str) -> None:
    kept = keep(purpose=guarded)
    assert readable(kept.pk, LI) == kept
    with pytest.raises(DomainError, match=r"file\.not_found"):
        readable(kept.pk, Actor(kind="resident", id=5))
    with pytest.raises(ValueError):
        may_read(guarded)(lambda actor, file: True)


@pytest.mark.parametrize(
    ("given_name", "kept_name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\身份证 正面.jpg", "身份证 正面.jpg"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"),
        ("", "未命名"),
        (" .. ", "未命名"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_are_tidied(given_name: str, kept_name: str) -> None:
    assert tidy_name(given_name) == kept_name


def test_the_api_gives_the_content_and_keeps_record(guarded: str, staff: Any, client_as: Any, anonymous: Any) -> None:
    clerk = staff(name="周敏")
    kept = keep(b"\x89PNG...", purpose="own_file", actor=clerk)
    answer = client_as(clerk).get(f"/files/{kept.pk}")
    assert (answer.status_code, answer.content) == (200, b"\x89PNG...")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline;")
    assert "filename*=UTF-8''%E8%BA%AB%E4%BB%BD%E8%AF%81.png" in answer["Content-Disposition"]
    assert client_as(staff(name="别人")).get(f"/files/{kept.pk}").status_code == 404
    assert anonymous.get(f"/files/{kept.pk}").status_code == 401
    assert not AuditEntry.objects.filter(action="read_personal").exists()


def test_reading_personal_files_is_recorded(staff: Any, client_as: Any) -> None:
    may_read("test_personal", personal=True)(lambda actor, file: True)
    try:
        kept = keep(purpose="test_personal", owner="case:12")
        clerk = staff(name="周敏")
        assert client_as(clerk).get(f"/files/{kept.pk}").status_code == 200
        entry = AuditEntry.objects.get(action="read_personal")
        assert (entry.actor, entry.subject) == (clerk.ref, "case:12")
    finally:
        del _GUARDS["test_personal"]


def test_what_could_run_is_downloaded_not_shown(staff: Any, client_as: Any) -> None:
    clerk = staff()
    kept = keep(b"<script>alert(1)</script>", name="x.html", mime="text/html", actor=clerk)
    answer = client_as(clerk).get(f"/files/{kept.pk}")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]
