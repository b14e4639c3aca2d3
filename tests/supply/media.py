"""Files for tests: a picture with something on it, and the smallest MP4 that is whole."""

from __future__ import annotations

import io
import os

from PIL import Image


def picture(colour: str = "steelblue") -> bytes:
    """A PNG that is large enough to be one."""
    made = Image.effect_noise((96, 64), 60).convert("RGB")
    made.paste(colour, (10, 10, 60, 40))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    """A box of ISO/IEC 14496-12."""
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def video(size: int = 4096) -> bytes:
    """Boxes as an MP4 has them; its pictures are noise."""
    head = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
    return head + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", os.urandom(size))
