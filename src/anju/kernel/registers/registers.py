"""数据结构: the register in which a city adds attributes to other registers, and the indexes that carry their filters."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg import sql as pg

from anju.kernel.errors import FieldError, Invalid, NotFound
from anju.kernel.forms import dictionary, provide
from anju.kernel.forms.dictionaries import Entry
from anju.kernel.jobs import background, defer
from anju.kernel.registers.attributes import NUMERIC, STORE, forget, options_of
from anju.kernel.registers.columns import Column, Section
from anju.kernel.registers.declaring import declare
from anju.kernel.registers.fields import Field
from anju.kernel.registers.filters import Choice
from anju.kernel.registers.models import Attribute, AttributeType
from anju.kernel.registers.register import REGISTERS, Guard, Register, Rights, find
from anju.kernel.registers.search import Search
from anju.kernel.scope import Actor, Reach

TEXTS = {AttributeType.TEXT, AttributeType.TEXTAREA}
FIGURES = {AttributeType.INTEGER, AttributeType.NUMBER, AttributeType.MONEY}


def extensible_registers() -> Iterable[Entry]:
    """The registers that take attributes."""
    return [Entry(each.key, each.title) for each in REGISTERS.values() if each.extensible and not each.attributes_of]


provide("extensible_register", extensible_registers)


def filled(attribute: Attribute) -> str:
    """Why an attribute cannot be deleted: rows hold a value of it."""
    rows = find(attribute.register).model._default_manager.filter(extra__has_key=attribute.key)
    return f"已有记录填写了“{attribute.title}”，不能删除" if rows.exists() else ""


@declare
class AttributeRegister(Register[Attribute]):
    """Attributes that the city adds; each appears in form, list, filter, import, export and API at once."""

    key, title, unit, group, icon = "registers.attributes", "数据结构", "项", "配置", "table-2"
    model = Attribute
    rights = Rights("registers.attribute", path="none")
    columns = (
        Column("register", dictionary="extensible_register", frozen=True, width=120),
        Column("title", frozen=True, width=150),
        Column("key", width=130),
        Column("type", dictionary="attribute_type", width=100),
        Column("unit", width=80),
        Column("required", width=80),
        Column("listed", width=120),
        Column("filtered", width=90),
        Column("position", width=90),
        Column("active", width=80),
        Column("dictionary", hidden=True, width=140),
        Column("hint", hidden=True, width=200),
        *(Column(key, listed=False) for key in ("options", "min", "max", "max_length", "pattern", "updated_at")),
    )
    filters = (
        Choice("register", dictionary="extensible_register"),
        Choice("type", dictionary="attribute_type"),
        Choice("active", options=(("true", "是"), ("false", "否"))),
    )
    search = Search(["title", "key"], "名称、编码")
    order = "position"
    form = (
        Field("register", "登记册", "choice", required=True, dictionary="extensible_register", fixed=True),
        Field(
            "key", "编码", required=True, max_length=30, pattern=r"[a-z][a-z0-9_]*", fixed=True,
            hint="小写字母开头，用小写字母、数字和下划线，如 heating",
        ),
        Field("title", "名称", required=True, max_length=30, hint="列表、表单和导入模板里的列名"),
        Field("type", "类型", "choice", required=True, dictionary="attribute_type", fixed=True),
        Field("options", "选项", "textarea", max_length=4000, hint="单选时填，一行一个；可写成 编码=名称"),
        Field("dictionary", "或用已有字典", max_length=60, hint="填字典编码，如 orientation"),
        Field("unit", "单位", max_length=10),
        Field("required", "必填", "boolean", default=False),
        Field("min", "最小值", "number"),
        Field("max", "最大值", "number"),
        Field("max_length", "最多字数", "integer", min=1, max=2000),
        Field("pattern", "格式（正则表达式）", max_length=200),
        Field("hint", "填写说明", max_length=100),
        Field("listed", "列表默认显示", "boolean", default=False),
        Field("filtered", "可筛选", "boolean", default=True),
        Field("position", "排列次序", "integer", min=0, max=999, default=10),
        Field("active", "启用", "boolean", default=True, hint="停用后各处不再显示，已填的内容保留"),
    )  # fmt: skip
    heading = ("title", "key")
    open_names = True
    badges = ("type",)
    detail = (
        Section("属性", ["register", "title", "key", "type", "unit", "hint"]),
        Section("校验", ["required", "options", "dictionary", "min", "max", "max_length", "pattern"]),
        Section("显示", ["listed", "filtered", "position", "active", "updated_at"]),
    )
    guards = (Guard(filled, "attribute.in_use", "请改为停用：各处不再显示，已填的内容保留"),)

    def within(self, rows: QuerySet[Attribute], actor: Actor, right: str) -> QuerySet[Attribute]:
        """The structure is the whole city's: it is open to whose right reaches the whole city."""
        return rows if actor.reach(right) is Reach.ALL else rows.none()

    def check(self, values: dict[str, Any], actor: Actor, old: Attribute | None) -> None:
        draft = Attribute() if old is None else copy.copy(old)
        for key, value in values.items():
            setattr(draft, key, "" if value is None and isinstance(getattr(draft, key), str) else value)
        if errors := [*faults(draft), *clashes(draft)]:
            raise Invalid(errors)

    def after(self, row: Attribute, actor: Actor, action: str) -> None:
        transaction.on_commit(forget)
        defer("registers.index_attribute", register=row.register, key=row.key)


def faults(draft: Attribute) -> Iterable[FieldError]:
    """What an attribute asks for that its type cannot give."""
    if draft.type == AttributeType.CHOICE:
        yield from faults_of_choice(draft)
    elif draft.options.strip() or draft.dictionary:
        yield FieldError("options", "attribute.no_choice", "只有单选才有选项和字典")
    if draft.type not in FIGURES and (draft.min is not None or draft.max is not None):
        yield FieldError("min", "attribute.no_figure", "只有整数、数字和金额才有最小值和最大值")
    if draft.type not in TEXTS and (draft.max_length or draft.pattern):
        yield FieldError("pattern", "attribute.no_text", "只有文字才有字数和格式")
    try:
        re.compile(draft.pattern)
    except re.error:
        yield FieldError("pattern", "attribute.pattern", "这不是正则表达式，请核对括号和转义")


def faults_of_choice(draft: Attribute) -> Iterable[FieldError]:
    """A choice needs something to choose from: options of its own or a dictionary, not both."""
    if bool(draft.options.strip()) == bool(draft.dictionary):
        yield FieldError("options", "attribute.options", "单选须填选项，或填一个已有字典，二者取一")
    if draft.dictionary:
        try:
            dictionary(draft.dictionary)
        except NotFound:
            yield FieldError("dictionary", "attribute.no_dictionary", "没有这个字典，请核对字典编码")
    entries = options_of(draft)
    if len({entry.code for entry in entries}) < len(entries) or len({e.title for e in entries}) < len(entries):
        yield FieldError("options", "attribute.options_doubled", "选项的编码和名称都不能重复")


def clashes(draft: Attribute) -> Iterable[FieldError]:
    """A title that a column, a field or an import of the register has already would be told apart by nobody."""
    if draft.register not in REGISTERS:
        return
    register = find(draft.register)
    titles = {register.title_of(column.key) for column in register.columns} | {item.title for item in register.form}
    titles |= {item.title for declared in register.imports for item in declared.fields}
    if draft.title in titles:
        yield FieldError("title", "attribute.title_taken", f"{register.title}已有“{draft.title}”这一列，请换一个名称")


# -- indexes ----------------------------------------------------------------------------------------------------------


@background("registers.index_attribute", atomic=False)
def index_attribute(register: str, key: str) -> None:
    """Makes or drops the index that carries an attribute's filter, beside readers and writers; a repeat changes nothing."""
    table = find(register).model._meta.db_table
    name = f"{table}_x_{key}"[:63]
    attribute = Attribute.objects.filter(Q(active=True, filtered=True), register=register, key=key).first()
    with connection.cursor() as cursor:
        # one that was broken off is there but not valid
        cursor.execute(
            "SELECT i.indisvalid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid WHERE c.relname = %s",
            [name],
        )
        found = cursor.fetchone()
        if found and (attribute is None or not found[0]):
            cursor.execute(pg.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(pg.Identifier(name)))
        if attribute is not None and not (found and found[0]):
            cursor.execute(
                pg.SQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS {} ON {} ({}, id)").format(
                    pg.Identifier(name), pg.Identifier(table), indexed(attribute)
                )
            )


def indexed(attribute: Attribute) -> pg.Composable:
    """The expression that the filter of an attribute asks about, as an index has it."""
    text = pg.SQL("({} ->> {})").format(pg.Identifier(STORE), pg.Literal(attribute.key))
    if attribute.type == AttributeType.INTEGER:
        return pg.SQL("({}::bigint)").format(text)
    return pg.SQL("({}::numeric(20, 2))").format(text) if attribute.type in NUMERIC else text
