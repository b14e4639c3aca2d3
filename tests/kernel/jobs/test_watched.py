"""Long work that a person watches: progress, result, refusal, cancel, resumed after a crash, nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from anju.kernel.errors import DomainError
from anju.kernel.jobs import Context, start, watched, work
from anju.kernel.jobs.models import Job
from anju.kernel.scope import Actor, Reach
from tests.conftest import Api
from tests.support import run_jobs, waiting_jobs

Staff = Callable[..., Actor]
ClientAs = Callable[[Actor], Api]
DOING: dict[str, Callable[[Context], None]] = {}


@work("test.long", title="试做")
def long(context: Context, **params: Any) -> None:
    DOING[params["how"]](context)


@pytest.fixture(autouse=True)
def _doing() -> Iterator[None]:
    yield
    DOING.clear()


def begin(actor: Actor, how: str, does: Callable[[Context], None]) -> Job:
    DOING[how] = does
    return start("test.long", actor, how=how)


def test_work_shows_progress_and_ends_with_its_result(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff("supply.unit.view")
    api, seen = client_as(clerk), list[Any]()

    def does(context: Context) -> None:
        context.progress(3, total=10)
        told = api.get(f"/jobs/{context.job.pk}").json()
        seen.append((told["state"], told["done"], told["total"]))
        context.finish({"rows": 10}, file=None)

    job = begin(clerk, "good", does)
    assert api.get(f"/jobs/{job.pk}").json()["state"] == "waiting"
    run_jobs()
    told = api.get(f"/jobs/{job.pk}").json()
    assert seen == [("running", 3, 10)]
    assert (told["state"], told["result"], told["title"], told["error"]) == ("done", {"rows": 10}, "试做", "")
    assert told["finished_at"]


def test_it_acts_with_the_rights_held_when_it_was_asked_for(staff: Staff) -> None:
    clerk, seen = staff("supply.unit.view", reach="division"), list[Actor]()
    begin(clerk, "who", lambda context: seen.append(context.actor))
    run_jobs()
    assert (seen[0].ref, seen[0].grants, seen[0].org_path) == (
        clerk.ref,
        {"supply.unit.view": Reach.DIVISION},
        clerk.org_path,
    )


def test_a_refusal_is_told_and_a_fault_is_not_shown_raw(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()

    def refuses(context: Context) -> None:
        raise DomainError("文件里没有数据", code="x")

    def breaks(context: Context) -> None:
        raise ZeroDivisionError("secret detail")

    jobs = [begin(clerk, "refuses", refuses), begin(clerk, "breaks", breaks)]
    run_jobs()
    told = [client_as(clerk).get(f"/jobs/{job.pk}").json() for job in jobs]
    assert [one["state"] for one in told] == ["failed", "failed"]
    assert told[0]["error"] == "文件里没有数据"
    assert "secret" not in told[1]["error"]
    assert "重试" in told[1]["error"]


def test_cancelled_while_waiting_it_never_starts(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()
    job = begin(clerk, "never", lambda context: pytest.fail("it started"))
    api = client_as(clerk)
    assert api.post(f"/jobs/{job.pk}/cancel").json()["state"] == "cancelled"
    run_jobs()
    again = api.post(f"/jobs/{job.pk}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "job.ended")


def test_cancelled_while_running_it_ends_between_two_portions(staff: Staff, client_as: ClientAs) -> None:
    clerk = staff()
    api, portions = client_as(clerk), list[int]()

    def does(context: Context) -> None:
        for portion in range(5):
            context.raise_if_cancelled()
            portions.append(portion)
            context.progress(portion + 1, 5)
            if portion == 1:
                assert api.post(f"/jobs/{context.job.pk}/cancel").json()["state"] == "running"

    job = begin(clerk, "stops", does)
    run_jobs()
    told = api.get(f"/jobs/{job.pk}").json()
    assert (portions, told["state"], told["done"]) == ([0, 1], "cancelled", 2)


def test_killed_in_the_middle_it_is_resumed_and_finished_work_is_not_done_again(staff: Staff) -> None:
    runs = list[int]()
    job = begin(staff(), "again", lambda context: runs.append(context.job.attempts))
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1)  # its worker died here
    ((_, arguments),) = waiting_jobs("jobs.run")
    run_jobs()
    watched.run(**arguments)
    job.refresh_from_db()
    assert (runs, job.state, job.attempts) == ([2], "done", 2)


def test_another_person_s_work_is_not_found(staff: Staff, client_as: ClientAs, anonymous: Api) -> None:
    job = begin(staff(), "mine", lambda context: None)
    other = client_as(staff("identity.account.view"))
    assert other.get(f"/jobs/{job.pk}").status_code == 404
    assert other.post(f"/jobs/{job.pk}/cancel").status_code == 404
    assert other.get("/jobs").json()["rows"] == []
    assert anonymous.get(f"/jobs/{job.pk}").status_code == 401
    job.refresh_from_db()
    assert job.state == "waiting"
