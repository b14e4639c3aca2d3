"""Reading XML that people upload or draw: no entities, no network, no document type, bounded size."""

from __future__ import annotations

from lxml import etree

MAX_BYTES = 2_000_000


class XmlUnreadable(ValueError):
    """Not XML that we read; the message says why, in Chinese."""


def read_xml(content: bytes) -> etree._Element:
    """The root of a UTF-8 document; raises `XmlUnreadable`."""
    if len(content) > MAX_BYTES:
        raise XmlUnreadable(f"文件超过 {MAX_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise XmlUnreadable("文件应以 UTF-8 编码保存") from error
    if "<!DOCTYPE" in text:
        raise XmlUnreadable("文件不能带文档类型声明")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlUnreadable(f"不是完好的 XML：{error}") from error
