"""Tables change while people read: no migration holds them up, and one that must wait lets them pass (NF-02.3)."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sysconfig
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL
from psycopg import sql

from anju.site.management.commands import migrate
from tests.journeys.people import until

# Of the linter's rules: what rewrites or scans a table under a lock, keeps writers out, or breaks the code that still runs.
RULES = {
    "adding-field-with-default", "adding-foreign-key-constraint", "adding-not-nullable-field", "adding-required-field",
    "adding-serial-primary-key-field", "ban-char-field", "ban-drop-column", "ban-drop-table", "ban-truncate-cascade",
    "changing-column-type", "constraint-missing-not-valid", "disallowed-unique-constraint", "renaming-column",
    "renaming-table", "require-concurrent-index-creation", "require-concurrent-index-deletion", "transaction-nesting",
    "syntax-error",
}  # fmt: skip
READERS = "tests: readers"
BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
MASS = re.compile(r"^\s*(?:UPDATE|DELETE\s+FROM|INSERT\s+INTO\b[^;]*\bSELECT)\b", re.IGNORECASE | re.MULTILINE)
# Migrations of the first release, which run before an installation has data, with what they may therefore do.
FIRST_RELEASE: dict[str, set[str]] = {
    name: set(rules) for name, rules in json.loads(Path(__file__).with_name("first_release.json").read_text()).items()
}


def findings(files: list[Path]) -> dict[str, set[str]]:
    """What the linter says of each file, as far as it is among our rules."""
    told: dict[str, set[str]] = defaultdict(set)
    squawk = Path(sysconfig.get_path("scripts")) / "squawk"
    for atomic in (True, False):
        chosen = [str(file) for file in files if (".concurrent." not in file.name) == atomic]
        if chosen:
            options = ["--assume-in-transaction"] if atomic else []
            done = subprocess.run(
                [squawk, "--pg-version", "15", "--reporter", "json", *options, *chosen],
                capture_output=True, text=True, check=False, timeout=60,
            )  # fmt: skip
            for finding in json.loads(done.stdout):
                if finding["rule_name"] in RULES and not fresh(Path(finding["file"]), finding["line"]):
                    told[Path(finding["file"]).name.split(".sql")[0].removesuffix(".concurrent")].add(
                        finding["rule_name"]
                    )
    return told


def fresh(file: Path, line: int) -> bool:
    """Whether the statement is about a table that the same file makes, in which nobody can be."""
    text = file.read_text()
    table = re.search(r'\b(?:ALTER TABLE|ON)\s+"?(\w+)"?', text.split("\n")[line])
    return table is not None and f'CREATE TABLE "{table.group(1)}"' in text


def write(folder: Path) -> list[Path]:
    """The SQL of every migration of ours, a file each."""
    loader = MigrationLoader(connection, replace_migrations=False)
    files = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if migration.__module__.startswith("anju."):
            mark = "" if migration.atomic else ".concurrent"
            files.append(folder / f"{app}.{name}{mark}.sql")
            files[-1].write_text("\n".join(loader.collect_sql([(migration, False)])) + "\n")  # type: ignore[attr-defined]
    return files


def mass_changes() -> dict[str, set[str]]:
    """Migrations that go through the rows of a table: functions, and SQL that changes rows outside a trigger's body."""
    found: dict[str, set[str]] = defaultdict(set)
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if not migration.__module__.startswith("anju."):
            continue
        for operation in migration.operations:
            rows = isinstance(operation, RunSQL) and MASS.search(BODY.sub("", str(operation.sql)))
            if rows or isinstance(operation, RunPython):
                found[f"{app}.{name}"].add("goes-through-rows")
    return found


@pytest.mark.covers("NF-02.3")
def test_no_migration_locks_a_table_that_is_in_use(transactional_db: None, tmp_path: Path) -> None:
    told = findings(write(tmp_path))
    for name, rules in mass_changes().items():
        told[name] |= rules
    new = {name: rules - FIRST_RELEASE.get(name, set()) for name, rules in told.items()}
    wrong = {name: sorted(rules) for name, rules in sorted(new.items()) if rules}
    assert wrong == {}, "see docs/foundation/processes.md: " + json.dumps(wrong)
    assert {name for name in FIRST_RELEASE if name not in told} == set(), "these need no leave any more"


@pytest.mark.covers("NF-02.3")
@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("CREATE INDEX x ON supply_unit (code);", "require-concurrent-index-creation"),
        ("ALTER TABLE supply_unit ADD COLUMN y integer NOT NULL;", "adding-required-field"),
        ("ALTER TABLE supply_unit ALTER COLUMN code SET NOT NULL;", "adding-not-nullable-field"),
        ("ALTER TABLE supply_unit ALTER COLUMN code TYPE text;", "changing-column-type"),
        ("ALTER TABLE supply_unit ADD CONSTRAINT z CHECK (rent > 0);", "constraint-missing-not-valid"),
        ("ALTER TABLE supply_unit ADD CONSTRAINT z UNIQUE (code);", "disallowed-unique-constraint"),
        ("ALTER TABLE supply_unit RENAME COLUMN code TO kode;", "renaming-column"),
    ],
)
def test_the_check_bites(tmp_path: Path, statement: str, rule: str) -> None:
    file = tmp_path / "supply.9999_x.sql"
    file.write_text(statement + "\n")
    assert rule in findings([file])["supply.9999_x"]


def test_what_goes_through_rows_is_seen() -> None:
    assert MASS.search("UPDATE supply_unit SET rent = 1;")
    assert not MASS.search(BODY.sub("", "CREATE FUNCTION f() AS $$\nUPDATE supply_unit SET rent = 1;\n$$;"))


class Readers:
    """Four people who read a table all the time."""

    def __init__(self, table: str) -> None:
        self.statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        self.read = [0] * 4
        """How often each has read it so far."""
        self.failed: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=(number,)) for number in range(4)]

    def _go_on(self, number: int) -> None:
        with psycopg.connect(conninfo(), autocommit=True, application_name=READERS) as reading:
            while not self._stop.is_set():
                try:
                    reading.execute(self.statement)
                except psycopg.Error as error:
                    self.failed.append(repr(error))
                self.read[number] += 1
                time.sleep(0.005)

    def get_through(self) -> None:
        """Waits until each of them has read the table once more, from its beginning to its end."""
        before = list(self.read)
        until(lambda: all(now > then + 1 for now, then in zip(self.read, before, strict=True)), said="all read on")

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        self.get_through()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(20)


def conninfo() -> str:
    values = {key: value for key, value in connection.get_connection_params().items() if key in
              {"dbname", "user", "password", "host", "port"}}  # fmt: skip
    return psycopg.conninfo.make_conninfo(**values)


@pytest.fixture
def before_taken_over(transactional_db: None) -> Iterator[None]:
    """The tables of tenancy as they were before a column of them was loosened."""
    call_command("migrate", "tenancy", "0002_search", verbosity=0)
    yield
    call_command("migrate", "tenancy", verbosity=0)


class Told(io.StringIO):
    """What the migration says: each time it steps back it does so, and something is done then."""

    def __init__(self, then: Callable[[int], None]) -> None:
        super().__init__()
        self.then, self.times = then, 0

    def write(self, text: str, /) -> int:
        if "让读者先过" in text:
            self.times += 1
            self.then(self.times)
        return super().write(text)


@contextmanager
def long_reader(table: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who reads a table and keeps it, until he is rolled back."""
    with psycopg.connect(conninfo()) as reading:
        reading.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        yield reading


@pytest.mark.covers("NF-02.3")
def test_a_migration_lets_readers_pass_while_a_long_one_holds_the_table(
    before_taken_over: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it has dared to wait for its moment it steps back, and everybody reads on, though the long one still does."""
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.2)
    with Readers("tenancy_contract") as readers, long_reader("tenancy_contract") as long:

        def then(times: int) -> None:
            dared.add(patience())
            readers.get_through()
            if times == 3:
                long.rollback()

        told, dared = Told(then), set[str]()
        giving_up = threading.Timer(60, long.rollback)
        giving_up.start()
        call_command("migrate", "tenancy", verbosity=0, stdout=told, lock_timeout=0.3)
        giving_up.cancel()
    assert told.times >= 3, "the long reader was waited for"
    assert dared == {"300ms"}, "nobody waited longer than the migration dared to"
    assert readers.failed == []
    assert patience() == "0"


def patience() -> str:
    """How long statements of our own connection wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.covers("NF-02.3")
def test_without_stepping_back_everybody_would_wait(before_taken_over: None) -> None:
    """As long as the long one reads, all four stand behind the migration that stands behind him."""
    stood: list[tuple[list[int], list[int]]] = []
    with Readers("tenancy_contract") as readers, long_reader("tenancy_contract") as long:

        def look() -> None:
            try:
                until(lambda: waiting(READERS) == 4, said="all four wait")
                then = list(readers.read)
                time.sleep(1)
                stood.append((then, list(readers.read)))
            finally:
                long.rollback()

        looking = threading.Thread(target=look)
        looking.start()
        call_command("migrate", "tenancy", verbosity=0, stdout=io.StringIO(), lock_timeout=0)
        looking.join()
        readers.get_through()
    ((then, later),) = stood
    assert then == later, "nobody got through meanwhile"


def waiting(name: str) -> int:
    """How many connections of this name wait for a lock."""
    with psycopg.connect(conninfo(), autocommit=True) as asking:
        found = asking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = %s", [name]
        ).fetchone()
    return found[0] if found else 0
