"""Worked examples of signed requests, as the access specification prints them; a test computes each anew."""

from __future__ import annotations

_REQUEST = {
    "method": "POST",
    "path": "/api/open/permissions/check",
    "query": "b=2&a=%E6%B5%8B%E8%AF%95&a=1",
    "body": '{"account":"fangting","right":"supply.unit.view"}',
    "timestamp": 1795219200,
    "nonce": "k3J9sQ2mZ7xA1bC4dE6f",
    "canonical_query": "a=1&a=%E6%B5%8B%E8%AF%95&b=2",
    "body_digest": "60bc9fb5814c5c78c9a44258a120e530f15f0484f0bff1dd3df4d1a97bcef058",
}
VECTORS = [
    {
        **_REQUEST,
        "scheme": "ANJU-HMAC-SM3",
        "key_id": "ah_0123456789abcdef0123",
        "key": "anju-worked-example-key-0123456789abcdef",
        "signature": "zNxfjAi40Lc06M8cwGYAdbc/1gBiNGIQ2+eirTJfmWA=",
    },
    {
        **_REQUEST,
        "scheme": "ANJU-SM2-SM3",
        "key_id": "as_0123456789abcdef0123",
        "key": (
            "73b1e34308e76739bb2d0ff7057b9fc284142147b019498d4d08b6ce01a9f065"
            "5004e5582efbd5df47fd78aa26c16db52e53bb91d467511625443af9e2acf6ba"
        ),
        "signature": (
            "MEUCIDVIdgZsvl9kzhxzzMKsSD253KdPb2yd8+mauixY6Ai4AiEAvUg/d3YpFGjkjMQ/dXlVnJAMjZ1kb8tajh/D5uLHUK4="
        ),
    },
]
