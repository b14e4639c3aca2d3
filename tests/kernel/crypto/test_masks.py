"""Masks hide the middle, and hide everything where little would be hidden."""

from __future__ import annotations

import pytest

from anju.kernel.crypto import mask_card, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (mask_id_number, "310115199003071234", "310115********1234"),
        (mask_id_number, "310115900307123", "310115*****7123"),
        (mask_id_number, "E12345678", "E1*****78"),
        (mask_id_number, "E123", "****"),
        (mask_phone, "13812346205", "138****6205"),
        (mask_phone, "88210", "8**10"),
        (mask_phone, "110", "***"),
        (mask_card, "6222020200112233445", "***************3445"),
        (mask_name, "王建华", "王*华"),
        (mask_name, "王芳", "王*"),
        (mask_name, "欧阳建华", "欧**华"),
        (mask_name, "王", "王"),
        (mask_name, "", ""),
    ],
)
def test_masks(mask: object, plain: str, masked: str) -> None:
    assert callable(mask)
    assert mask(plain) == masked
