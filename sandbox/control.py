"""The switches: how departments behave, what is true of a person, and what the sandbox holds, as JSON."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import departments, people
from sandbox.behaviour import MODES, Behaviours
from sandbox.departments.resettlement_system import USED
from sandbox.store import Store

Endpoint = Callable[["Control", Request], Awaitable[Response]]


class Wrong(Exception):
    """A switch was used wrongly; the sentence says how."""


def _told(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def told(self: Control, request: Request) -> Response:
        try:
            return await endpoint(self, request)
        except (Wrong, ValueError) as error:
            return JSONResponse({"code": "wrong", "message": str(error)}, 400)

    return told


async def _object(request: Request) -> dict[str, Any]:
    # a page of another site can post a form here, but not JSON
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise Wrong("请用 application/json 提交")
    try:
        content = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Wrong("不是合格的 JSON") from error
    if not isinstance(content, dict):
        raise Wrong("须是一个 JSON 对象")
    return content


class Control:
    """The operations under /control and the read-only lists that the pages show."""

    def __init__(self, store: Store, behaviours: Behaviours) -> None:
        self._store, self._behaviours = store, behaviours

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/control/state", self.state, methods=["GET"]),
            Route("/control/behaviour", self.behaviour, methods=["POST"]),
            Route("/control/reset", self.reset, methods=["POST"]),
            Route("/control/people", self.people, methods=["GET"]),
            Route("/control/people/{id_number}", self.person, methods=["GET", "POST", "DELETE"]),
            Route("/control/pending", self.pending, methods=["POST"]),
            Route("/control/recognitions", self.recognitions, methods=["POST"]),
            Route("/control/units", self.units, methods=["GET"]),
            Route("/control/used", self.used, methods=["POST"]),
            Route("/control/calls", self.calls, methods=["GET"]),
            Route("/phone/messages", self.messages, methods=["GET"]),
            Route("/mail/messages", self.mails, methods=["GET"]),
            Route("/control/tasks", self.tasks, methods=["GET", "POST"]),
            Route("/case-store/received", self.received, methods=["GET"]),
        ]

    @_told
    async def state(self, request: Request) -> Response:
        """Every department with its behaviour and number of calls."""
        counts, now = self._store.call_counts(), self._behaviours.as_dict()
        listed = [
            {
                "key": d.key, "title": d.title, "office": d.office, "operations": list(d.operations),
                "behaviour": now[d.key], "calls": counts.get(d.key, 0),
            }
            for d in departments.ALL.values()
        ]  # fmt: skip
        return JSONResponse({"departments": listed, "modes": MODES})

    @_told
    async def behaviour(self, request: Request) -> Response:
        """POST {department, mode, seconds?, times?, kind?}."""
        told = await _object(request)
        seconds, times = told.get("seconds"), told.get("times")
        if seconds is not None and not isinstance(seconds, int | float):
            raise Wrong("seconds 须是数字")
        if times is not None and not isinstance(times, int):
            raise Wrong("times 须是整数")
        self._behaviours.set(
            str(told.get("department", "")), str(told.get("mode", "")), seconds, times, str(told.get("kind") or "")
        )
        return JSONResponse({"behaviour": self._behaviours.as_dict()})

    @_told
    async def reset(self, request: Request) -> Response:
        """POST {everything?: true}: all departments well; with `everything` what they remember is forgotten."""
        if (await _object(request)).get("everything") is True:
            self._store.clear()
        self._behaviours.reset()
        return JSONResponse({"behaviour": self._behaviours.as_dict()})

    @_told
    async def people(self, request: Request) -> Response:
        """Everyone for whom something was set by hand."""
        return JSONResponse({"people": self._store.people()})

    @_told
    async def person(self, request: Request) -> Response:
        """Reads, sets or forgets what is true of one person."""
        id_number = request.path_params["id_number"].upper()
        if request.method == "DELETE":
            self._store.set_person(id_number, None)
        if request.method == "POST":
            facts = await _object(request)
            people.check_facts(facts)
            self._store.set_person(id_number, facts)
        try:
            known = people.profile(id_number, self._store.person(id_number))
            born = people.born_on(id_number).isoformat()
        except ValueError as error:
            raise Wrong("证件号码不合格") from error
        shown = {key: getattr(known, key) for key in ("housing", "marriage", "insurance")}
        return JSONResponse(
            {
                "id_number": id_number, "born_on": born, "name": known.name, **shown,
                "titles": {key: people.TITLES[value] for key, value in shown.items()},
                "set": self._store.person(id_number),
            }
        )  # fmt: skip

    @_told
    async def pending(self, request: Request) -> Response:
        """POST {number, item_code, channel, content}: lays an application into the case store to be collected."""
        told = await _object(request)
        number = told.pop("number", None)
        if not isinstance(number, str) or not number:
            raise Wrong("缺少 number")
        self._store.set_pending(number, told)
        return JSONResponse({"number": number})

    @_told
    async def recognitions(self, request: Request) -> Response:
        """POST {recognitions}: what the approval system has from now on, however wrong; none: its own again."""
        rows = (await _object(request)).get("recognitions")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Wrong("recognitions 须是一列对象")
        self._store.lay_recognitions(rows)
        return JSONResponse({"laid": len(rows)})

    @_told
    async def used(self, request: Request) -> Response:
        """POST {code, on}: the resettlement system gives a unit to a household on a day."""
        told = await _object(request)
        if not all(isinstance(told.get(key), str) for key in ("code", "on")):
            raise Wrong("缺少 code 或 on")
        return JSONResponse({"first": self._store.keep_pushed(USED, told["code"], {"on": told["on"]})})

    @_told
    async def units(self, request: Request) -> Response:
        """The units that `department` holds."""
        return JSONResponse({"units": self._store.units(request.query_params.get("department", ""))})

    @_told
    async def calls(self, request: Request) -> Response:
        """The latest calls, of one department or of all."""
        limit = max(1, min(int(request.query_params.get("limit", "40")), 500))
        return JSONResponse({"calls": self._store.calls(request.query_params.get("department", ""), limit)})

    @_told
    async def messages(self, request: Request) -> Response:
        """The messages of `to`, newest first; without a number, the numbers that have some."""
        if phone := request.query_params.get("to", ""):
            return JSONResponse({"to": phone, "messages": self._store.messages(phone)})
        return JSONResponse({"phones": self._store.phones()})

    @_told
    async def mails(self, request: Request) -> Response:
        """The e-mails of `to`, newest first; without an address, the addresses that have some."""
        if address := request.query_params.get("to", ""):
            return JSONResponse({"to": address, "messages": self._store.mails(address)})
        return JSONResponse({"addresses": self._store.addresses()})

    @_told
    async def tasks(self, request: Request) -> Response:
        """POST {key, name, requirement, assignee, ...} offers a task; both ways the offered and received ones."""
        if request.method == "POST":
            told = await _object(request)
            key = told.pop("key", None)
            if not isinstance(key, str) or not key:
                raise Wrong("缺少 key")
            self._store.offer(key, told)
        return JSONResponse({"offered": self._store.offered(100), "received": self._store.pushed("office_automation")})

    @_told
    async def received(self, request: Request) -> Response:
        """What the case store and the subject database received, and what waits there to be collected."""
        return JSONResponse(
            {
                "pushed": self._store.pushed("case_store"),
                "shared": self._store.pushed("subject_database"),
                "registered": self._store.pushed("pre_sale_registration"),
                "talent": self._store.pushed("talent_platform"),
                "pending": self._store.pending("", 100),
            }
        )
