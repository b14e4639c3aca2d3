"""The keyring: made once however many processes want it, private, never replaced silently, renewable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from anju.kernel.crypto import KeyringDamaged, Unreadable, blind, keyring, open_bytes, open_text, seal_bytes, seal_text
from anju.kernel.crypto.keyring import renew_keys

FIRST_USE = """
import sys
from django.conf import settings
settings.configure(ANJU_SECRETS=sys.argv[1])
from anju.kernel.crypto import blind, open_text, seal_text
assert open_text(seal_text("一")) == "一"
print(blind("一").hex())
"""


@pytest.fixture
def secrets(tmp_path: Path, settings: Any) -> Path:
    settings.ANJU_SECRETS = tmp_path / "secrets"
    return tmp_path / "secrets"


def test_processes_racing_for_the_first_use_share_one_ring(secrets: Path) -> None:
    source = Path(__file__).parents[3] / "src"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", FIRST_USE, str(secrets)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(source)},
        )
        for _ in range(6)
    ]
    told = {process.communicate(timeout=60)[0] for process in started}
    assert all(process.returncode == 0 for process in started)
    assert told == {blind("一").hex().encode() + b"\n"}
    assert sorted(path.name for path in secrets.iterdir()) == ["keyring.json", "keyring.lock"], (
        "nothing half-made is left"
    )


def test_only_its_owner_may_read_it(secrets: Path) -> None:
    keyring()
    assert (secrets / "keyring.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"current": 1, "keys": {}, "index": ""}', '{"current": 1'])
def test_a_damaged_ring_stops_everything_and_stays_as_it_is(secrets: Path, content: str) -> None:
    secrets.mkdir()
    (secrets / "keyring.json").write_text(content)
    with pytest.raises(KeyringDamaged):
        seal_text("张三")
    assert (secrets / "keyring.json").read_text() == content


def test_renewed_keys_seal_and_older_ones_still_open(secrets: Path) -> None:
    old = seal_text("310115199003071234")
    index = blind("310115199003071234")
    renew_keys()
    new = seal_text("310115199003071234")
    assert (old[:2], new[:2]) == (b"\x00\x01", b"\x00\x02")
    assert open_text(old) == open_text(new) == "310115199003071234"
    assert blind("310115199003071234") == index, "the index must find rows sealed before"


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_comes_back(text: str) -> None:
    assert open_text(seal_text(text)) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal_text("王建华") != seal_text("王建华")
    assert len(seal_text("")) == 30


def test_what_was_changed_or_cut_or_is_foreign_is_not_opened() -> None:
    sealed = seal_bytes(b"content of a file")
    for position in (0, 1, 5, 20, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Unreadable):
            open_bytes(bytes(changed))
    for cut in (b"", sealed[:10], sealed[:-1]):
        with pytest.raises(Unreadable):
            open_bytes(cut)
    with pytest.raises(Unreadable):
        open_bytes(seal_text("a text is not a file"))


def test_the_blind_index_overlooks_case_width_and_blanks() -> None:
    assert blind("33990119900307123x") == blind(" 33990119900307123X ") == blind("３３９９０１１９９００３０７１２３Ｘ")
    assert blind("339901199003071231") != blind("339901199003071232")
    assert len(blind("1")) == 32
