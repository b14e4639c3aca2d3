"""What the sandbox remembers across a restart: messages, answers given, calls, overridden people, what was pushed."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS message (
    message_id TEXT PRIMARY KEY, gateway_id TEXT NOT NULL, phone TEXT NOT NULL, sign TEXT NOT NULL, text TEXT NOT NULL,
    at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_phone ON message (phone, at);
CREATE TABLE IF NOT EXISTS answer (
    id TEXT PRIMARY KEY, interface TEXT NOT NULL, query TEXT NOT NULL, content BLOB NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS call (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, department TEXT NOT NULL, operation TEXT NOT NULL,
    id TEXT NOT NULL, about TEXT NOT NULL, mode TEXT NOT NULL, result TEXT NOT NULL, repeated INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS person (id_number TEXT PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pushed (
    department TEXT NOT NULL, push_id TEXT NOT NULL, content TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (department, push_id));
CREATE TABLE IF NOT EXISTS mail (
    number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, address TEXT NOT NULL, sender TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS mail_address ON mail (address, number);
CREATE TABLE IF NOT EXISTS offered (key TEXT PRIMARY KEY, content TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS recognition (place INTEGER PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS unit (
    department TEXT NOT NULL, code TEXT NOT NULL, revision INTEGER NOT NULL, content TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (department, code));
CREATE TABLE IF NOT EXISTS pending (number TEXT PRIMARY KEY, content TEXT NOT NULL, at TEXT NOT NULL);
"""
_CALLS_KEPT = 2000
_ANSWERS_KEPT = 200_000


def now() -> str:
    """The moment, to the microsecond, in UTC; sorts as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Store:
    """One SQLite file; called from the one event loop only."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;" + _TABLES
        )

    def _rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._db.execute(sql, values)]

    # answers, so that a repeated query is answered as before
    def answer(self, id_: str) -> dict[str, Any] | None:
        """The answer given to a query before."""
        rows = self._rows("SELECT interface, query, content FROM answer WHERE id = ?", id_)
        return rows[0] if rows else None

    def keep_answer(self, id_: str, interface: str, query: str, content: bytes) -> None:
        """Remembers an answer; the oldest beyond a limit are dropped."""
        self._db.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?)", (id_, interface, query, content, now()))
        self._db.execute("DELETE FROM answer WHERE rowid <= (SELECT max(rowid) FROM answer) - ?", (_ANSWERS_KEPT,))

    # calls, for the overview
    def keep_call(
        self, department: str, operation: str, id_: str, about: str, mode: str, result: str, repeated: bool
    ) -> None:
        """Remembers that a department was called."""
        self._db.execute(
            "INSERT INTO call (at, department, operation, id, about, mode, result, repeated) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (now(), department, operation, id_, about, mode, result, int(repeated)),
        )
        self._db.execute("DELETE FROM call WHERE number <= (SELECT max(number) FROM call) - ?", (_CALLS_KEPT,))

    def calls(self, department: str = "", limit: int = 50) -> list[dict[str, Any]]:
        """The latest calls, newest first."""
        return self._rows(
            "SELECT * FROM call WHERE department = ? OR ? = '' ORDER BY number DESC LIMIT ?",
            department,
            department,
            limit,
        )

    def call_counts(self) -> dict[str, int]:
        """How many calls of each department are remembered."""
        rows = self._rows("SELECT department, count(*) AS n FROM call GROUP BY department")
        return {r["department"]: r["n"] for r in rows}

    # the text-message gateway
    def keep_message(self, message_id: str, phone: str, sign: str, text: str) -> dict[str, Any]:
        """Stores a message once per message id and gives its receipt; a repeat gets the first receipt."""
        (count,) = self._db.execute("SELECT count(*) FROM message").fetchone()
        self._db.execute(
            "INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?, ?, ?)",
            (message_id, f"SMS{count + 1:08d}", phone, sign, text, now()),
        )
        return self._rows("SELECT * FROM message WHERE message_id = ?", message_id)[0]

    def messages(self, phone: str, limit: int = 100) -> list[dict[str, Any]]:
        """The messages of a number, newest first."""
        return self._rows("SELECT * FROM message WHERE phone = ? ORDER BY at DESC, rowid DESC LIMIT ?", phone, limit)

    def phones(self, limit: int = 50) -> list[dict[str, Any]]:
        """The numbers that have messages, the latest first."""
        return self._rows(
            "SELECT phone, count(*) AS count, max(at) AS at, "
            "(SELECT text FROM message m WHERE m.phone = message.phone ORDER BY at DESC, rowid DESC LIMIT 1) AS text "
            "FROM message GROUP BY phone ORDER BY max(at) DESC LIMIT ?",
            limit,
        )

    # the mailbox: every arrival is kept, a second one of the same message too, so that it can be seen
    def keep_mail(self, message_id: str, address: str, sender: str, title: str, text: str) -> None:
        """Keeps an e-mail that arrived."""
        self._db.execute(
            "INSERT INTO mail (message_id, address, sender, title, text, at) VALUES (?, ?, ?, ?, ?, ?)",
            (message_id, address, sender, title, text, now()),
        )

    def mails(self, address: str, limit: int = 100) -> list[dict[str, Any]]:
        """The e-mails of an address, newest first."""
        return self._rows("SELECT * FROM mail WHERE address = ? ORDER BY number DESC LIMIT ?", address.lower(), limit)

    def addresses(self, limit: int = 50) -> list[dict[str, Any]]:
        """The addresses that have e-mails, the latest first."""
        return self._rows(
            "SELECT address, count(*) AS count, max(at) AS at FROM mail GROUP BY address ORDER BY max(at) DESC LIMIT ?",
            limit,
        )

    # tasks that the office system offers
    def offer(self, key: str, content: dict[str, Any]) -> None:
        """Lays a task out to be fetched."""
        self._db.execute(
            "INSERT OR REPLACE INTO offered VALUES (?, ?, ?)", (key, json.dumps(content, ensure_ascii=False), now())
        )

    def offered(self, limit: int) -> list[dict[str, Any]]:
        """The tasks on offer, oldest first."""
        rows = self._rows("SELECT key, content FROM offered ORDER BY at, rowid LIMIT ?", limit)
        return [{"key": row["key"], **json.loads(row["content"])} for row in rows]

    def strike_off(self, keys: list[str]) -> None:
        """Takes tasks off the offer."""
        self._db.executemany("DELETE FROM offered WHERE key = ?", [(key,) for key in keys])

    # recognitions that were laid out instead of its own
    def lay_recognitions(self, rows: list[dict[str, Any]]) -> None:
        """Lays recognitions out in place of all others; an empty list brings the own ones back."""
        self._db.execute("DELETE FROM recognition")
        laid = [(place, json.dumps(row, ensure_ascii=False)) for place, row in enumerate(rows)]
        self._db.executemany("INSERT INTO recognition VALUES (?, ?)", laid)

    def recognitions(self) -> list[dict[str, Any]]:
        """The recognitions that were laid out."""
        return [json.loads(row["content"]) for row in self._rows("SELECT content FROM recognition ORDER BY place")]

    # people whose facts were set by hand
    def person(self, id_number: str) -> dict[str, Any]:
        """What was set for a person; empty when nothing was."""
        rows = self._rows("SELECT facts FROM person WHERE id_number = ?", id_number)
        return dict(json.loads(rows[0]["facts"])) if rows else {}

    def people(self) -> dict[str, dict[str, Any]]:
        """Everyone for whom something was set."""
        return {r["id_number"]: json.loads(r["facts"]) for r in self._rows("SELECT * FROM person ORDER BY id_number")}

    def set_person(self, id_number: str, facts: dict[str, Any] | None) -> None:
        """Sets a person's facts, or forgets them (None)."""
        self._db.execute("DELETE FROM person WHERE id_number = ?", (id_number,))
        if facts is not None:
            self._db.execute("INSERT INTO person VALUES (?, ?)", (id_number, json.dumps(facts, ensure_ascii=False)))

    # what the platform pushed
    def keep_pushed(self, department: str, push_id: str, content: dict[str, Any]) -> bool:
        """Stores a push once per id; False when it was there before."""
        done = self._db.execute(
            "INSERT OR IGNORE INTO pushed VALUES (?, ?, ?, ?)",
            (department, push_id, json.dumps(content, ensure_ascii=False), now()),
        )
        return done.rowcount == 1

    def pushed(self, department: str, limit: int = 200) -> list[dict[str, Any]]:
        """What a department received, newest first."""
        rows = self._rows(
            "SELECT push_id, content, at FROM pushed WHERE department = ? ORDER BY at DESC, rowid DESC LIMIT ?",
            department,
            limit,
        )
        return [{**r, "content": json.loads(r["content"])} for r in rows]

    # units as systems were told of them
    def keep_unit(self, department: str, code: str, revision: int, content: dict[str, Any]) -> bool:
        """Stores the state of a unit; False when the one held is as new or newer."""
        done = self._db.execute(
            "INSERT INTO unit VALUES (?, ?, ?, ?, ?) ON CONFLICT (department, code) DO UPDATE SET "
            "revision = excluded.revision, content = excluded.content, at = excluded.at "
            "WHERE excluded.revision > unit.revision",
            (department, code, revision, json.dumps(content, ensure_ascii=False), now()),
        )
        return done.rowcount == 1

    def units(self, department: str) -> list[dict[str, Any]]:
        """The units that a system holds, by code."""
        rows = self._rows("SELECT content FROM unit WHERE department = ? ORDER BY code", department)
        return [json.loads(row["content"]) for row in rows]

    # applications waiting to be collected from the case store
    def set_pending(self, number: str, content: dict[str, Any]) -> None:
        """Lays an application into the case store for the platform to collect."""
        self._db.execute(
            "INSERT OR REPLACE INTO pending VALUES (?, ?, ?)", (number, json.dumps(content, ensure_ascii=False), now())
        )

    def pending(self, after: str, limit: int) -> list[dict[str, Any]]:
        """Applications to collect, by number, after the given one."""
        rows = self._rows("SELECT * FROM pending WHERE number > ? ORDER BY number LIMIT ?", after, limit)
        return [{"number": r["number"], "submitted_at": r["at"], **json.loads(r["content"])} for r in rows]

    def collected(self, numbers: list[str]) -> None:
        """Takes applications out of those to collect."""
        self._db.executemany("DELETE FROM pending WHERE number = ?", [(n,) for n in numbers])

    def clear(self) -> None:
        """Forgets everything."""
        for table in (
            "message",
            "answer",
            "call",
            "person",
            "pushed",
            "pending",
            "mail",
            "offered",
            "unit",
            "recognition",
        ):
            self._db.execute(f"DELETE FROM {table}")
