"""Fields in the templates that offices write: `{{承租人}}`. A name is looked up; nothing is computed, called or read.

A field of a list, such as `{{居住使用人.姓名}}`, repeats the row of the table in which it stands; elsewhere the values are
joined by commas. A field that stands for a part of the paper, such as `{{签署栏}}`, has a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from anju.kernel.documents.word import Block, Problem

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
STATEMENT = re.compile(r"\{[%#][^}]*\}?")
Values = Mapping[str, str | list[Mapping[str, str]]]


@dataclass(frozen=True)
class Known:
    """The fields of a kind of paper: single ones, lists with what each entry has, parts, and those that must be there."""

    single: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, str]
    needed: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Every name that may stand between the braces."""
        return [*self.single, *(f"{key}.{name}" for key, of in self.lists.items() for name in of), *self.parts]


def paragraphs(blocks: list[Block]) -> Iterator[Block]:
    """Every paragraph, those in tables too."""
    for block in blocks:
        if block["kind"] == "text":
            yield block
        elif block["kind"] == "table":
            for row in block["rows"]:
                for cell in row:
                    yield from paragraphs(cell["blocks"])


def text_of(block: Block) -> str:
    """The words of a paragraph."""
    return "".join(run["text"] for run in block["runs"])


def check(blocks: list[Block], known: Known) -> list[Problem]:
    """What is wrong with the fields of a template, each with its place; also a row that would repeat by two lists."""
    problems, used = [], set()
    for block in paragraphs(blocks):
        text, place = text_of(block), block["place"]
        for statement in STATEMENT.findall(text):
            problems.append(Problem(place, f"“{statement}”是程序语句，不能使用；模板里只能写 {{{{字段名}}}}"))
        names = FIELD.findall(text)
        used |= set(names)
        if "{{" in (rest := FIELD.sub("", text)) or "}}" in rest:
            problems.append(Problem(place, "花括号不成对，字段要写成 {{字段名}}"))
        problems += [Problem(place, unknown(name, known)) for name in names if name not in known.names()]
        for name in names:
            if name in known.parts and text.strip() != f"{{{{{name}}}}}" and FIELD.sub("", text).strip():
                problems.append(Problem(place, f"{{{{{name}}}}} 要单独成段"))
    for table in (block for block in blocks if block["kind"] == "table"):
        for number, row in enumerate(table["rows"], 1):
            if len(lists_in(row, known)) > 1:
                problems.append(Problem(f"{table['place']}第 {number} 行", "一行里只能用一个列表的字段"))
    missing = [name for name in known.needed if name not in used]
    problems += [Problem("全文", f"缺少 {{{{{name}}}}}，请在合适的位置单独写一段") for name in missing]
    return problems


def unknown(name: str, known: Known) -> str:
    """Says that there is no such field, and which one may have been meant."""
    near = get_close_matches(name, known.names(), n=1, cutoff=0.4)
    return f"没有“{name}”这个字段" + (f"，是不是“{near[0]}”？" if near else "")


def lists_in(row: list[Block], known: Known) -> set[str]:
    """The lists whose fields stand in a row of a table."""
    names = {name for cell in row for block in paragraphs(cell["blocks"]) for name in FIELD.findall(text_of(block))}
    return {head for name in names if (head := name.partition(".")[0]) in known.lists and "." in name}


def fill(blocks: list[Block], values: Values, known: Known) -> list[Block]:
    """The blocks with values in the place of fields, rows of lists repeated, parts as blocks of their own kind."""
    made: list[Block] = []
    for block in blocks:
        if block["kind"] == "text":
            name = FIELD.fullmatch(text_of(block).strip())
            if name and name.group(1) in known.parts:
                made.append({"kind": known.parts[name.group(1)]})
            else:
                made.append(filled(block, values, None, {}))
        elif block["kind"] == "table":
            rows = [made_row for row in block["rows"] for made_row in repeated(row, values, known)]
            made.append({**block, "rows": rows})
        else:
            made.append(block)
    return made


def repeated(row: list[Block], values: Values, known: Known) -> list[list[Block]]:
    """A row of a table once, or once for each entry of the list whose fields it has; an empty list leaves one row."""
    lists = lists_in(row, known)
    if not lists:
        return [filled_row(row, values, None, {})]
    name = lists.pop()
    entries = values.get(name, [])
    assert isinstance(entries, list)
    return [filled_row(row, values, name, entry) for entry in entries or [dict.fromkeys(known.lists[name], "—")]]


def filled_row(row: list[Block], values: Values, list_name: str | None, entry: Mapping[str, str]) -> list[Block]:
    return [{**cell, "blocks": [filled(block, values, list_name, entry) for block in cell["blocks"]]} for cell in row]


def filled(block: Block, values: Values, list_name: str | None, entry: Mapping[str, str]) -> Block:
    """A paragraph with values in the place of its fields."""

    def look_up(match: re.Match[str]) -> str:
        head, _, rest = match.group(1).partition(".")
        found: Any = values.get(head, "")
        if isinstance(found, list):
            return entry.get(rest, "") if head == list_name else "、".join(each.get(rest, "") for each in found) or "—"
        return str(found)

    return {**block, "runs": [{**run, "text": FIELD.sub(look_up, run["text"])} for run in block["runs"]]}
