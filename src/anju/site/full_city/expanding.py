"""From the plan of each case to its process, record, checks, materials and publicity, set by set in the database.

Reads the temporary tables `full_plan` (a row a case), `full_step` (a row a step), `full_due`, `full_staff`, `full_check`
and `full_material`, which `matters`, `journeys` and this module write.
"""

from __future__ import annotations

from typing import Any

from anju.eligibility.cases import PUBLIC_RENTAL
from anju.eligibility.connectors import (
    MarriageCheck,
    PublicHousingCheck,
    RealEstateCheck,
    ResettlementCheck,
    SocialInsuranceCheck,
)
from anju.kernel.connectors.base import Connector
from anju.kernel.crypto import seal_text
from anju.kernel.files import store
from anju.kernel.scope import system
from anju.site.full_city.journeys import Ways
from anju.site.full_city.loading import fill, first_free_id, listed
from anju.site.full_city.matters import Matters
from anju.site.full_city.offices import Staff

ASKED: tuple[type[Connector[Any, Any]], ...] = (
    RealEstateCheck,
    PublicHousingCheck,
    ResettlementCheck,
    MarriageCheck,
    SocialInsuranceCheck,
)
NONE_FOUND = '[{"label":"住房套数","declared":"0 套","found":"0 套","matches":true}]'
FACTS = {
    "real_estate": NONE_FOUND,
    "public_housing": NONE_FOUND,
    "resettlement": NONE_FOUND,
    "marriage": '[{"label":"婚姻状况","declared":"与申报一致","found":"与申报一致","matches":true}]',
    "social_insurance": '[{"label":"近 12 个月缴费","declared":"","found":"12 个月","matches":true}]',
}
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\n"
    b"IDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)

# Every stay of every case: when it came, when it left, who was there, and what came of it.
STAYS = """
    FROM full_plan AS plan
    JOIN full_step AS step ON step.place <= plan.last
    CROSS JOIN LATERAL (
        SELECT plan.submitted + step.starts * interval '1 hour' AS entered,
               step.place < plan.last OR plan."end" <> '' AS done,
               step.place < plan.last OR plan."end" = 'approved' AS good
    ) AS stay
    LEFT JOIN full_staff AS person ON person.id = plan.staff[step.role]
    LEFT JOIN full_due AS due
      ON due.day = (stay.entered AT TIME ZONE 'Asia/Shanghai')::date AND due.days = step.deadline
"""
LEFT = "(stay.entered + step.lasts * interval '1 hour')"
DONE = "CASE WHEN stay.done THEN {} ELSE '' END"
GOOD = "CASE WHEN stay.good THEN step.good{0} ELSE step.bad{0} END"
# A timer of publicity ends with its last day, ten days after it began.
TIMER_END = "((stay.entered AT TIME ZONE 'Asia/Shanghai')::date + 11) AT TIME ZONE 'Asia/Shanghai'"
DAY = "to_char((stay.entered AT TIME ZONE 'Asia/Shanghai')::date + 10, 'YYYY-MM-DD')"
VARIABLES = f"""
    (SELECT coalesce(jsonb_object_agg(step.timer, {DAY}), '{{}}')
       FROM full_step AS step, LATERAL (SELECT plan.submitted + step.starts * interval '1 hour' AS entered) AS stay
      WHERE step.timer <> '' AND step.place <= plan.last)
"""


def expand(definition_id: int, ways: Ways, matters: Matters, staff: Staff) -> int:
    """Makes all rows that belong to the planned cases; says how many tokens."""
    listed("full_staff", "id int, ref text, name text, office text", [
        (number, member.ref, member.name, member.organisation) for number, member in enumerate(staff.members)
    ])  # fmt: skip
    listed("full_check", "key text, title text, source text, place int, facts bytea", [
        (each.key, each.title, each.department, place, seal_text(FACTS[each.key])) for place, each in enumerate(ASKED)
    ])  # fmt: skip
    listed("full_material", "klass text, file_id bigint, name text, mime text", [
        (klass.key, file.pk, file.name, file.mime) for klass, file in proofs()
    ])  # fmt: skip
    ways.write_steps()
    instances(definition_id)
    made = tokens()
    entries()
    taken_over(matters)
    answers(ways.place["checks"])
    materials()
    publicity()
    return made


def proofs() -> list[tuple[Any, Any]]:
    """One stored picture for each class of required materials; all cases show the same."""
    found = []
    for klass in [each for each in PUBLIC_RENTAL.materials if each.required]:
        name, by = f"{klass.title}.png", system()
        found.append((klass, store(PICTURE, name=name, mime="image/png", actor=by, purpose="material", owner="full")))
    return found


def taken_over(matters: Matters) -> None:
    """The record of a case from the earlier system: the submission, and that it was taken over with its result."""
    closed = f"FROM cases_case AS matter WHERE id >= {matters.first_id} AND instance_id IS NULL"
    told = "CASE state WHEN 'passed' THEN '审核通过' WHEN 'refused' THEN '不予受理' ELSE '审核不通过' END"
    for columns, said in (
        (
            {"at": "submitted_at", "actor_ref": "applicant_ref", "actor_name": "household",
             "text": "'共 ' || household_size || ' 人申请'"},
            {"action": "提交申请", "tone": "run", "public": True},
        ),
        (
            {"at": "closed_at", "text": f"'原系统办结：' || {told} || fail_reason"},
            {"action": "由原系统迁入", "tone": "idle", "actor_ref": "system:0", "actor_name": "系统", "public": True},
        ),
    ):  # fmt: skip
        free = first_free_id("cases.Entry") - 1
        fill(
            "cases.Entry", closed, {"id": f"{free} + row_number() OVER (ORDER BY id)", "case": "id", **columns}, **said
        )


def instances(definition_id: int) -> None:
    """The process of each case."""
    fill(
        "processes.Instance", "FROM full_plan AS plan",
        {
            "id": "instance_id", "subject": "'case:' || case_id",
            "state": "CASE WHEN \"end\" = '' THEN 'open' ELSE 'ended' END", "variables": VARIABLES, "org_path": "org_path",
            "division": "division", "started_by": "applicant", "opened_at": "submitted", "ended_at": "closed",
            "end_outcome": '"end"',
        },
        definition=definition_id,
    )  # fmt: skip


def tokens() -> int:
    """Where each case stood and stands; every third task that waits is claimed."""
    held = "step.role > 0 AND (stay.done OR plan.claimed)"
    automatic = "CASE step.kind WHEN 'service' THEN '系统' ELSE '定时' END"
    return fill(
        "processes.Token", STAYS,
        {
            "id": "plan.first_token + step.place", "instance": "plan.instance_id", "node_id": "step.node",
            "node_title": "step.title", "kind": "step.kind",
            "state": "CASE WHEN stay.done THEN 'done' ELSE 'waiting' END", "right": 'step."right"',
            "claimed_by": f"CASE WHEN {held} THEN person.ref ELSE '' END",
            "claimed_name": f"CASE WHEN {held} THEN person.name ELSE '' END",
            "claimed_at": f"CASE WHEN {held} THEN stay.entered END", "due_on": "due.due",
            "due_at": f"CASE WHEN step.timer <> '' THEN {TIMER_END} END", "entered_at": "stay.entered",
            "left_at": f"CASE WHEN stay.done THEN {LEFT} END", "outcome": DONE.format(GOOD.format("")),
            "actor_ref": DONE.format("coalesce(person.ref, 'system:0')"),
            "actor_name": DONE.format(f"coalesce(person.name, {automatic})"), "note": DONE.format(GOOD.format("_note")),
            "org_path": "plan.org_path", "division": "plan.division", "subject": "'case:' || plan.case_id",
        },
    )  # fmt: skip


def entries() -> None:
    """The record: the submission, then every step that a person took."""
    fill(
        "cases.Entry", "FROM full_plan AS plan",
        {
            "id": "first_entry", "case": "case_id", "at": "submitted", "actor_ref": "applicant", "actor_name": "name",
            "text": "'共 ' || members || ' 人申请'",
        },
        action="提交申请", tone="run", public=True,
    )  # fmt: skip
    fill(
        "cases.Entry", f"{STAYS} WHERE stay.done AND step.role > 0",
        {
            "id": "plan.first_entry + step.entry", "case": "plan.case_id", "at": LEFT, "actor_ref": "person.ref",
            "actor_name": "person.name", "org_name": "person.office", "node": "step.node", "node_title": "step.title",
            "action": GOOD.format("_title"), "text": GOOD.format("_note"), "tone": GOOD.format("_tone"),
            "public": "NOT stay.good",
        },
        is_opinion=True,
    )  # fmt: skip


def answers(checks: int) -> None:
    """The five answers of each case that came past the checks, all as declared."""
    asked = "plan.submitted + step.starts * interval '1 hour'"
    fill(
        "cases.Check",
        f"""FROM full_plan AS plan JOIN full_step AS step ON step.place = {checks} AND plan.last > {checks}
            CROSS JOIN full_check AS question""",
        {
            "id": f"{first_free_id('cases.Check') - 1} + row_number() OVER ()", "case": "plan.case_id",
            "kind": "question.key", "title": "question.title", "source": "question.source",
            "order": "question.place", "sealed_facts": "question.facts", "asked_at": asked,
            "answered_at": f"{asked} + interval '40 seconds'",
        },
        state="matched", finding="与申报一致", passed=True, tries=1,
    )  # fmt: skip


def materials() -> None:
    """One file of each required class."""
    fill(
        "cases.Material", "FROM full_plan AS plan CROSS JOIN full_material AS file",
        {
            "id": f"{first_free_id('cases.Material') - 1} + row_number() OVER ()", "case": "plan.case_id",
            "klass": "file.klass", "file_id": "file.file_id", "name": "file.name", "mime": "file.mime",
            "added_at": "plan.submitted", "added_by": "plan.applicant",
        },
    )  # fmt: skip


def publicity() -> None:
    """The periods that each case went through or stands in; the result comes two steps after the entry."""
    first = f"({LEFT} AT TIME ZONE 'Asia/Shanghai')::date"
    over = "(step.place + 2 < plan.last OR plan.\"end\" <> '')"
    fill(
        "eligibility.Publicity", f"{STAYS} WHERE step.period <> '' AND stay.done AND step.place < plan.last",
        {
            "id": f"{first_free_id('eligibility.Publicity') - 1} + row_number() OVER ()", "case_id": "plan.case_id",
            "case_number": "plan.code", "kind": "step.period", "holder_masked": "plan.masked_name",
            "id_masked": "plan.masked_id", "household_size": "plan.members", "starts_on": first, "ends_on": f"{first} + 10",
            "objection": f"CASE WHEN {over} THEN 'none' ELSE 'pending' END",
            "opinion": f"CASE WHEN {over} THEN '公示期满无异议' ELSE '' END", "org_path": "plan.org_path",
            "division": "plan.division", "created_by": "person.ref", "created_at": LEFT, "updated_at": LEFT,
        },
        place="住房保障中心公示栏",
    )  # fmt: skip
