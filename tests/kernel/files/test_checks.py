"""Uploads are judged by their content: pictures are pictures, documents documents, and neither carries a program."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, PngImagePlugin

from anju.kernel.errors import DomainError
from anju.kernel.files import check_material, check_pdf, check_picture, mime_of


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    """A noisy picture, so that it has the size of a real one."""
    noise = Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))
    written = io.BytesIO()
    noise.save(written, kind, **options)
    return written.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "secret description"
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 39.0, 0.0)})
    return picture(exif=exif, comment=b"secret comment")


def pdf(catalog: str = "", pages: int = 1) -> bytes:
    """The smallest PDF that holds together."""
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [3 0 R] /Count {pages} >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        "<< /S /JavaScript /JS (app.alert) >>",
        "(" + "x" * 1200 + ")",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()


def bomb() -> bytes:
    """A PNG of a few hundred kilobytes that says it has 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 40_001 * 1000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<rect/>" * 300 + b"</svg>"


def refused(check: Callable[[bytes], object], content: bytes) -> DomainError:
    with pytest.raises(DomainError) as caught:
        check(content)
    assert caught.value.advice
    return caught.value


@pytest.mark.covers("ZB-04.3")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SVG, "file.not_picture"),
        (b"\xff\xd8\xff\xe0" + b"<?php system($_GET['c']); ?>" * 60, "file.has_script"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"#!/bin/sh\nrm -rf ~\n" * 100, "file.not_picture"),
        (picture() + b"<script>alert(1)</script>", "file.has_script"),
        (picture()[:5000], "file.not_picture"),
        (picture("PNG")[:5000], "file.not_picture"),
        (picture("GIF"), "file.not_picture"),
        (picture("WEBP"), "file.not_picture"),
        (picture("TIFF"), "file.not_picture"),
        (pdf(), "file.not_picture"),
        (b"MZ" + b"\x00" * 4000, "file.not_picture"),
        (b"\x00" * 4000, "file.not_picture"),
        (bomb(), "file.too_many_pixels"),
        (b"", "file.too_small"),
        (picture(size=(8, 8), quality=10)[:1023], "file.too_small"),
        (picture("PNG", (1250, 1250)), "file.too_large"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(content: bytes, code: str) -> None:
    refusal = refused(check_picture, content)
    assert refusal.code == code
    assert refusal.message


@pytest.mark.covers("ZB-04.3")
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_kept_in_its_format(kind: str) -> None:
    kept = check_picture(picture(kind))
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.format, again.size) == (kind, (300, 200))


def test_the_limit_is_told() -> None:
    assert "最多 4 MB" in refused(check_picture, picture("PNG", (1250, 1250))).message


def test_place_description_and_comment_are_gone_and_the_picture_is_upright() -> None:
    before = with_place()
    assert b"secret" in before
    kept = check_picture(before)
    assert b"secret" not in kept
    with Image.open(io.BytesIO(kept)) as again:
        assert not again.getexif()
        assert again.size == (200, 300)


def test_texts_of_a_png_are_gone_and_transparency_stays() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "secret")
    noise = Image.frombytes("RGBA", (100, 100), random.Random(7).randbytes(40_000))
    written = io.BytesIO()
    noise.save(written, "PNG", pnginfo=note)
    kept = check_picture(written.getvalue())
    assert b"secret" not in kept
    with Image.open(io.BytesIO(kept)) as again:
        assert again.tobytes() == noise.tobytes()


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P"])
def test_other_colour_models_become_plain_ones(mode: str) -> None:
    written = io.BytesIO()
    Image.frombytes("RGB", (300, 300), random.Random(7).randbytes(270_000)).convert(mode).save(
        written, "PNG" if mode in {"1", "P"} else "JPEG"
    )
    with Image.open(io.BytesIO(check_picture(written.getvalue()))) as again:
        assert again.mode == "RGB"


def test_a_pdf_is_kept_as_it_is() -> None:
    assert check_pdf(pdf()) == pdf()
    assert check_material(pdf()) == (pdf(), "application/pdf")
    assert check_material(picture("PNG"))[1] == "image/png"
    assert mime_of(SVG) == "application/octet-stream"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf("/OpenAction 4 0 R"), "file.has_script"),
        (pdf("/AA << /WC 4 0 R >>"), "file.has_script"),
        (pdf("/Names << /JavaScript << /Names [(a) 4 0 R] >> >>"), "file.has_script"),
        (pdf("/Names << /EmbeddedFiles << /Names [] >> >>"), "file.has_script"),
        (pdf("/OpenAction 99 0 R"), "file.not_pdf"),
        (pdf(pages=0), "file.not_pdf"),
        (b"%PDF-1.7\n" + b"x" * 3000, "file.not_pdf"),
        (pdf()[:1000] + b"x" * 500, "file.not_pdf"),
        (picture(), "file.not_pdf"),
        (b"%PDF-1.7", "file.too_small"),
    ],
)
def test_what_is_no_plain_document_is_refused(content: bytes, code: str) -> None:
    assert refused(check_pdf, content).code == code
