"""Residents and staff as a journey needs them: each with a session of his own against a running installation."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw, ImageFont

URL = os.environ.get("ANJU_URL", "http://127.0.0.1:8600")
SANDBOX = os.environ.get("ANJU_SANDBOX_URL", "http://127.0.0.1:8601")
STAFF_PASSWORD = "Anju-2026-demo"
PASSWORD = "tulip-River-2026"
PATIENCE = 60.0
PAPERS = {"identity": "居民身份证", "household_register": "户口簿", "marriage": "婚姻状况证明", "income": "收入证明"}
FONT = Path(__file__).parents[2] / "node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"


@cache
def _commands() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.commands"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


def manage(*arguments: str) -> str:
    """A command of the installation, such as moving its clock."""
    process = _commands()
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(arguments) + "\n")
    process.stdin.flush()
    answer: dict[str, str] = json.loads(process.stdout.readline())
    assert "error" not in answer, answer
    return answer["said"]


def until(what: Callable[[], Any], *, said: str, patience: float = PATIENCE) -> Any:
    """Waits for background work: asks until the answer is true."""
    end = time.monotonic() + patience
    while True:
        if found := what():
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience} s in vain: {said}")
        time.sleep(0.3)


def photo(words: str = "身份证", size: tuple[int, int] = (900, 600)) -> bytes:
    """A paper with a title, marked as a specimen, as a telephone's camera sees it; of more than 1 KB."""
    width, height = size
    picture = Image.effect_noise(size, 14).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", size, (140, 128, 112)), 0.75)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 14, height // 12, width * 13 // 14, height * 11 // 12), fill=(244, 241, 232))
    large, small = (ImageFont.truetype(FONT, height // part) for part in (10, 18))
    draw.text((width // 8, height // 7), words, fill=(51, 64, 79), font=large)
    for line, label in enumerate(("姓名", "住址", "编号", "签发", "日期")):
        top = height * (34 + line * 11) // 100
        draw.text((width // 8, top), label, fill=(51, 64, 79), font=small)
        draw.line(
            (width // 4, top + height // 18, width * (62 - line * 4) // 100, top + height // 18), (120, 128, 138), 3
        )
    draw.rectangle(
        (width * 68 // 100, height // 3, width * 86 // 100, height * 72 // 100), outline=(183, 176, 162), width=4
    )
    draw.text((width // 2, height * 60 // 100), "样张", fill=(202, 120, 108), font=large)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


class Person:
    """Someone at a browser: JSON in and out, cookies kept, errors as they came."""

    def __init__(self, face: str) -> None:
        self.http = httpx.Client(base_url=URL, headers={"X-Anju-Client": face}, timeout=30)

    def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return self.http.request(method, f"/api{path}", **kwargs)

    def get(self, path: str, **query: Any) -> Any:
        return self.good(self.ask("GET", path, params=query))

    def post(self, path: str, body: Any = None) -> Any:
        return self.good(self.ask("POST", path, json=body if body is not None else {}))

    def put(self, path: str, body: Any) -> Any:
        return self.good(self.ask("PUT", path, json=body))

    def patch(self, path: str, body: Any) -> Any:
        return self.good(self.ask("PATCH", path, json=body))

    def delete(self, path: str) -> Any:
        return self.good(self.ask("DELETE", path))

    def upload(self, path: str, files: dict[str, bytes], **fields: str) -> Any:
        parts = {name: (f"{name}.jpg", content, "image/jpeg") for name, content in files.items()}
        return self.good(self.ask("POST", path, files=parts, data=fields))

    def refused(self, method: str, path: str, status: int, code: str, body: Any = None) -> dict[str, Any]:
        """Asserts that an act is refused in this way, and gives the refusal."""
        answer = self.ask(method, path, json=body)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        assert told["code"] == code, told
        assert re.search(r"[一-鿿]", told["message"]), told
        return told

    @staticmethod
    def good(answer: httpx.Response) -> Any:
        assert answer.status_code < 300, f"{answer.request.method} {answer.request.url}: {answer.text[:1500]}"
        return answer.json()


class Staff(Person):
    """A member of staff signed in with password and captcha."""

    def __init__(self, account: str) -> None:
        super().__init__("office")
        captcha = self.get("/identity/captcha")
        self.me = self.post(
            "/identity/sign-in",
            {
                "account": account,
                "password": STAFF_PASSWORD,
                "captcha_id": captcha["id"],
                "captcha": manage("captcha_answer", captcha["id"]),
            },
        )

    def task(self, number: str, node: str) -> dict[str, Any]:
        """The task of a case on this person's to-do list, once it has arrived."""
        found: dict[str, Any] = until(
            lambda: next(
                (row for row in self.get("/cases/todo", view="todo", q=number)["rows"] if row["node"] == node), None
            ),
            said=f"{number} at {node} on the list of {self.me['name']}",
        )
        return found

    def take(self, number: str, node: str) -> dict[str, Any]:
        """Claims the task and gives the case's page."""
        task = self.task(number, node)
        page: dict[str, Any] = self.post(f"/cases/{task['case_id']}/claim", {"task_id": task["task_id"]})
        return page

    def act(self, page: dict[str, Any], outcome: str, **more: Any) -> dict[str, Any]:
        """Takes a step on a claimed case."""
        body = {
            "task_id": page["task"]["id"], "version": page["version"], "outcome": outcome, "opinion": "情况属实，同意",
            **more,
        }  # fmt: skip
        moved: dict[str, Any] = self.post(f"/cases/{page['id']}/act", body)
        return moved

    def handle(self, number: str, node: str, outcome: str, **more: Any) -> dict[str, Any]:
        """Claims and acts."""
        return self.act(self.take(number, node), outcome, **more)


class Resident(Person):
    """A resident with a telephone; the sandbox's phone page shows what arrives there."""

    def __init__(self, phone: str, name: str, id_number: str) -> None:
        super().__init__("citizen")
        self.phone, self.name, self.id_number = phone, name, id_number

    def code(self, purpose: str = "register") -> str:
        """Asks for a code and reads it from the phone."""
        before = len(self.messages())
        self.post("/citizen/codes", {"phone": self.phone, "purpose": purpose})
        return self.newest_code(before)

    def newest_code(self, before: int) -> str:
        """The code in one of the messages that came after so many; others may come meanwhile."""

        def arrived() -> str | None:
            messages = self.messages()
            found = [re.search(r"\b(\d{6})\b", each["text"]) for each in messages[: len(messages) - before]]
            return next((each.group(1) for each in found if each), None)

        return str(until(arrived, said="the code's text message"))

    def messages(self) -> list[dict[str, Any]]:
        """The text messages on the phone, newest first."""
        answer = httpx.get(f"{SANDBOX}/phone/messages", params={"to": self.phone}, timeout=10)
        rows: list[dict[str, Any]] = answer.json()["messages"]
        return rows

    def register(self) -> None:
        """Registers and is signed in."""
        self.post("/citizen/register", {"phone": self.phone, "code": self.code(), "password": PASSWORD})

    def verify_by_bank(self) -> None:
        """Real-name verification that the bank answers at once."""
        self.post(
            "/citizen/identity/bank",
            {
                "name": self.name, "document_type": "id_card", "document_number": self.id_number, "city": "339900",
                "bank_card": "6222020200112233445", "phone": self.phone,
            },
        )  # fmt: skip

    def save_page(self, page: str, data: dict[str, Any]) -> dict[str, Any]:
        """Saves a page of the draft at its present version."""
        draft = self.get("/citizen/application")["draft"] or {"pages": {}}
        version = (draft["pages"].get(page) or {}).get("version", 0)
        saved: dict[str, Any] = self.put(f"/citizen/application/pages/{page}", {"version": version, "data": data})
        return saved

    def fill_application(self, *, marriage: str = "single", homes: list[dict[str, Any]] | None = None) -> None:
        """Fills every page of the wizard for a person living alone."""
        pages = {
            "place": {"division": "339901", "street": "文昌街道"},
            "notice": {"read": True},
            "commitment": {"agreed": True},
            "form": {
                "residence": "local", "address": "江湾区文昌路 86 弄 12 号 301 室", "phone": self.phone,
                "employment": "employed", "employer": "澜州市启衡机械厂", "income": "5200.00",
            },
            "members": {
                "members": [
                    {
                        "relation": "self", "name": self.name, "document_type": "id_card",
                        "document_number": self.id_number, "marriage": marriage,
                    }
                ]
            },
            "housing": {"situation": "rented", "rented_address": "文昌路 86 弄", "rent": "2300.00", "homes": homes or []},
            "property": {"assets": []},
        }  # fmt: skip
        for page, data in pages.items():
            saved = self.save_page(page, data)
            assert not saved["errors"], (page, saved["errors"])
        for klass in ("identity", "household_register", "marriage"):
            self.upload("/citizen/application/materials", {"file": photo(PAPERS.get(klass, "证明材料"))}, klass=klass)

    def submit(self) -> dict[str, Any]:
        """Submits; gives case id and number."""
        made: dict[str, Any] = self.post("/citizen/application/submit", {"key": str(uuid.uuid4())})
        return made

    def case(self, case_id: int) -> dict[str, Any]:
        """The application as the resident sees it."""
        seen: dict[str, Any] = self.get(f"/citizen/cases/{case_id}")
        return seen
