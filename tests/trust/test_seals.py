"""Seals: signatures that anyone's reader can check, that notice every change, whose keys are made once."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from anju.kernel.documents.templates import ROOT
from anju.kernel.documents.typesetting import typeset
from anju.trust import authority
from anju.trust.services import seal_pdf, seal_picture, verify_pdf
from anju.trust.signing import _asn1

OFFICE = "澜州市住房保障中心"
MAKE_SIGNER = """
import sys
from django.conf import settings
settings.configure(ANJU_SECRETS=sys.argv[1])
from anju.trust.authority import signer_of
print(signer_of("澜州市住房保障中心").certificate.serial_number)
"""


@pytest.fixture(scope="module")
def plain() -> bytes:
    return typeset(ROOT / "trust" / "seal.typ", name=OFFICE)


@pytest.fixture
def sealed(plain: bytes) -> bytes:
    return seal_pdf(plain, OFFICE, "出具受理通知书")


def test_a_sealed_pdf_passes_the_library_s_own_check(sealed: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(sealed))
    [signature] = reader.embedded_signatures
    context = ValidationContext(trust_roots=[_asn1(authority.root().certificate)], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached", "PAdES"
    assert signature.sig_object["/Reason"] == "出具受理通知书"


def test_our_check_names_the_signer(sealed: bytes) -> None:
    report = verify_pdf(sealed)
    assert (report.sealed, report.intact, report.signer) == (True, True, OFFICE)
    assert report.signed_at is not None


def test_every_kind_of_change_is_noticed(sealed: bytes) -> None:
    [signature] = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    hole_start = int(signature.byte_range[1])
    hole_end = int(signature.byte_range[2])
    for place in range(200, len(sealed), len(sealed) // 60):
        if hole_start <= place < hole_end:
            continue  # where the signature itself is written, letters may be large or small
        changed = bytearray(sealed)
        changed[place] ^= 0x20
        assert not verify_pdf(bytes(changed)).intact, f"byte {place}"
    assert not verify_pdf(sealed + b"\n% something more").intact
    assert not verify_pdf(sealed[:-200]).intact


def test_a_change_by_increment_is_noticed(sealed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.set_info(None)
    writer.root["/Lang"] = writer.root.get("/Lang")
    writer.update_root()
    longer = io.BytesIO()
    writer.write(longer)
    assert not verify_pdf(longer.getvalue()).intact


def test_what_is_not_sealed_or_by_a_stranger_is_not_ours(
    plain: bytes, sealed: bytes, tmp_path: Path, settings: Any
) -> None:
    assert verify_pdf(plain).sealed is False
    assert verify_pdf(b"no pdf at all") == verify_pdf(b"")
    settings.ANJU_SECRETS = tmp_path
    stranger = seal_pdf(plain, OFFICE, "伪造")
    assert verify_pdf(stranger).intact
    assert not verify_pdf(sealed).intact, "signed under another root, though in the same name"


def test_only_a_pdf_is_sealed() -> None:
    with pytest.raises(ValueError, match="PDF"):
        seal_pdf(b"no pdf", OFFICE, "x")


def test_each_organisation_signs_in_its_own_name(plain: bytes) -> None:
    other = "澜州市江湾区住房保障和房屋管理局"
    assert verify_pdf(seal_pdf(plain, other, "x")).signer == other
    assert authority.signer_of(other).key is not authority.signer_of(OFFICE).key


def test_processes_racing_for_the_first_use_share_root_and_signer(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "src"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE_SIGNER, str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(source)},
        )
        for _ in range(4)
    ]
    told = {process.communicate(timeout=60)[0] for process in started}
    assert len(told) == 1
    keys = list((tmp_path / "seals").glob("*.pem"))
    assert len(keys) == 2
    assert all(key.stat().st_mode & 0o777 == 0o600 for key in keys)


def test_a_seal_is_made_fast_because_its_key_stays_loaded(plain: bytes, sealed: bytes) -> None:
    start = time.process_time()
    for _ in range(10):
        seal_pdf(plain, OFFICE, "x")
    assert (time.process_time() - start) / 10 < 0.2


@pytest.mark.parametrize("name", [OFFICE, "局", "澜州市江湾区人才公寓运营管理有限责任公司第一分公司"])
def test_a_seal_is_drawn_in_outlines(name: str) -> None:
    picture = seal_picture(name)
    assert picture.startswith("<svg")
    assert "<text" not in picture, "no font is needed to show it"
    assert "#d7150e" in picture
