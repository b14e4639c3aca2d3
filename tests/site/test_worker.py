"""The background process: it gives way to people, and its queue does not wait for the disk where its work does."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from anju.site.management.commands.worker import GIVES_WAY, queue_connection

SET = "SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'"


@pytest.mark.django_db
def test_only_the_taking_and_ending_of_jobs_does_not_wait_for_the_disk() -> None:
    with psycopg.connect(**queue_connection()) as queue:
        assert queue.execute(SET).fetchone() == ("off", "client")
        assert queue.execute("SHOW jit").fetchone() == ("off",)  # what was given before is kept
    with connection.cursor() as cursor:
        cursor.execute(SET)
        assert cursor.fetchone()[1] != "client"  # as the server does it


def test_a_worker_runs_behind_those_who_answer_people() -> None:
    code = """if True:
        import django, os
        django.setup()
        from anju.site.management.commands.worker import give_way
        before = os.nice(0)
        give_way()
        print(os.nice(0) - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "anju.site.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == GIVES_WAY
