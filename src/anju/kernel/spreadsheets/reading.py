"""Reading a spreadsheet that anybody may have sent: bounded in memory and time, values only, wrong ones named.

A workbook is a zip: what it unpacks to is counted before anything is read, and the cells that hold something are found
first, because a reader allocates the whole rectangle between the outermost two.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from anju.kernel.errors import DomainError

MAX_BYTES = 40 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
CHUNK = 4 * 1024 * 1024
MAX_CELL = 8 * 1024 * 1024
EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
# a cell that is not empty: neither closed in its own tag nor at once after it; then perhaps a formula
_CELL = re.compile(rb"<(?:\w+:)?c\b((?:[^>]*[^>/])?)>(?!\s*</)\s*(<(?:\w+:)?f\b)?")
_OPEN = re.compile(rb"<(?:\w+:)?c[\s>]")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class NotReadable(DomainError):
    """The file is no spreadsheet, or one that cannot be taken; the message says why."""

    code, message = "import.not_spreadsheet", "这不是可以读取的电子表格"
    advice = "请使用下载的模板，保存为 .xlsx、.xls 或 .csv 后再上传"


class WrongColumns(DomainError):
    """The header row does not fit the template; the message names the columns."""

    code, message = "import.wrong_columns", "表头与模板不一致"
    advice = "请下载最新模板，把数据粘贴进去再导入"


def refuse_headers(missing: Sequence[str], unknown: Sequence[str], doubled: Sequence[str]) -> None:
    """Raises `WrongColumns` when a title is missing, unknown or there twice."""
    problems = [
        f"{word}：{'、'.join(names[:10])}"
        for word, names in (("缺少", missing), ("不认识", unknown), ("重复", doubled))
        if names
    ]
    if problems:
        raise WrongColumns(
            "表头与模板不一致，" + "；".join(problems),
            details={"missing": missing, "unknown": unknown, "doubled": doubled},
        )


def bare(title: str) -> str:
    """A header without star, blanks and the difference between full and half width brackets."""
    return title.replace("*", "").replace(" ", "").replace("(", "（").replace(")", "）").strip()


@dataclass
class Sheet:
    """What was read: the first row as headers, the other rows with their numbers, and the rows that hold formulas."""

    headers: list[str]
    rows: Iterator[tuple[int, list[Any]]]
    height: int
    formulas: set[int] = field(default_factory=set)


def kind_of(content: bytes, name: str) -> str:
    """`xlsx`, `xls` or `csv` by content, not by name. Raises `NotReadable`."""
    if len(content) > MAX_BYTES:
        raise NotReadable(
            f"文件超过 {MAX_BYTES // 1024 // 1024} MB", code="import.too_large", advice="请拆成几个文件分别导入"
        )
    if content.startswith(_ZIP):
        try:
            names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
        except zipfile.BadZipFile as error:
            raise NotReadable from error
        if "xl/workbook.xml" in names:
            return "xlsx"
        raise NotReadable
    if content.startswith(_OLE):
        return "xls"
    if not content.strip():
        raise NotReadable("文件是空的")
    if name.lower().endswith((".csv", ".txt")) and b"\x00" not in content[:4096] and decoded(content) is not None:
        return "csv"
    raise NotReadable


def read(content: bytes, name: str, most: int = MAX_ROWS) -> Sheet:
    """The first sheet of a file, of so many rows at most. Raises `NotReadable`."""
    kind = kind_of(content, name)
    if kind == "csv":
        return read_csv(content, most)
    formulas = scan(content, most) if kind == "xlsx" else set()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise NotReadable("工作簿里没有工作表")
        sheet = book.get_sheet_by_index(0)
        start, end = sheet.start, sheet.end
        if start is None or end is None:
            raise NotReadable("第一张工作表是空的", code="import.empty")
        bounded(end[0] + 1, end[1] + 1, most)
        return assemble(sheet.iter_rows(), 1, sheet.height, formulas)
    except PasswordError as error:
        raise NotReadable("文件设有密码", code="import.password", advice="请去掉密码后再上传") from error
    except CalamineError as error:
        raise NotReadable from error


def scan(content: bytes, most: int = MAX_ROWS) -> set[int]:
    """Looks through the first sheet of a workbook without loading it; gives the rows that hold formulas.

    Raises `NotReadable` when it unpacks to too much, or when its cells lie too far apart.
    """
    found = Extent()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
            raise too_much()
        with archive.open(first_sheet(archive)) as stream:
            rest, unpacked = b"", 0
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise too_much()
                text = rest + chunk
                edge = last_cell(text)
                found.take(text[:edge])
                rest = text[edge:]
                if len(rest) > MAX_CELL:
                    raise NotReadable
            found.take(rest)
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        KeyError,
    ) as error:
        raise NotReadable from error
    except zlib.error as error:
        raise NotReadable from error
    bounded(found.height, found.width, most)
    return found.formulas


@dataclass
class Extent:
    """How far the cells of a sheet reach, and which rows hold formulas."""

    height: int = 0
    width: int = 0
    formulas: set[int] = field(default_factory=set)

    def take(self, xml: bytes) -> None:
        """Counts in the cells of a piece of XML that ends before a cell begins."""
        if b"\x00" in xml[:200]:
            raise NotReadable
        for attributes, formula in _CELL.findall(xml):
            place = _PLACE.search(attributes)
            if place is None:
                raise NotReadable("工作表里有没写明位置的单元格", advice="请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")
            row = int(place[2])
            self.height, self.width = max(self.height, row), max(self.width, column_number(place[1].upper()))
            if formula:
                self.formulas.add(row)


def first_sheet(archive: zipfile.ZipFile) -> str:
    """Where the first sheet of a workbook lies in its zip."""
    book = etree.fromstring(archive.read("xl/workbook.xml"), _PARSER)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), _PARSER)
    sheets = book.xpath("//*[local-name()='sheet']/@*[local-name()='id']")
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    assert isinstance(sheets, list)
    if not sheets:
        raise NotReadable("工作簿里没有工作表")
    target = targets[str(sheets[0])]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def last_cell(text: bytes) -> int:
    """Where the last cell of a piece of XML begins; where no cell does, the last tag."""
    at = last = text.rfind(b"<")
    while at > 0:
        if _OPEN.match(text, at):
            return at
        at = text.rfind(b"<", 0, at)
    return max(last, 0)


def column_number(letters: bytes) -> int:
    """A for 1, AA for 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def too_much() -> NotReadable:
    return NotReadable("文件展开后过大", code="import.too_large", advice="请删除空白的格式区域，或拆成几个文件")


def bounded(height: int, width: int, most: int) -> None:
    """Refuses a sheet larger than an import takes."""
    if height > most + 1:
        raise NotReadable(
            f"内容到第 {height} 行，一次最多导入 {most} 行",
            code="import.too_many_rows",
            advice="请拆成几个文件分别导入",
        )
    if width > MAX_COLUMNS:
        raise NotReadable(
            f"内容到第 {width} 列，最多 {MAX_COLUMNS} 列",
            code="import.too_many_columns",
            advice="请删除表格右侧的零散内容",
        )


def decoded(content: bytes) -> str | None:
    """Text in UTF-8 or, as Excel in China saves it, GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_csv(content: bytes, most: int = MAX_ROWS) -> Sheet:
    """A CSV file; a cell that begins like a formula is kept as text and its row flagged."""
    text = decoded(content)
    assert text is not None
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise NotReadable("CSV 格式有误") from error
    if not rows:
        raise NotReadable("文件是空的")
    bounded(len(rows), max(map(len, rows)), most)
    formulas = {number for number, row in enumerate(rows, start=1) if any(cell.startswith("=") for cell in row)}
    return assemble(iter(rows), 1, len(rows), formulas)


def assemble(rows: Iterator[list[Any]], first: int, height: int, formulas: set[int]) -> Sheet:
    """Headers from the first row that holds something; empty rows are left out later."""
    numbered = enumerate(rows, start=first)
    for _, row in numbered:
        headers = [str(cell).strip() for cell in row]
        if any(headers):
            while headers and not headers[-1]:
                headers.pop()
            return Sheet(headers, numbered, height, formulas)
    raise NotReadable("第一张工作表是空的", code="import.empty")
