"""What every test can use: people of each role, clients signed in as them, and the marks kept in the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, TransactionTestCase

from anju.kernel import clock
from anju.kernel.scope import Actor, Reach
from tests.made import made
from tests.sandbox_fixture import sandbox, sandbox_url  # noqa: F401  (fixtures for every test)
from tests.tables import Tables


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """Each test process copies its database from one that has its tables."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = made()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests' database, put back after each test that commits."""
    with django_db_blocker.unblock():
        tables = Tables()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: tables.put_back())
        yield


@pytest.fixture(autouse=True)
def _marks_in_report(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Each `covers` mark becomes a property of the JUnit report."""
    for mark in request.node.iter_markers("covers"):
        for check in mark.args:
            record_property("covers", check)


@pytest.fixture(autouse=True)
def _fresh_clock() -> None:
    clock.forget_offset()


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    """How many rows a list has is kept for a minute, whoever's rows they were: the next test has others."""
    from anju.kernel.registers import lists

    lists._estimates.clear()


@pytest.fixture(autouse=True)
def _own_secrets_and_files(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    """Keys and files of tests live in a folder of their own, one a test process."""
    base = tmp_path_factory.getbasetemp()
    settings.ANJU_SECRETS = base / "secrets"
    settings.ANJU_FILES = base / "files"
    settings.ANJU_SECRETS.mkdir(exist_ok=True, mode=0o700)
    settings.ANJU_FILES.mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def _no_jobs_of_other_tests(request: pytest.FixtureRequest) -> None:
    """A test that commits leaves its jobs behind, for the flush after it knows only tables of models."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("db")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_periodic_defers")
            cursor.execute("DELETE FROM procrastinate_jobs")


class Api:
    """A browser's stand-in that speaks JSON to the API and remembers its cookies."""

    def __init__(self, face: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"X-Anju-Client": face}

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        kwargs: dict[str, Any] = {"headers": self.headers}
        if query:
            kwargs["query_params"] = query
        if body is not None:
            kwargs |= {"data": json.dumps(body, default=str), "content_type": "application/json"}
        return getattr(self.client, method)(f"/api{path}", **kwargs)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("get", path, **query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("post", path, {} if body is None else body)

    def put(self, path: str, body: Any = None) -> Any:
        return self.call("put", path, {} if body is None else body)

    def patch(self, path: str, body: Any = None) -> Any:
        return self.call("patch", path, {} if body is None else body)

    def delete(self, path: str, **query: Any) -> Any:
        return self.call("delete", path, **query)

    def upload(self, path: str, data: dict[str, Any]) -> Any:
        """A multipart form: files and fields."""
        return self.client.post(f"/api{path}", data=data, headers=self.headers)


def signed_in(kind: str, account_id: int, face: str) -> Api:
    """A client with a live session of an account, as a browser has after signing in."""
    from anju.identity.sessions import COOKIES, open_session

    api, answer = Api(face), HttpResponse()
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    open_session(kind, account_id, request, answer)
    api.client.cookies[COOKIES[kind]] = answer.cookies[COOKIES[kind]].value
    return api


@pytest.fixture
def anonymous(db: None) -> Api:
    return Api("office")


@pytest.fixture
def city(db: None) -> Any:
    """The city's own office, the root of the tree of organisations."""
    from anju.identity.models import Organisation
    from anju.identity.services import make_organisation

    found = Organisation.objects.filter(code="LZ").first()
    return found or make_organisation(name="澜州市住房保障中心", kind="city", code="LZ", division="339900")


@pytest.fixture
def staff(city: Any) -> Callable[..., Actor]:
    """Makes an account that holds the given rights: `staff("supply.unit.view", reach="division", org=..., name=...)`."""
    from anju.identity.models import Account, Role
    from anju.identity.services import make_account
    from anju.identity.sessions import staff_actor

    def make(*rights: str, reach: str = "all", org: Any = None, name: str = "测试员") -> Actor:
        number = Account.objects.count() + 1
        Role.objects.create(key=f"test{number}", title=f"测试{number}", reach=Reach(reach), rights=list(rights))
        account = make_account(
            username=f"test{number}", name=name, organisation=org or city, roles=[f"test{number}"], password="Xy7!" * 4
        )
        actor = staff_actor(account.pk)
        assert actor is not None
        return actor

    return make


@pytest.fixture
def client_as() -> Callable[[Actor], Api]:
    """A client signed in as an actor made by `staff` (or as a resident)."""

    def sign_in(actor: Actor) -> Api:
        return signed_in(actor.kind, actor.id, "office" if actor.is_staff else "citizen")

    return sign_in
