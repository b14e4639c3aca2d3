"""Door events fetched from the platform of the devices every few seconds, and forgotten after a while (PR-02.3)."""

from __future__ import annotations

from datetime import timedelta

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from anju.kernel import clock
from anju.kernel.connectors.errors import ConnectorError
from anju.kernel.jobs import background, every
from anju.workspace.connectors import DoorFetch, DoorsAsked
from anju.workspace.models import DoorEvent
from anju.workspace.screen import Door, take_doors

SOURCE = "doors"
KEPT_FOR = timedelta(days=30)


@background("workspace.fetch_doors", atomic=False, retry=False)
def fetch_doors() -> None:
    """Fetches what happened since the last event; a repeat keeps each event once. No answer is logged and asked again."""
    last = DoorEvent.objects.filter(source=SOURCE).order_by("-at", "-id").first()
    try:
        told = DoorFetch().call(DoorsAsked(after=last.key if last else "")).events
    except ConnectorError:
        return
    if told:
        events = [Door(e.key, e.at, e.place, e.division, e.person, e.way, e.passed) for e in told]
        take_doors(events, SOURCE, "/")


@background("workspace.forget_doors")
def forget_doors() -> None:
    """Drops door events that the screen will never show again; the devices' platform has them."""
    DoorEvent.objects.filter(received_at__lt=clock.now() - KEPT_FOR).delete()


def _tick(timestamp: int) -> None:
    close_old_connections()
    try:
        fetch_doors()
    finally:
        connection.close()


app.periodic(cron="* * * * * */10", periodic_id="workspace.fetch_doors")(
    app.task(name="workspace.fetch_doors.tick", queueing_lock="workspace.fetch_doors.tick")(_tick)
)
every(minutes=1440)("workspace.forget_doors")
