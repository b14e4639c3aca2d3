"""Do the books agree? Rules that hold between tables of different parts, whatever was killed and whenever.

Each rule is a query for what breaks it, so that an empty answer is the good one. They are asked after every fault test,
after a restored backup, and by whoever runs an installation (`anju check_books`). Work under way is no fault: a rule about
background work asks whether the queue still holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

SHOWN = 20
OPEN_CASE = "('open', 'supplement')"
IN_FORCE = "('effective', 'filed', 'leaving')"
QUEUED = (
    "EXISTS (SELECT 1 FROM procrastinate_jobs AS queued WHERE queued.status IN ('todo', 'doing')"
    " AND queued.task_name = '{task}' AND (queued.args ->> '{argument}')::bigint = {row})"
)


@dataclass(frozen=True)
class Rule:
    """One rule: what it says, and the query for the names of what breaks it."""

    key: str
    title: str
    broken: str


@dataclass(frozen=True)
class Series:
    """Numbers counted per area and year: the counter's kind, and where the numbers stand."""

    kind: str
    table: str
    column: str
    prefix: str


@dataclass(frozen=True)
class Disagreement:
    """A rule that is broken, how often, and by which rows (the first of them)."""

    rule: Rule
    count: int
    rows: Sequence[str]

    def __str__(self) -> str:
        return f"{self.rule.title}（{self.rule.key}）：{self.count} 处，{'、'.join(self.rows)}"


SERIES = (
    Series("public_rental_case", "cases_case", "number", "GZ"),
    Series("public_rental_certificate", "eligibility_certificate", "number", "ZR"),
    Series("contract", "tenancy_contract", "number", "HT"),
    Series("filing", "tenancy_contract", "filing_no", "BA"),
    Series("batch", "waiting_batch", "number", "PC"),
)


def gapless(series: Series) -> Rule:
    """The numbers given are 1 to the counter's last one, each used once."""
    start = "counter.area || counter.year::text"
    used = (
        f"SELECT count(*) AS used, count(DISTINCT row.{series.column}) AS different,"
        f" coalesce(max(right(row.{series.column}, -length('{series.prefix}' || {start}))::bigint), 0) AS highest"
        f" FROM {series.table} AS row WHERE row.{series.column} LIKE '{series.prefix}' || {start} || '%'"
    )
    return Rule(
        f"number.{series.kind}",
        f"{series.kind} 编号连续且不重复",
        f"SELECT {start} || ' ' || counter.last || '/' || given.used FROM numbering_counter AS counter,"
        f" LATERAL ({used}) AS given WHERE counter.kind = '{series.kind}'"
        " AND NOT (given.used = counter.last AND given.different = counter.last AND given.highest = counter.last)",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "case.instance",
        "在办的案件有一个进行中的流程，办结的没有",
        f"SELECT matter.number FROM cases_case AS matter LEFT JOIN processes_instance AS run ON run.id = matter.instance_id"
        # a case taken over closed from an earlier system never had one
        f" WHERE (matter.state IN {OPEN_CASE}) <> coalesce(run.state = 'open', false)",
    ),
    Rule(
        "case.subject",
        "案件与流程互相指认",
        "SELECT matter.number FROM cases_case AS matter JOIN processes_instance AS run ON run.id = matter.instance_id"
        " WHERE run.subject <> 'case:' || matter.id",
    ),
    Rule(
        "instance.token",
        "进行中的流程停在某一环节，结束的没有待办",
        "SELECT run.subject FROM processes_instance AS run WHERE (run.state = 'open') IS DISTINCT FROM EXISTS"
        " (SELECT 1 FROM processes_token AS token WHERE token.instance_id = run.id AND token.state IN ('waiting', 'failed'))",
    ),
    Rule(
        "case.node",
        "案件的当前环节是流程的待办环节",
        "SELECT matter.number FROM cases_case AS matter WHERE matter.node <> '' AND NOT EXISTS (SELECT 1 FROM"
        " processes_token AS token WHERE token.instance_id = matter.instance_id AND token.state IN ('waiting', 'failed'))",
    ),
    Rule(
        "case.parties",
        "在办案件的家庭成员占用申请资格，办结后释放",
        "SELECT matter.number FROM cases_case AS matter JOIN cases_party AS party ON party.case_id = matter.id"
        f" WHERE party.open <> (matter.state IN {OPEN_CASE})",
    ),
    Rule(
        "case.certificate",
        "在本系统审核通过的案件有一张资格证，其他案件没有",
        "SELECT matter.number FROM cases_case AS matter"
        " WHERE (matter.outcome = 'approved' AND matter.instance_id IS NOT NULL) <> EXISTS"
        " (SELECT 1 FROM eligibility_certificate AS certificate WHERE certificate.case_id = matter.id)",
    ),
    Rule(
        "case.publicity",
        "正在公示的案件仍在办理",
        "SELECT shown.case_number FROM eligibility_publicity AS shown JOIN cases_case AS matter ON matter.id = shown.case_id"
        f" WHERE shown.objection = 'pending' AND matter.state NOT IN {OPEN_CASE}",
    ),
    Rule(
        "check.asked",
        "没有应答的核查还在任务队列里",
        "SELECT 'check:' || asked.id FROM cases_check AS asked JOIN cases_case AS matter ON matter.id = asked.case_id"
        f" WHERE asked.state IN ('waiting', 'running') AND matter.state IN {OPEN_CASE} AND NOT "
        + QUEUED.format(task="cases.run_check", argument="check_id", row="asked.id"),
    ),
    Rule(
        "case.submission",
        "一次提交对应一件案件",
        "SELECT sent.number FROM citizen_submission AS sent LEFT JOIN cases_case AS matter ON matter.id = sent.case_id"
        " WHERE matter.id IS NULL OR matter.number <> sent.number",
    ),
    Rule(
        "contract.unit",
        "生效合同的房源在租，且记着这份合同",
        "SELECT contract.number FROM tenancy_contract AS contract JOIN supply_unit AS unit ON unit.id = contract.unit_id"
        f" WHERE contract.state IN {IN_FORCE} AND NOT (unit.contract_id IS NOT DISTINCT FROM contract.id AND unit.status ="
        " CASE contract.state WHEN 'leaving' THEN 'leaving' ELSE 'let' END)",
    ),
    Rule(
        "unit.contract",
        "记着合同的房源，合同在履行",
        "SELECT unit.code FROM supply_unit AS unit LEFT JOIN tenancy_contract AS contract ON contract.id = unit.contract_id"
        f" WHERE unit.contract_id IS NOT NULL AND (contract.state IN {IN_FORCE} AND contract.unit_id = unit.id) IS NOT TRUE",
    ),
    Rule(
        "unit.lease",
        "在租房源上写的承租人和到期日与合同一致",
        "SELECT unit.code FROM supply_unit AS unit JOIN tenancy_contract AS contract ON contract.id = unit.contract_id"
        " WHERE (left(contract.tenant_name, 1), contract.ends_on)"
        " IS DISTINCT FROM (left(unit.occupant_name_masked, 1), unit.lease_end)",
    ),
    Rule(
        "contract.tenant",
        "合同的承租人有人员登记",
        "SELECT contract.number FROM tenancy_contract AS contract LEFT JOIN households_person AS person"
        " ON person.number_blind = contract.tenant_key WHERE contract.tenant_key IS NOT NULL AND person.id IS NULL",
    ),
    Rule(
        "case.persons",
        "公租房申请的家庭成员有人员登记",
        "SELECT matter.number FROM cases_party AS party JOIN cases_case AS matter ON matter.id = party.case_id"
        " LEFT JOIN households_person AS person ON person.number_blind = party.person_key"
        " WHERE party.type_key = 'eligibility.public_rental' AND person.id IS NULL",
    ),
    Rule(
        "waiting.certificate",
        "轮候的家庭持有登记时的资格证",
        "SELECT entry.certificate_no FROM waiting_entry AS entry LEFT JOIN eligibility_certificate AS certificate"
        " ON certificate.id = entry.certificate_id WHERE certificate.number IS DISTINCT FROM entry.certificate_no",
    ),
    Rule(
        "contract.held",
        "签约中的合同，房源为这个家庭保留",
        "SELECT contract.number FROM tenancy_contract AS contract JOIN supply_unit AS unit ON unit.id = contract.unit_id"
        " WHERE contract.state = 'signing'"
        " AND NOT (unit.status = 'held' AND unit.held_for = 'certificate:' || contract.certificate_id)",
    ),
    Rule(
        "choice.held",
        "选定的房源为选它的家庭保留",
        "SELECT unit.code FROM waiting_choice AS choice JOIN waiting_entry AS entry ON entry.id = choice.entry_id"
        " JOIN supply_unit AS unit ON unit.id = choice.unit_id WHERE choice.active AND entry.state = 'chosen'"
        " AND NOT (unit.status = 'held' AND unit.held_for = 'certificate:' || entry.certificate_id)"
        f" AND NOT EXISTS (SELECT 1 FROM tenancy_contract AS contract WHERE contract.state IN {IN_FORCE}"
        " AND contract.certificate_id = entry.certificate_id)",
    ),
    Rule(
        "choice.entry",
        "已选房的家庭有且只有一个有效的选择",
        "SELECT entry.certificate_no FROM waiting_entry AS entry WHERE (entry.state = 'chosen') <> EXISTS"
        " (SELECT 1 FROM waiting_choice AS choice WHERE choice.entry_id = entry.id AND choice.active)",
    ),
    Rule(
        "unit.held",
        "为家庭保留的房源，有选房或签约中的合同",
        "SELECT unit.code FROM supply_unit AS unit WHERE unit.held_for LIKE 'certificate:%' AND NOT EXISTS"
        " (SELECT 1 FROM waiting_choice AS choice JOIN waiting_entry AS entry ON entry.id = choice.entry_id"
        "   WHERE choice.active AND choice.unit_id = unit.id AND unit.held_for = 'certificate:' || entry.certificate_id)"
        " AND NOT EXISTS (SELECT 1 FROM tenancy_contract AS contract WHERE contract.state = 'signing'"
        "   AND contract.unit_id = unit.id AND unit.held_for = 'certificate:' || contract.certificate_id)",
    ),
    Rule(
        "unit.rentable",
        "可租套数与可供应的房源一致",
        "SELECT kept.project_id || '/' || kept.layout FROM supply_rentable AS kept WHERE kept.units <> (SELECT count(*)"
        " FROM supply_unit AS unit WHERE unit.project_id = kept.project_id AND unit.layout = kept.layout"
        " AND unit.status = 'vacant')",
    ),
    Rule(
        "unit.lived_in",
        "在租的房源有正在居住的记录，空置的没有",
        "SELECT unit.code FROM supply_unit AS unit JOIN supply_occupancy AS lived ON lived.unit_id = unit.id"
        " WHERE lived.ended_on IS NULL AND unit.status NOT IN ('let', 'leaving')",
    ),
    Rule(
        "occupancy.contract",
        "居住记录与合同一致：合同在履行，人在居住",
        "SELECT contract.number FROM supply_occupancy AS lived JOIN tenancy_contract AS contract"
        " ON contract.id = lived.contract_id WHERE lived.unit_id <> contract.unit_id"
        f" OR (lived.ended_on IS NULL AND contract.state NOT IN {IN_FORCE})"
        f" UNION ALL SELECT contract.number FROM tenancy_contract AS contract WHERE contract.state IN {IN_FORCE}"
        " AND NOT EXISTS (SELECT 1 FROM supply_occupancy AS lived"
        " WHERE lived.contract_id = contract.id AND lived.ended_on IS NULL)",
    ),
    Rule(
        "unit.counts",
        "各项目的房源统计与房源一致",
        "SELECT project || '/' || status || '/' || layout FROM ("
        " SELECT project_id AS project, status, layout, units, rent FROM supply_unitcount UNION ALL"
        " SELECT project_id, status, layout, -count(*), -sum(rent) FROM supply_unit"
        "  WHERE status NOT IN ('split', 'merged') GROUP BY 1, 2, 3) AS both_sides"
        " GROUP BY project, status, layout HAVING sum(units) <> 0 OR sum(rent) <> 0",
    ),
    Rule(
        "task.folds",
        "已办任务的月、年统计与逐日统计一致",
        "SELECT span || '/' || first || '/' || person FROM ("
        " SELECT 'month' AS span, done_on AS first, person_ref AS person, tasks, hours, timed, on_time"
        "  FROM workspace_finishedmonth"
        " UNION ALL SELECT 'year', done_on, person_ref, tasks, hours, timed, on_time FROM workspace_finishedyear"
        " UNION ALL SELECT part.span, date_trunc(part.span, kept.done_on)::date, kept.person_ref, -kept.tasks, -kept.hours,"
        "  -kept.timed, -kept.on_time FROM workspace_finishedday AS kept, workspace_finisheduntil AS until,"
        "  (VALUES ('month'), ('year')) AS part (span)"
        "  WHERE kept.done_on < date_trunc(part.span, until.folded)::date) AS both_sides"
        " GROUP BY span, first, person HAVING (sum(tasks), sum(hours), sum(timed), sum(on_time)) <> (0, 0, 0, 0)",
    ),
    *(gapless(series) for series in SERIES),
    Rule(
        "event.delivered",
        "每个事件都已送达每个订阅方",
        "SELECT stored.name || ':' || delivery.subscriber || ':' || delivery.id FROM events_delivery AS delivery"
        " JOIN events_storedevent AS stored ON stored.id = delivery.event_id WHERE delivery.done_at IS NULL AND NOT "
        + QUEUED.format(task="events.deliver", argument="event_id", row="stored.id")
        # as the jobs of earlier releases name it
        + " AND NOT "
        + QUEUED.format(task="events.deliver", argument="delivery_id", row="delivery.id"),
    ),
    Rule(
        "job.queued",
        "没有结束的任务还在任务队列里",
        "SELECT 'job:' || job.id FROM jobs_job AS job WHERE job.state IN ('waiting', 'running') AND NOT "
        + QUEUED.format(task="jobs.run", argument="job_id", row="job.id"),
    ),
    Rule(
        "import.figures",
        "导入的数字与明细一致，做完的没有剩下的行",
        "SELECT 'import:' || record.id FROM registers_import AS record JOIN LATERAL (SELECT count(*) AS total,"
        " count(*) FILTER (WHERE row.state = 'done') AS done, count(*) FILTER (WHERE row.state = 'bad') AS failed,"
        " count(*) FILTER (WHERE row.state = 'good') AS left_over"
        " FROM registers_importrow AS row WHERE row.owner_id = record.id) AS rows ON true WHERE record.state = 'done'"
        " AND NOT (record.total = rows.total AND record.done = rows.done AND record.failed = rows.failed"
        " AND rows.left_over = 0)",
    ),
    Rule(
        "document.made",
        "没有制作的文书还在任务队列里",
        "SELECT 'document:' || paper.id FROM documents_document AS paper WHERE paper.state = 'waiting' AND NOT "
        + QUEUED.format(task="documents.render", argument="document_id", row="paper.id"),
    ),
)


def disagreements() -> list[Disagreement]:
    """Every rule that is broken now; none when the books agree."""
    found = []
    with connection.cursor() as cursor:
        for rule in RULES:
            cursor.execute(f"SELECT count(*) OVER (), name FROM ({rule.broken}) AS broken (name) LIMIT {SHOWN}")
            rows = cursor.fetchall()
            if rows:
                found.append(Disagreement(rule, rows[0][0], [str(name) for _, name in rows]))
    return found


def unsettled() -> int:
    """How much background work has not come to rest: jobs that wait for now or run, and events not delivered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR status = 'todo'"
            " AND task_name NOT LIKE '%.tick' AND (scheduled_at IS NULL OR scheduled_at < now() + interval '1 minute'))"
            " + (SELECT count(*) FROM events_delivery WHERE done_at IS NULL)"
        )
        return int(cursor.fetchone()[0])
