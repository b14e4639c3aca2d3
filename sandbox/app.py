"""Wires the sandbox: the departments' exchange, the switches, and the pages for people."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import departments
from sandbox.authority import Authority
from sandbox.behaviour import Behaviours
from sandbox.control import Control
from sandbox.crypto import KEY as CRYPTO
from sandbox.crypto import CryptoDesk, Vault
from sandbox.envelope import Keys
from sandbox.exchange import Exchange
from sandbox.sign_on import SignOn
from sandbox.store import Store
from sandbox.subscriber import KEY as SUBSCRIBER
from sandbox.subscriber import Subscribers

PAGES = Path(__file__).parent / "pages"
DEMONSTRATION_KEY = "00112233445566778899aabbccddeeff"
_POLICY = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:"


def _page(name: str) -> Route:
    path = {"overview": "/", "phone": "/phone", "mail": "/mail", "tasks": "/tasks", "case-store": "/case-store"}[name]

    async def show(request: Request) -> Response:
        return FileResponse(
            PAGES / f"{name}.html", headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        )

    return Route(path, show, methods=["GET"])


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def build(key: str, var: Path) -> Starlette:
    """The application, with the agreed key and the folder for what it remembers."""
    store, behaviours = Store(var / "sandbox.db"), Behaviours([*departments.ALL, CRYPTO, SUBSCRIBER])
    app = Starlette(
        routes=[
            Route("/healthz", _health, methods=["GET"]),
            Route(
                "/exchange/{department}/{operation}",
                Exchange(Keys.of(key), store, behaviours).__call__,
                methods=["POST"],
            ),
            *Control(store, behaviours).routes(),
            *CryptoDesk(Vault(var / "crypto.json"), behaviours).routes(),
            *Subscribers(store, behaviours).routes(),
            *SignOn().routes(),
            *Authority().routes(),
            *[_page(name) for name in ("overview", "phone", "mail", "tasks", "case-store")],
            Mount("/pages", StaticFiles(directory=PAGES)),
        ]
    )
    app.state.store, app.state.behaviours = store, behaviours
    return app


def from_environment() -> Starlette:
    """The application as the environment says: ANJU_EXCHANGE_KEY and ANJU_VAR."""
    var = Path(os.environ.get("ANJU_VAR", Path(__file__).parents[1] / "var"))
    return build(os.environ.get("ANJU_EXCHANGE_KEY", DEMONSTRATION_KEY), var / "sandbox")
