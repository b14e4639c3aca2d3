"""The template that an office begins with: a small Word file with every field, ready to be changed and uploaded."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from anju.kernel.documents.word import MAIN
from anju.tenancy.papers.wording import KNOWN, SIGNATURE

TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MAIN.decode()}"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
BODY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
)
BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
FACTS = (
    "合同编号",
    "出租人",
    "出租人电话",
    "承租人",
    "承租人证件号码",
    "承租人电话",
    "资格证号",
    "房屋坐落",
    "项目名称",
    "房源编码",
)
ARTICLES = (
    "第一条　甲方将坐落于{{房屋坐落}}的房屋（租赁部位：{{租赁部位}}，建筑面积 {{建筑面积}} 平方米）出租给乙方居住使用。",
    "第二条　租赁期限自{{租期开始}}起至{{租期结束}}止。",
    "第三条　月租金为人民币 {{月租金}} 元，押金为人民币 {{押金}} 元，交租方式：{{交租方式}}。",
    "第四条　房屋仅供乙方家庭居住，不得转租、转借、空置或者改变用途。居住使用人如下：",
)


def paragraph(text: str, *, align: str = "", bold: bool = False, size: float = 12) -> str:
    """A paragraph of Word's own markup."""
    placed = f'<w:pPr><w:jc w:val="{align}"/></w:pPr>' if align else ""
    looks = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    return f'<w:p>{placed}<w:r>{looks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(rows: list[list[str]], widths: list[int]) -> str:
    """A table with lines around every cell."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell, size=10.5)}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr><w:tblBorders>{BORDER}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def package(body: str) -> bytes:
    """A .docx file around a body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", BODY.format(body))
    return out.getvalue()


def document() -> bytes:
    """The file."""
    people = list(KNOWN.lists["居住使用人"])
    return package(
        paragraph("公共租赁住房租赁合同", align="center", bold=True, size=22)
        + table([[name, f"{{{{{name}}}}}"] for name in FACTS], [2200, 6800])
        + "".join(paragraph(article) for article in ARTICLES)
        + table([people, [f"{{{{居住使用人.{name}}}}}" for name in people]], [2000, 2000, 3400, 1600])
        + paragraph("第五条　本合同自双方签署之日起生效，由甲方按规定办理租赁合同备案。")
        + paragraph(f"{{{{{SIGNATURE}}}}}")
    )
