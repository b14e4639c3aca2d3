"""密码: personal data sealed at rest (SM4-GCM), found by blind index (HMAC-SM3), shown masked; what matters signed (SM2).

All of it goes through one service (`service`): by default on the keys of this installation, by configuration over HTTP.
Keys live in a keyring file beside the installation, made on first use. A sealed value begins with the version of the
key that sealed it, so that keys can be renewed while old values stay readable.
"""

from anju.kernel.crypto.digests import running_sm3, sm3
from anju.kernel.crypto.errors import CryptoGarbage, CryptoRefused, CryptoUnavailable, Unreadable
from anju.kernel.crypto.fields import EncryptedText
from anju.kernel.crypto.keyring import Keyring, KeyringDamaged, keyring
from anju.kernel.crypto.masks import mask_card, mask_id_number, mask_name, mask_phone
from anju.kernel.crypto.provider import CryptoService, service
from anju.kernel.crypto.sealing import blind, open_bytes, open_text, reseal, seal_bytes, seal_text, version_of

__all__ = [
    "CryptoGarbage",
    "CryptoRefused",
    "CryptoService",
    "CryptoUnavailable",
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
    "reseal",
    "running_sm3",
    "seal_bytes",
    "seal_text",
    "service",
    "sm3",
    "version_of",
]
