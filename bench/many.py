"""Acts on many rows: a publication of 5,000 units at once, a month's reviews of a city, and whether the books agree after all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from anju.eligibility.cases import PUBLIC_RENTAL
from anju.identity.models import Account
from anju.kernel import clock
from anju.kernel.cases.models import Entry
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.publishing import current
from anju.kernel.scope import Actor, restrict
from anju.site.consistency import RULES, disagreements
from anju.site.demo import CITY
from anju.supply.models import Building, Estate, Unit
from anju.supply.publishing import PUBLISH
from bench.client import load
from bench.figures import Figure, Goal, below, in_the_books, median_of
from bench.installation import Person
from bench.measuring import Bench

PUBLISHED, PUBLISH_SECONDS = 5_000, 2.0
REVIEWS, REVIEW_MINUTES = 10_000, 10.0
AT_ONCE = 8
# The steps of review that need no form, in an order in which none makes another's; the role of each.
STEPS = (
    ("second_approval", "city_approver"), ("second_review", "city_reviewer"), ("first_approval", "district_approver"),
    ("first_review", "district_reviewer"),
)  # fmt: skip
ROOMS_A_FLOOR = 100


def publication(bench: Bench, keeper: Person) -> Figure:
    """All units of a project that await publication, published and taken back again, several times."""
    wanted = bench.effort.published
    figure = Figure("publication", f"publication of {wanted} units", unit="s")
    project = ready(keeper.actor, wanted)
    units = awaiting(keeper.actor, project)
    bench.quiet()
    took = []
    for _ in range(bench.effort.rounds):
        began = time.perf_counter()
        done = keeper.post(f"/supply/publishing/{project}/publish", {"unit_ids": None})
        took.append(time.perf_counter() - began)
        if done["units"] != wanted:
            raise SystemExit(f"{done['units']} units were published, {wanted} were meant")
        keeper.post(f"/supply/publishing/{project}/withdraw", {"unit_ids": units})
    figure.one = round(median_of(took), 2)
    if wanted == PUBLISHED:
        below(figure, figure.one, PUBLISH_SECONDS, f"< {PUBLISH_SECONDS:.0f} s")
    else:
        figure.goals.append(Goal(f"measured with {PUBLISHED} units only", None))
    return figure


def ready(actor: Actor, count: int) -> int:
    """A project of the city with exactly so many units that somebody may publish; the missing in a building of their own."""
    estate = Estate.objects.order_by("-id").select_related("project").first()
    assert estate is not None
    project = estate.project
    present = len(awaiting(actor, project.pk))
    if present > count:
        raise SystemExit(f"{present} units of {project.code} await publication already, {count} are meant")
    serial = Building.objects.filter(estate=estate).count() + 1
    building = Building.objects.create(
        estate=estate, project=project, name=f"测速{serial}号楼", floors=-(-count // ROOMS_A_FLOOR), org_path=project.org_path,
        division=project.division,
    )  # fmt: skip
    Unit.objects.bulk_create(
        [
            Unit(
                building=building, estate=estate, project=project, code=f"{project.code}-S{serial:02d}-{number:05d}",
                room_no=f"{number // ROOMS_A_FLOOR + 1}{number % ROOMS_A_FLOOR:02d}", floor=number // ROOMS_A_FLOOR + 1,
                layout="one_one", floor_area=Decimal("46.35"), orientation="south", rent=Decimal("1200.00"), status="ready",
                status_since=clock.today(), confirmed=True,
            )
            for number in range(count - present)
        ],
        batch_size=1000,
    )  # fmt: skip
    return int(project.pk)


def awaiting(actor: Actor, project: int) -> list[int]:
    """What a publication of the whole project by this person publishes; a unit lent to another office is not his."""
    rows = restrict(Unit.objects.filter(project_id=project, status="ready"), actor, PUBLISH)
    return list(rows.values_list("pk", flat=True))


def month(bench: Bench) -> Figure:
    """As many review steps as a large city takes in a month, by everybody whose turn it is, eight at a time."""
    wanted = bench.effort.reviews
    figure = Figure("reviews", f"{wanted} review steps", unit="s")
    sent = [each for step, role in STEPS for each in reviews(bench, step, role)][:wanted]
    if not sent:
        raise SystemExit("no case waits for a review")
    before = last_entry()
    bench.quiet()
    posts = [post for _, post in sent]
    outcome = load(bench.installation.target, posts, in_flight=AT_ONCE, count=len(posts), once=True)
    figure.one = round(outcome.took, 1)
    figure.per_second, figure.refused = round(outcome.per_second, 1), outcome.refused
    figure.note = f"{len(posts)} steps, {AT_ONCE} at a time"
    figure.meant, figure.done = len(posts), taken_once([token for token, _ in sent], before)
    in_the_books(figure)
    if len(posts) == REVIEWS:
        below(figure, figure.one, REVIEW_MINUTES * 60, f"< {REVIEW_MINUTES:.0f} minutes")
    else:
        figure.goals.append(Goal(f"measured with {REVIEWS} steps only", None))
    return figure


def last_entry() -> int:
    """Where the records of all cases end by now."""
    return Entry.objects.aggregate(last=Max("pk"))["last"] or 0


def taken_once(tokens: list[int], before: int) -> int:
    """How many of these tasks were done by who held them, with one opinion in their case's record since `before`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM processes_token AS token JOIN cases_case AS matter USING (instance_id)
                WHERE token.id = ANY(%s) AND token.state = 'done' AND token.actor_ref = token.claimed_by
                  AND (SELECT count(*) FROM cases_entry AS entry WHERE entry.case_id = matter.id AND entry.id > %s
                          AND entry.is_opinion AND entry.node = token.node_id
                          AND entry.actor_ref = token.actor_ref) = 1""",
            [tokens, before],
        )
        return int(cursor.fetchone()[0])


def reviews(bench: Bench, step: str, role: str) -> Iterator[tuple[int, bytes]]:
    """The tasks of this step that wait, each with the request that takes it, by somebody of the case's district."""
    people: dict[str, Person] = {}
    graph = graph_of(current(PUBLIC_RENTAL.process).pk)
    outcome = graph.nodes[step].outcomes[0].key
    for division, rows in by_district(step).items():
        place = CITY if role.startswith("city") else division
        if place not in people:
            people[place] = bench.installation.person(somebody(role, place))
        person = people[place]
        claim(person, [token for token, _, _ in rows])
        for token, case, version in rows:
            body = {"task_id": token, "version": version, "outcome": outcome, "opinion": "情况属实，同意"}
            yield token, person.posting(f"/cases/{case}/act", body)


def by_district(step: str) -> dict[str, list[tuple[int, int, int]]]:
    """Token, case and version of every case that waits at a step, by district."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT matter.division, token.id, matter.id, matter.version FROM processes_token AS token
                 JOIN cases_case AS matter ON matter.instance_id = token.instance_id
                WHERE token.node_id = %s AND token.state = 'waiting' AND matter.state = 'open' AND matter.type_key = %s
                ORDER BY token.id""",
            [step, PUBLIC_RENTAL.key],
        )
        for division, *row in cursor.fetchall():
            found.setdefault(division, []).append((row[0], row[1], row[2]))
    return found


def somebody(role: str, division: str) -> str:
    """The account of somebody of a role in a district, or in the city's office."""
    held = Account.objects.filter(roles__key=role, division=division, state="active").order_by("pk")
    name = held.values_list("username", flat=True).first()
    if name is None:
        raise SystemExit(f"nobody holds {role} in {division}")
    return str(name)


def claim(person: Person, tokens: list[int]) -> None:
    """Puts the tasks into somebody's hands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_token SET claimed_by = %s, claimed_name = %s, claimed_at = now() WHERE id = ANY(%s)",
            [person.actor.ref, person.actor.name, tokens],
        )


def books(bench: Bench) -> Figure:
    """Whether the tables of all parts agree with each other after everything that was done; broken rules are what is refused."""
    figure = Figure("books", f"{len(RULES)} rules between the tables of all parts", unit="s")
    bench.quiet()
    # So many rows are new that without it some rules would be asked as of small tables.
    bench.own.execute("ANALYZE")
    began = time.perf_counter()
    broken = disagreements()
    figure.one = round(time.perf_counter() - began, 1)
    figure.refused = len(broken)
    figure.note = "; ".join(str(each) for each in broken)
    figure.goals.append(Goal("all kept", not broken))
    return figure
