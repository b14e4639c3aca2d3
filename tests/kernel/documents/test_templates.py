"""Every template is set with its sample data, looks like one paper, and its QR code leads to its verification."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from anju.kernel.documents.models import Document
from anju.kernel.documents.services import typeset_values, verify_url
from anju.kernel.documents.templates import ROOT, TemplateMissing, template_path, template_version
from anju.kernel.documents.typesetting import FontsMissing, bundled_fonts, compiler_with, typeset

SAMPLES = json.loads(Path(__file__).with_name("samples.json").read_text())
PAGES = {"application_form": 2, "lease_contract": 2}


def test_every_template_of_the_product_has_a_sample() -> None:
    assert {path.stem for path in ROOT.glob("*/definitions/documents/*.typ")} == set(SAMPLES)


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_it_is_set_as_an_archivable_pdf(key: str, issued: Callable[..., Document]) -> None:
    document = issued(key)
    pdf = typeset(template_path(key), **typeset_values(document))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf, "PDF/A-2b"
    pages = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"]
    assert pages == PAGES.get(key, 1), "a page more than meant looks careless, often a seal alone on a page"


def dark(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda level: 255 if level < 128 else 0)


def test_the_qr_code_holds_the_address_of_the_verification(issued: Callable[..., Document]) -> None:
    document = issued("acceptance_notice")
    page = Image.open(
        io.BytesIO(typeset(template_path("acceptance_notice"), format="png", **typeset_values(document)))
    ).convert("RGB")
    # The code stands at the lower left, 16 mm wide, under a grey rule.
    foot = dark(page.crop((0, int(page.height * 0.885), int(page.width * 0.22), page.height)))
    box = foot.getbbox()
    assert box is not None
    code = foot.crop(box)
    meant = segno.make(verify_url(document), error="m", micro=False)
    size = len(meant.matrix)
    read = [
        [int(code.getpixel(((x + 0.5) * code.width / size, (y + 0.5) * code.height / size)) > 0) for x in range(size)]
        for y in range(size)
    ]
    assert read == [list(row) for row in meant.matrix]
    assert verify_url(document).endswith(f"/verify/{document.verify_code}")


def test_texts_stay_texts(issued: Callable[..., Document]) -> None:
    data = {**SAMPLES["refusal_notice"]["data"], "reason": '#panic("x") *不是* $x$ #read("/etc/passwd")'}
    assert typeset(template_path("refusal_notice"), **typeset_values(issued("refusal_notice", data=data)))


def test_a_character_that_no_font_has_does_not_stop_the_paper(issued: Callable[..., Document]) -> None:
    data = {**SAMPLES["acceptance_notice"]["data"], "applicant": "王\U000323ae"}
    assert typeset(template_path("acceptance_notice"), **typeset_values(issued(data=data))).startswith(b"%PDF")


@pytest.mark.parametrize("key", ["no_such_paper", "../paper", "acceptance_notice.typ", ""])
def test_a_template_that_is_not_there_is_named(key: str) -> None:
    with pytest.raises(TemplateMissing):
        template_path(key)


def test_a_version_names_the_state_of_the_template() -> None:
    versions = {template_version(key) for key in SAMPLES}
    assert len(versions) == len(SAMPLES)
    assert template_version("acceptance_notice") == template_version("acceptance_notice")


def test_our_own_fonts_are_found_beside_the_web_packages(settings: Any, tmp_path: Path) -> None:
    settings.ANJU_WEB = tmp_path / "web"
    assert bundled_fonts() == []
    home = tmp_path / "node_modules" / "@expo-google-fonts" / "noto-serif-sc" / "400Regular"
    home.mkdir(parents=True)
    assert bundled_fonts() == [home]


@pytest.mark.parametrize("signed_at", ["", "2026-11-25T02:03:04+00:00"])
def test_a_lease_that_nobody_signed_is_marked_a_draft_and_bears_no_seal(
    issued: Callable[..., Document], signed_at: str
) -> None:
    data = {**SAMPLES["lease_contract"]["data"], "signed_at": signed_at}
    values = typeset_values(issued("lease_contract", data=data))
    without_stamp = {**values, "document": {**values["document"], "stamp": None}}
    path = template_path("lease_contract")
    bears_seal = len(typeset(path, **values)) > len(typeset(path, **without_stamp)) + 5000
    assert bears_seal == bool(signed_at)


def test_without_any_chinese_font_nothing_is_set(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="fonts-noto-cjk"):
        compiler_with([tmp_path], ignore_system_fonts=True)
