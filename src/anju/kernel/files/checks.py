"""Whether an upload is what it claims to be, judged by its content, never by its name or the browser's word."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

from PIL import Image, ImageOps
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from anju.kernel.errors import DomainError

SMALLEST, LARGEST = 1024, 4 * 1024 * 1024
MOST_PIXELS = 50_000_000
PDF_LARGEST = 20 * 1024 * 1024
VIDEO_LARGEST = 50 * 1024 * 1024
# A picture needs none of these; each is long enough not to turn up in compressed data by chance.
_SCRIPT = re.compile(rb"<\?php|<script|<!doctype html|<html>", re.IGNORECASE)
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
# What an MP4 says it is made for; others (QuickTime, audio books, pictures) do not play everywhere.
_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}


class FileTooSmall(DomainError):
    """Fewer bytes than a real picture or document has."""

    code, message = "file.too_small", "文件太小，不足 1 KB"
    advice = "请重新拍摄或扫描后上传"


class FileTooLarge(DomainError):
    """More bytes than allowed."""

    code, message = "file.too_large", "文件太大"
    advice = "请压缩或降低拍摄分辨率后再上传"


class NotAPicture(DomainError):
    """The content is no JPG or PNG picture, whatever it is called."""

    code, message = "file.not_picture", "文件内容不是有效的 JPG 或 PNG 图片"
    advice = "请上传手机或扫描仪直接生成的 JPG、PNG 图片"


class HoldsScript(DomainError):
    """A picture or document that carries a program."""

    code, message = "file.has_script", "文件里夹带了程序代码，不能上传"
    advice = "请重新拍摄或扫描原件后上传"


class NotAVideo(DomainError):
    """The content is no MP4 video that a browser plays."""

    code, message = "file.not_video", "文件内容不是有效的 MP4 视频"
    advice = "请导出为 MP4（H.264）后上传；中断的上传请重新上传"


class TooManyPixels(DomainError):
    """A picture that would fill the memory when opened."""

    code, message = "file.too_many_pixels", "图片的像素过多，无法打开"
    advice = "请把图片缩小到 5000 万像素以内再上传"


class NotADocument(DomainError):
    """The content is no readable PDF."""

    code, message = "file.not_pdf", "文件内容不是有效的 PDF 文档"
    advice = "请重新导出或扫描为 PDF 后上传；加密的 PDF 请先解除密码"


def mime_of(content: bytes) -> str:
    """The type of a content by its first bytes; `application/octet-stream` when unknown."""
    return next((mime for magic, mime in _MAGIC if content.startswith(magic)), "application/octet-stream")


def _check_size(content: bytes, limit: int) -> None:
    if len(content) < SMALLEST:
        raise FileTooSmall
    if len(content) > limit:
        size = f"{len(content) / 1024 / 1024:.1f}"
        raise FileTooLarge(f"文件太大：{size} MB，最多 {limit / 1024 / 1024:.0f} MB", details={"limit": limit})


def check_picture(content: bytes, limit: int = LARGEST) -> bytes:
    """A JPG or PNG of 1 KB up to the limit, written anew without metadata such as the place it was taken (ZB-04.3).

    The picture is upright and keeps its format. Raises `FileTooSmall`, `FileTooLarge`, `NotAPicture`, `HoldsScript`,
    `TooManyPixels`.
    """
    _check_size(content, limit)
    if _SCRIPT.search(content):
        raise HoldsScript
    if mime_of(content) not in {"image/jpeg", "image/png"}:
        raise NotAPicture
    try:
        with warnings.catch_warnings():
            # Pillow's own warning about bombs is replaced by the count below, made before any pixel is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as probe:
                if probe.width * probe.height > MOST_PIXELS:
                    raise TooManyPixels
                probe.verify()
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                picture.load()
                return _written_anew(picture)
    except DomainError:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        raise NotAPicture from error


def _written_anew(picture: Image.Image) -> bytes:
    kind = picture.format
    ImageOps.exif_transpose(picture, in_place=True)
    mode = "RGBA" if kind == "PNG" and picture.has_transparency_data else "RGB"
    plain = picture if picture.mode == mode else picture.convert(mode)
    # Comments and colour profiles would be written from here.
    plain.info = {}
    written = io.BytesIO()
    if kind == "JPEG":
        plain.save(written, "JPEG", quality=90)
    else:
        plain.save(written, "PNG")
    return written.getvalue()


def check_pdf(content: bytes, limit: int = PDF_LARGEST) -> bytes:
    """A PDF that can be read, is not encrypted and starts no program; given back unchanged.

    Raises `FileTooSmall`, `FileTooLarge`, `NotADocument`, `HoldsScript`.
    """
    _check_size(content, limit)
    if mime_of(content) != "application/pdf":
        raise NotADocument
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            raise NotADocument("PDF 设有密码，无法打开")
        root = reader.root
        pages = int(root["/Pages"]["/Count"])
        names = _item(root, "/Names") or {}
        more = _item(root, "/AA") or {}
        acts = [_item(root, "/OpenAction"), *(_item(more, name) for name in more)]
        starts = any(isinstance(act, dict) and act["/S"] in ("/JavaScript", "/Launch") for act in acts)
        if starts or "/JavaScript" in names or "/EmbeddedFiles" in names:
            raise HoldsScript
    except DomainError:
        raise
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError) as error:
        raise NotADocument from error
    if pages < 1:
        raise NotADocument("PDF 里没有页面")
    return content


def _item(holder: Any, name: str) -> Any:
    # A dictionary's own `get` gives references; only asking for an item follows them.
    return holder[name] if name in holder else None  # noqa: SIM401


def check_video(content: bytes, limit: int = VIDEO_LARGEST) -> bytes:
    """An MP4 that is whole: its boxes (ISO/IEC 14496-12) fill the file, with an index and pictures; given back unchanged.

    Raises `FileTooSmall`, `FileTooLarge`, `NotAVideo`.
    """
    _check_size(content, limit)
    if content[4:8] != b"ftyp" or content[8:12] not in _BRANDS:
        raise NotAVideo
    found, place = set(), 0
    while place + 8 <= len(content):
        size, head = int.from_bytes(content[place : place + 4], "big"), 8
        found.add(content[place + 4 : place + 8])
        if size == 1:
            size, head = int.from_bytes(content[place + 8 : place + 16], "big"), 16
        elif size == 0:
            size = len(content) - place
        if size < head:
            raise NotAVideo
        place += size
    if place != len(content) or not {b"moov", b"mdat"} <= found:
        raise NotAVideo
    return content


def check_material(content: bytes, limit: int = LARGEST) -> tuple[bytes, str]:
    """A picture or a PDF as a material of a case; the content to keep, and its type."""
    if mime_of(content) == "application/pdf":
        return check_pdf(content, limit), "application/pdf"
    checked = check_picture(content, limit)
    return checked, mime_of(checked)
