"""How long data are kept, and what happens then (NF-05.4): previewed, run, recorded; decisions keep what they rested on.

A kind is declared where its table is: which rows, by which moment, what makes a row stay. The rule of a kind (months,
on or off) is the city's, in the register 保存期限; no rule goes below the kind's least time. Contexts declare kinds of
their own in their room `handlers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from anju.kernel import audit, clock
from anju.kernel.crypto import seal_text
from anju.kernel.errors import DomainError
from anju.kernel.files.blobs import discard
from anju.kernel.jobs import Context, background, defer, every, work
from anju.kernel.scope import Actor, system
from anju.trust.models import Ending, IntegrityMark, RetentionRule, RetentionRun

PORTION = 1000
_DAYS_A_MONTH = 31


@dataclass(frozen=True)
class Kind:
    """Data with one time of keeping.

    `due` says in SQL which rows of `table` are meant, `moment` the column from which time runs, `held` which of them
    stay because a decision rests on them. `blank` sets columns when rows are made anonymous, `sealed` names sealed columns
    that are emptied with them; without `blank` rows are erased.
    """

    key: str
    title: str
    table: str
    moment: str
    least_months: int
    months: int
    due: str = "true"
    held: str = "false"
    blank: str = ""
    sealed: tuple[str, ...] = ()
    basis: str = ""
    marked: str = ""
    after: Callable[[list[tuple[int, ...]]], None] | None = None
    told: str = "id"

    @property
    def ending(self) -> Ending:
        return Ending.ANONYMISE if self.blank else Ending.ERASE


_KINDS: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Declares a kind; its rule is made, switched off, by the next migrate."""
    _KINDS[kind.key] = kind
    return kind


def kinds() -> list[Kind]:
    """Everything declared."""
    return list(_KINDS.values())


class UnknownKind(DomainError):
    """The rule of a kind that no part of the program declares any more."""

    code, message, advice = "retention.unknown", "程序中已没有这类数据", "这条规则可以停用"


def ensure_rules() -> None:
    """A rule for every kind; what the city set stays."""
    for kind in kinds():
        RetentionRule.objects.get_or_create(
            kind=kind.key,
            defaults={
                "title": kind.title, "basis": kind.basis, "ending": kind.ending, "least_months": kind.least_months,
                "months": kind.months,
            },
        )  # fmt: skip


def preview(actor: Actor, rule: RetentionRule) -> RetentionRun:
    """Counts what a run would do now, and records that it was asked."""
    kind, before = _kind(rule), limit_of(rule)
    return RetentionRun.objects.create(
        rule=rule, at=clock.real_now(), actor=actor.ref, preview=True, before=before,
        rows=_count(kind, before, f"NOT ({kind.held})"), held=_count(kind, before, f"({kind.held})"),
    )  # fmt: skip


def run(actor: Actor, rule: RetentionRule, progress: Callable[[int], None] = lambda done: None) -> RetentionRun:
    """Erases or makes anonymous what is due, in portions; begun again, it goes on with what is left."""
    kind, before, done = _kind(rule), limit_of(rule), 0
    while moved := _portion(kind, before):
        done += moved
        progress(done)
    with transaction.atomic():
        made = RetentionRun.objects.create(
            rule=rule, at=clock.real_now(), actor=actor.ref, preview=False, before=before, rows=done,
            held=_count(kind, before, f"({kind.held})"),
        )  # fmt: skip
        RetentionRule.objects.filter(pk=rule.pk).update(last_run_at=made.at, last_rows=done)
        audit.record(
            "erase", actor=actor, subject=f"trust.retention:{rule.pk}",
            title=f"{rule.title}到期{rule.get_ending_display()} {done} 条",
            detail={"before": before.isoformat(), "held": made.held},
        )  # fmt: skip
    return made


def limit_of(rule: RetentionRule) -> datetime:
    """What is older than this is due; never less than the kind's least time."""
    return clock.real_now() - timedelta(days=_DAYS_A_MONTH * max(rule.months, _kind(rule).least_months))


def _kind(rule: RetentionRule) -> Kind:
    if rule.kind not in _KINDS:
        raise UnknownKind
    return _KINDS[rule.kind]


def _where(kind: Kind) -> str:
    return f"FROM {kind.table} AS t WHERE {kind.moment} < %s AND ({kind.due})"


def _count(kind: Kind, before: datetime, more: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_where(kind)} AND {more}", [before])
        return int(cursor.fetchone()[0])


@transaction.atomic
def _portion(kind: Kind, before: datetime) -> int:
    chosen = f"SELECT id {_where(kind)} AND NOT ({kind.held}) ORDER BY id LIMIT {PORTION} FOR UPDATE SKIP LOCKED"
    emptied = "".join(f", {column} = %s" for column in kind.sealed)
    act = f"UPDATE {kind.table} SET {kind.blank}{emptied}" if kind.blank else f"DELETE FROM {kind.table}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH chosen AS ({chosen}) {act} WHERE id IN (SELECT id FROM chosen) RETURNING {kind.told}",
            [before, *(seal_text("") for _ in kind.sealed)],
        )
        rows = cursor.fetchall()
    if kind.marked:
        IntegrityMark.objects.filter(kind=kind.marked, row__in=[row[0] for row in rows]).delete()
    if kind.after and rows:
        kind.after(rows)
    return len(rows)


def _drop_contents(rows: list[tuple[int, ...]]) -> None:
    """Contents that no other row refers to go from the disk once the erasure is committed."""
    addresses = {str(row[1]) for row in rows}
    transaction.on_commit(lambda: [discard(address) for address in addresses])


declare(
    Kind(
        "export_files", "导出文件", "files_storedfile", "created_at", 1, 3, due="purpose = 'export'", marked="files",
        basis="导出件为副本，含个人信息，用后清除（GB/T 35273）", after=_drop_contents, told="id, address",
    )
)  # fmt: skip
declare(
    Kind(
        "import_rows", "导入暂存行", "registers_importrow",
        "(SELECT coalesce(finished_at, created_at) FROM registers_import AS batch WHERE batch.id = owner_id)", 1, 6,
        basis="正式数据已入库，暂存行含个人信息", due="EXISTS (SELECT 1 FROM registers_import AS batch WHERE batch.id = owner_id)",
    )
)  # fmt: skip
declare(
    Kind(
        "ended_sessions", "已结束的登录会话", "identity_session", "expires_at", 6, 12,
        due="ended_at IS NOT NULL OR expires_at < now()", basis="网络安全法第二十一条：网络日志留存不少于六个月",
    )
)  # fmt: skip
declare(
    Kind(
        "connector_calls", "接口调用日志", "connectors_call", "asked_at", 6, 36, marked="exchanges",
        held="subject LIKE 'check:%%' OR subject LIKE 'case:%%'",
        basis="网络日志留存不少于六个月；核查与办件所依据的调用随案保存",
    )
)  # fmt: skip
declare(
    Kind(
        "sms", "短信号码", "workspace_sms", "created_at", 6, 24, due="state <> 'waiting' AND phone_masked <> ''",
        sealed=("phone",),
        blank="phone_masked = '', phone_blind = sha256(id::text::bytea), text = NULL, shown = '（已到保存期限）'",
        basis="个人信息保护法第十九条：保存期限为实现目的所必要的最短时间",
    )
)  # fmt: skip


@work("trust.retention", title="到期数据处理")
def run_rule(context: Context, rule: int) -> None:
    """Runs one rule for a person who watches."""
    found = RetentionRule.objects.get(pk=rule)
    context.progress(0, _count(_kind(found), limit_of(found), f"NOT ({_kind(found).held})"))

    def progress(done: int) -> None:
        context.raise_if_cancelled()
        context.progress(done)

    made = run(context.actor, found, progress)
    context.finish({"rows": made.rows, "held": made.held})


@background("trust.retention_due", atomic=False)
def run_due() -> None:
    """Runs every rule that is switched on; a repeat finds what is left."""
    for rule in RetentionRule.objects.filter(active=True, kind__in=[kind.key for kind in kinds()]).order_by("id"):
        run(system("保存期限"), rule)


@background("trust.retention_nightly")
def nightly() -> None:
    """Asks for the nightly run; while one waits, another is not asked for."""
    defer("trust.retention_due", once="trust.retention_due")


every(minutes=1440)("trust.retention_nightly")
