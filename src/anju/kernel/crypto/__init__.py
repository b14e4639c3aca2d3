"""密码: personal data sealed at rest (SM4-GCM), found by blind index (HMAC-SM3), shown masked.

Keys live in a keyring file beside the installation, made on first use. A sealed value begins with the version of the
key that sealed it, so that keys can be renewed while old values stay readable.
"""

from anju.kernel.crypto.digests import sm3
from anju.kernel.crypto.fields import EncryptedText
from anju.kernel.crypto.keyring import Keyring, KeyringDamaged, keyring
from anju.kernel.crypto.masks import mask_card, mask_id_number, mask_name, mask_phone
from anju.kernel.crypto.sealing import Unreadable, blind, open_bytes, open_text, seal_bytes, seal_text

__all__ = [
    "EncryptedText",
    "Keyring",
    "KeyringDamaged",
    "Unreadable",
    "blind",
    "keyring",
    "mask_card",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "open_bytes",
    "open_text",
    "seal_bytes",
    "seal_text",
    "sm3",
]
