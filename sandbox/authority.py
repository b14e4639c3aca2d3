"""An outside certificate authority's door: the list of certificates that it revoked, as it was last put there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Authority:
    """Serves one revocation list (DER); the test or the demonstration that plays the authority puts it there."""

    def __init__(self) -> None:
        self._list = b""

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/ca/revoked.crl", self.serve, methods=["GET"]),
            Route("/ca/revoked.crl", self.put, methods=["PUT"]),
        ]

    async def serve(self, request: Request) -> Response:
        """The list, or 404 before there is one."""
        return Response(self._list, 200 if self._list else 404, media_type="application/pkix-crl")

    async def put(self, request: Request) -> Response:
        """Replaces the list; nothing takes it away."""
        self._list = await request.body()
        return JSONResponse({"bytes": len(self._list)})
