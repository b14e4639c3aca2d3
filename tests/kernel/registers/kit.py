"""A test of a register is a declaration: name it, give sample values, inherit the matrix.

    class TestProjects(RegisterKit):
        key = "supply.projects"
        def own(self, office): ...      # a row of the office's own
        def values(self, office): ...   # a new row's values
        change = {"street": "新街道"}

Nobody is answered 401, without the right 403, another office's row 404 with nothing changed, the right opens the rest;
each write leaves history and audit; an old version is refused with both versions; a list costs at most three queries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from anju.kernel.audit.models import AuditEntry
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.registers.register import REGISTERS, Register
from anju.kernel.scope import Actor

VERBS = ("view", "create", "change", "delete", "export", "import")


@dataclass(frozen=True)
class Office:
    """An organisation with the path and division its rows carry."""

    organisation: Any
    path: str
    division: str


@pytest.mark.django_db
class RegisterKit:
    """The matrix that every register inherits."""

    key = ""
    change: dict[str, Any] = {}

    def own(self, office: Office) -> models.Model:
        """A row that belongs to the office and on which nothing rests."""
        raise NotImplementedError

    def values(self, office: Office) -> dict[str, Any]:
        """Values of a new row of the office, as the form sends them."""
        raise NotImplementedError

    @property
    def register(self) -> Register[Any]:
        return REGISTERS[self.key]

    @pytest.fixture(autouse=True)
    def _people(
        self, city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any], anonymous: Any
    ) -> None:
        from anju.identity.services import make_organisation

        def office(name: str, code: str, division: str) -> Office:
            made = make_organisation(name=name, kind="operator", code=code, division=division, parent=city)
            return Office(made, made.path, division)

        self.office, self.other = office("甲机构", "JIA", "339901"), office("乙机构", "YI", "339902")
        rights = [self.register.rights.of(verb) for verb in VERBS]
        parents = [
            REGISTERS[item.register].rights.of("view")
            for item in self.register.form
            if item.type == "row" and item.register
        ]
        self.nobody = anonymous
        self.powerless = client_as(staff("some.other.right", org=self.office.organisation))
        self.clerk = client_as(
            staff(*rights, *parents, reach="org_and_below", org=self.office.organisation, name="甲机构经办")
        )

    @property
    def path(self) -> str:
        return f"/registers/{self.key}"

    def calls(self, row_id: int, values: dict[str, Any]) -> list[tuple[str, str, Any]]:
        """Every operation of the register that reaches rows, as (method, path, body)."""
        made: list[tuple[str, str, Any]] = [
            ("get", f"{self.path}", None),
            ("get", f"{self.path}/rows", None),
            ("get", f"{self.path}/options", None),
            ("get", f"{self.path}/rows/{row_id}", None),
            ("get", f"{self.path}/rows/{row_id}/history", None),
            ("post", f"{self.path}/exports", {}),
        ]
        if self.register.form and self.register.can_create:
            made.append(("post", f"{self.path}/rows", {"values": values}))
        if self.register.form and self.register.can_change:
            made.append(("patch", f"{self.path}/rows/{row_id}", {"version": 1, "values": self.change}))
        if self.register.can_delete:
            made.append(("delete", f"{self.path}/rows/{row_id}?version=1", None))
        return made

    def snapshot(self) -> list[dict[str, Any]]:
        """All rows of the register's table, to show that nothing changed."""
        return list(self.register.model._default_manager.order_by("pk").values())

    def test_nobody_is_told_to_sign_in(self) -> None:
        row, values = self.own(self.office), self.values(self.office)
        before = self.snapshot()
        for method, path, body in self.calls(row.pk, values):
            answer = self.nobody.call(method, path, body)
            assert (answer.status_code, answer.json()["code"]) == (401, "auth.required"), (method, path)
        assert self.snapshot() == before

    def test_without_the_right_nothing_opens_and_the_right_is_named(self) -> None:
        row, values = self.own(self.office), self.values(self.office)
        before = self.snapshot()
        for method, path, body in self.calls(row.pk, values):
            answer = self.powerless.call(method, path, body)
            assert answer.status_code == 403, (method, path)
            assert answer.json()["details"]["right"].startswith(self.register.rights.base)
        assert self.snapshot() == before
        assert self.key not in [entry["key"] for entry in self.powerless.get("/registers").json()]

    def test_another_offices_row_is_not_there(self) -> None:
        theirs, ours = self.own(self.other), self.own(self.office)
        before = self.snapshot()
        listed = [row["id"] for row in self.clerk.get(f"{self.path}/rows", limit=200).json()["rows"]]
        assert ours.pk in listed
        assert theirs.pk not in listed
        assert theirs.pk not in [row["id"] for row in self.clerk.get(f"{self.path}/options").json()]
        named = self.clerk.get(f"{self.path}/options", ids=f"{theirs.pk},{ours.pk}").json()
        assert [row["id"] for row in named] == [ours.pk]
        for method, path, body in self.calls(theirs.pk, {}):
            if f"/rows/{theirs.pk}" in path:
                answer = self.clerk.call(method, path, body)
                assert answer.status_code == 404, (method, path)
        assert self.snapshot() == before
        assert not RegisterHistory.objects.filter(row_id=theirs.pk, register=self.key).exists()

    def test_the_right_opens_and_the_panel_shows_the_row(self) -> None:
        row = self.own(self.office)
        declaration = self.clerk.get(self.path).json()
        assert declaration["key"] == self.key
        assert all(column["title"] for column in declaration["columns"])
        listed = self.clerk.get(f"{self.path}/rows").json()["rows"]
        assert {column["key"] for column in declaration["columns"]} <= set(listed[0])
        panel = self.clerk.get(f"{self.path}/rows/{row.pk}").json()
        assert panel["id"] == row.pk
        assert panel["title"]
        assert self.key in [entry["key"] for entry in self.clerk.get("/registers").json()]

    def test_a_list_costs_at_most_three_queries(self) -> None:
        self.own(self.office)
        self.clerk.get(f"{self.path}/rows")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert self.clerk.get(f"{self.path}/rows").status_code == 200
        mine = [q["sql"] for q in captured.captured_queries if self.register.model._meta.db_table in q["sql"]]
        assert 1 <= len(mine) <= 3, mine

    def test_create_change_delete_leave_history_and_audit(self) -> None:
        if not (self.register.form and self.register.can_create):
            pytest.skip("the register has no form")
        made = self.clerk.post(f"{self.path}/rows", {"values": self.values(self.office)})
        assert made.status_code == 200, made.json()
        row_id, version = made.json()["id"], made.json()["version"]
        changed = self.clerk.patch(
            f"{self.path}/rows/{row_id}", {"version": version, "values": self.change, "note": "按复核意见调整"}
        )
        assert changed.status_code == 200, changed.json()
        assert changed.json()["version"] == version + 1
        history = self.clerk.get(f"{self.path}/rows/{row_id}/history").json()["rows"]
        assert [entry["action"] for entry in history] == ["修改", "新增"]
        assert {item["field"] for item in history[0]["changes"]} == set(self.change)
        assert all(item["title"] and item["old"] != item["new"] for item in history[0]["changes"])
        assert (history[0]["actor"], history[0]["note"]) == ("甲机构经办", "按复核意见调整")
        gone = self.clerk.delete(f"{self.path}/rows/{row_id}?version={version + 1}")
        assert gone.status_code == 200, gone.json()
        assert not self.register.model._default_manager.filter(pk=row_id).exists()
        recorded = AuditEntry.objects.filter(subject=f"{self.key}:{row_id}").values_list("action", flat=True)
        assert sorted(recorded) == ["change", "create", "delete"]

    def test_an_old_version_is_refused_with_both_versions(self) -> None:
        if not (self.register.form and self.register.can_change):
            pytest.skip("the register has no form")
        row = self.own(self.office)
        version = self.clerk.get(f"{self.path}/rows/{row.pk}").json()["version"]
        assert (
            self.clerk.patch(f"{self.path}/rows/{row.pk}", {"version": version, "values": self.change}).status_code
            == 200
        )
        before = self.snapshot()
        late = self.clerk.patch(f"{self.path}/rows/{row.pk}", {"version": version, "values": self.change})
        assert (late.status_code, late.json()["code"]) == (409, "register.stale")
        assert late.json()["details"]["mine"] == self.change
        assert set(self.change) <= set(late.json()["details"]["current"])
        assert self.snapshot() == before
        assert self.clerk.delete(f"{self.path}/rows/{row.pk}?version={version}").status_code == 409

    def test_every_form_error_is_told_at_once(self) -> None:
        required = {item.key for item in self.register.form if item.required and item.default is None}
        if not required:
            pytest.skip("nothing is required")
        before = self.snapshot()
        answer = self.clerk.post(f"{self.path}/rows", {"values": {"no_such_field": 1}})
        assert (answer.status_code, answer.json()["code"]) == (422, "form.invalid")
        told = {error["field"] for error in answer.json()["details"]["errors"]}
        assert told == required | {"no_such_field"}
        assert self.snapshot() == before

    def test_filters_and_orders_that_do_not_exist_are_refused(self) -> None:
        for query, code in (
            ({"f.nothing": "1"}, "register.bad_filter"),
            ({"sort": "nothing"}, "register.not_sortable"),
            ({"cursor": "!!"}, "register.bad_cursor"),
        ):
            answer = self.clerk.get(f"{self.path}/rows", **query)
            assert (answer.status_code, answer.json()["code"]) == (422, code), query

    def test_every_declared_filter_and_order_works(self) -> None:
        self.own(self.office)
        for item in self.register.filters:
            values = {"choice": "1", "between": "1..2", "date_between": "2026-01-01..2026-12-31", "text": "x"}
            answer = self.clerk.get(f"{self.path}/rows", **{f"f.{item.key}": values[item.kind]})
            assert answer.status_code == 200, (item.key, answer.json())
        for column in self.clerk.get(self.path).json()["columns"]:
            if column["sortable"]:
                for sign in ("", "-"):
                    assert self.clerk.get(f"{self.path}/rows", sort=f"{sign}{column['key']}").status_code == 200
        assert self.clerk.get(f"{self.path}/rows", q="一% _x").status_code == 200
