"""Reading the text of a Word file (.docx) that an office wrote: paragraphs and tables as plain data, nothing else.

What we keep is what a contract needs: words, bold and underlined, their size, alignment, tables with joined cells, page
breaks. What we do not keep is refused with its place rather than lost in silence, for a contract without its numbering
or its picture would be another contract. Nothing of the file is ever run, fetched or unpacked to disk.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from anju.kernel.errors import DomainError
from anju.kernel.xmlfiles import XmlUnreadable, read_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST, UNPACKED, ENTRIES = 3 * 1024 * 1024, 30 * 1024 * 1024, 500
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
BODY_SIZE = 12.0
SMALLEST_SIZE, LARGEST_SIZE = 7.0, 36.0
ALIGN = {"center": "center", "right": "right", "end": "right", "left": "left", "start": "left"}
REFUSED = {
    "ins": "有未处理的修订，请先在 Word 里接受或拒绝全部修订",
    "del": "有未处理的修订，请先在 Word 里接受或拒绝全部修订",
    "moveFrom": "有未处理的修订，请先在 Word 里接受或拒绝全部修订",
    "moveTo": "有未处理的修订，请先在 Word 里接受或拒绝全部修订",
    "drawing": "有图片或文本框，请删去；印章由系统加盖",
    "pict": "有图片或文本框，请删去；印章由系统加盖",
    "object": "有嵌入的对象，请删去",
    "altChunk": "有嵌入的文件，请删去",
    "footnoteReference": "有脚注，请改写到正文里",
    "endnoteReference": "有尾注，请改写到正文里",
    "commentReference": "有批注，请先删除全部批注",
    "instrText": "有 Word 的域（如页码、日期），请改为普通文字；页码由系统印上",
    "fldSimple": "有 Word 的域（如页码、日期），请改为普通文字；页码由系统印上",
}
Block = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something in an uploaded template that must be mended: where, and what to do."""

    place: str
    message: str


class WordUnreadable(DomainError):
    """The file is no Word document, or holds what must not be in one; `details.problems` lists the places."""

    code, message = "template.unreadable", "文件不是可用的 Word 文档"
    advice = "请用 Word 或 WPS 另存为 .docx 后再上传"

    def __init__(self, message: str | None = None, problems: list[Problem] | None = None) -> None:
        told = [{"place": each.place, "message": each.message} for each in problems or []]
        super().__init__(message, field="file", details={"problems": told})


@dataclass
class Reading:
    """What was read: blocks, each with its place in words, and what must be mended."""

    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_word(content: bytes) -> Reading:
    """The paragraphs and tables of a .docx. Raises `WordUnreadable` for what is none, or is dangerous to open."""
    if len(content) > LARGEST:
        raise WordUnreadable(f"文件超过 {LARGEST // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > ENTRIES or sum(part.file_size for part in parts) > UNPACKED:
                raise WordUnreadable("文件里的内容太多，不能打开")
            names = {part.filename for part in parts}
            refuse_programs(archive, names)
            body = read_xml(archive.read("word/document.xml")).find(f"{W}body")
            styles = Styles(read_xml(archive.read("word/styles.xml")) if "word/styles.xml" in names else None)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise WordUnreadable(str(error) if isinstance(error, XmlUnreadable) else None) from error
    if body is None:
        raise WordUnreadable
    reading = Reading()
    Reader(styles, reading).read(body)
    return reading


def refuse_programs(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Raises `WordUnreadable` for macros, embedded objects, and parts that would be fetched from elsewhere."""
    if any("vbaProject" in name or name.startswith(("word/embeddings/", "word/activeX/")) for name in names):
        raise WordUnreadable("文件里有宏或嵌入的对象，不能上传")
    if MAIN not in archive.read("[Content_Types].xml"):
        raise WordUnreadable
    for name in sorted(name for name in names if name.endswith(".rels")):
        for relation in read_xml(archive.read(name)):
            linked = str(relation.get("Type", "")).endswith("/hyperlink")
            if relation.get("TargetMode") == "External" and not linked:
                raise WordUnreadable("文件引用了外部的内容，不能上传")


class Styles:
    """What paragraphs take from the named styles of the file: alignment, weight, size, numbering."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root.findall(f"{W}style") if root is not None else []
        self.by_id = {style.get(f"{W}styleId"): style for style in found}
        standard = next((s for s in found if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") == "1"), None)
        self.standard = standard.get(f"{W}styleId") if standard is not None else None
        size = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz") if root is not None else None
        self.size = points(size) or BODY_SIZE

    def of(self, name: str | None, path: str) -> etree._Element | None:
        """The nearest element of this path in a style or those on which it is based."""
        seen: set[str] = set()
        name = name or self.standard
        while name and name not in seen and name in self.by_id:
            seen.add(name)
            style = self.by_id[name]
            element = style.find(path)
            if element is not None:
                return element
            based = style.find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None
        return None


class Reader:
    """Walks through a body, counting paragraphs and tables so that problems can name their place."""

    def __init__(self, styles: Styles, reading: Reading) -> None:
        self.styles, self.reading = styles, reading
        self.paragraphs = self.tables = 0

    def read(self, body: etree._Element) -> None:
        for element in inner(body):
            if element.tag == f"{W}p":
                self.paragraphs += 1
                self.reading.blocks += self.paragraph(element, f"第 {self.paragraphs} 段")
            elif element.tag == f"{W}tbl":
                self.tables += 1
                self.reading.blocks.append(self.table(element, f"第 {self.tables} 个表格"))

    def paragraph(self, p: etree._Element, place: str) -> list[Block]:
        """A paragraph, after a page break where one stands before it."""
        text = "".join(t.text or "" for t in p.iter(f"{W}t"))
        where = f"{place}（“{text[:12]}{'…' if len(text) > 12 else ''}”）" if text else place
        self.look_for_refused(p, where)
        style = value(p.find(f"{W}pPr/{W}pStyle"))
        if self.numbered(p, style):
            self.reading.problems.append(Problem(where, "用了自动编号，请改为手工输入的编号，以免合同条款号丢失"))
        align = value(p.find(f"{W}pPr/{W}jc")) or value(self.styles.of(style, f"{W}pPr/{W}jc"))
        runs = [run for r in p.iter(f"{W}r") if (run := self.run(r, style))["text"]]
        breaks = p.find(f"{W}pPr/{W}pageBreakBefore") is not None or any(
            each.get(f"{W}type") == "page" for each in p.iter(f"{W}br")
        )
        block = {"kind": "text", "place": where, "align": ALIGN.get(align or "", "justify"), "runs": whole_fields(runs)}
        return [{"kind": "break"}, block] if breaks else [block]

    def look_for_refused(self, element: etree._Element, where: str) -> None:
        found = {etree.QName(each).localname for each in element.iter() if isinstance(each.tag, str)}
        words = dict.fromkeys(REFUSED[name] for name in REFUSED if name in found)
        self.reading.problems += [Problem(where, word) for word in words]

    def numbered(self, p: etree._Element, style: str | None) -> bool:
        own = p.find(f"{W}pPr/{W}numPr/{W}numId")
        given = own if own is not None else self.styles.of(style, f"{W}pPr/{W}numPr/{W}numId")
        return given is not None and value(given) != "0"

    def run(self, r: etree._Element, style: str | None) -> Block:
        pieces = []
        for each in r:
            if each.tag == f"{W}t":
                pieces.append(each.text or "")
            elif each.tag == f"{W}tab":
                pieces.append("\u3000\u3000")
            elif each.tag in {f"{W}br", f"{W}cr"} and each.get(f"{W}type") != "page":
                pieces.append("\n")
        size = points(r.find(f"{W}rPr/{W}sz")) or points(self.styles.of(style, f"{W}rPr/{W}sz")) or self.styles.size
        bold = r.find(f"{W}rPr/{W}b")
        return {
            "text": "".join(pieces),
            "bold": on(bold if bold is not None else self.styles.of(style, f"{W}rPr/{W}b")),
            "underline": value(r.find(f"{W}rPr/{W}u")) not in {None, "none"},
            "size": min(max(size, SMALLEST_SIZE), LARGEST_SIZE),
        }

    def table(self, tbl: etree._Element, place: str) -> Block:
        widths = [int(value(col, "w") or 1) for col in tbl.findall(f"{W}tblGrid/{W}gridCol")]
        rows: list[list[Block]] = []
        open_cells: dict[int, Block] = {}
        for number, tr in enumerate((row for row in inner(tbl) if row.tag == f"{W}tr"), 1):
            cells: list[Block] = []
            column = 0
            for tc in (cell for cell in inner(tr) if cell.tag == f"{W}tc"):
                span = int(value(tc.find(f"{W}tcPr/{W}gridSpan")) or 1)
                merge = tc.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and value(merge) != "restart" and column in open_cells:
                    open_cells[column]["rowspan"] += 1
                else:
                    cell = {"colspan": span, "rowspan": 1, "blocks": self.cell(tc, f"{place}第 {number} 行")}
                    cells.append(cell)
                    open_cells.pop(column, None)
                    if merge is not None:
                        open_cells[column] = cell
                column += span
            widths += [max(widths, default=1)] * (column - len(widths))
            rows.append(cells)
        return {"kind": "table", "place": place, "columns": [max(width, 1) for width in widths], "rows": rows}

    def cell(self, tc: etree._Element, place: str) -> list[Block]:
        blocks: list[Block] = []
        for element in inner(tc):
            if element.tag == f"{W}p":
                blocks += [block for block in self.paragraph(element, place) if block["kind"] == "text"]
            elif element.tag == f"{W}tbl":
                self.reading.problems.append(Problem(place, "表格里又有表格，请拆开"))
        return blocks


def inner(element: etree._Element) -> Iterator[etree._Element]:
    """The children of an element, with those of content controls in their place."""
    for child in element:
        if child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            yield from inner(content) if content is not None else ()
        elif isinstance(child.tag, str):
            yield child


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of an element that may not be there."""
    return element.get(f"{W}{name}") if element is not None else None


def points(element: etree._Element | None) -> float | None:
    """A size in points; Word counts half ones."""
    given = value(element)
    return int(given) / 2 if given and given.isdigit() else None


def on(element: etree._Element | None) -> bool:
    """Whether a switch such as bold is on: there, and not said to be off."""
    return element is not None and value(element) not in {"0", "false", "none"}


def whole_fields(runs: list[Block]) -> list[Block]:
    """The runs with each `{{...}}` in one of them: Word cuts texts wherever somebody once stopped typing."""
    joined: list[Block] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last is not None and last["text"].count("{{") > last["text"].count("}}"):
            cut = run["text"].find("}}")
            head = run["text"] if cut < 0 else run["text"][: cut + 2]
            last["text"] += head
            rest = run["text"][len(head) :]
            if rest:
                joined.append({**run, "text": rest})
        elif last is not None and last["text"].endswith("{") and run["text"].startswith("{"):
            last["text"] = last["text"][:-1]
            joined = [*joined[: -1 if not last["text"] else None], {**run, "text": "{" + run["text"]}]
        else:
            joined.append(dict(run))
    return [run for run in joined if run["text"]]
