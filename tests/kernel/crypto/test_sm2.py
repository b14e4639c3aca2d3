"""SM2 as GB/T 32918 has it: the worked examples of part 5, and what must not pass."""

from __future__ import annotations

import gmssl_pyx
import pytest
from asn1crypto.core import Integer, OctetString, Sequence

from anju.kernel.crypto import sm2

# GB/T 32918.5, appendix A: curve of the standard, identifier 1234567812345678
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA


class Signature(Sequence):  # type: ignore[misc]
    _fields = [("r", Integer), ("s", Integer)]


class Box(Sequence):  # type: ignore[misc]
    _fields = [("x", Integer), ("y", Integer), ("hash", OctetString), ("cipher", OctetString)]


@pytest.mark.covers("SH-233.8")
def test_the_standards_signature_is_accepted() -> None:
    signature = Signature({"r": R, "s": S}).dump()
    assert sm2.verify(PUBLIC, b"message digest", signature)
    assert sm2.verify(b"\x04" + PUBLIC, b"message digest", signature)
    assert not sm2.verify(PUBLIC, b"message digesT", signature)
    assert not sm2.verify(PUBLIC, b"message digest", Signature({"r": R, "s": S + 1}).dump())


@pytest.mark.covers("SH-233.8")
def test_the_standards_cipher_is_opened() -> None:
    box = Box(
        {
            "x": 0x04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73,
            "y": 0xE858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0,
            "hash": bytes.fromhex("59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"),
            "cipher": bytes.fromhex("21886CA989CA9C7D58087307CA93092D651EFA"),
        }
    )
    assert gmssl_pyx.sm2_decrypt(PRIVATE, box.dump()) == b"encryption standard"


def test_our_signature_under_the_standards_key() -> None:
    assert sm2.verify(PUBLIC, b"anju", sm2.sign(PUBLIC, PRIVATE, b"anju"))


@pytest.mark.parametrize("public", [b"", b"x", bytes(64), b"\xff" * 64, b"\x04" + bytes(64)])
def test_a_key_that_is_no_point_verifies_nothing(public: bytes) -> None:
    assert not sm2.verify(public, b"anju", Signature({"r": R, "s": S}).dump())


@pytest.mark.parametrize("signature", [b"", b"\x30", b"0" * 72, bytes(70), Signature({"r": 0, "s": 0}).dump()])
def test_a_malformed_signature_is_no_signature(signature: bytes) -> None:
    assert not sm2.verify(PUBLIC, b"anju", signature)
