"""The next job is read off the front of the queue, however many wait behind it.

The planner knows a queue as it is most of the time, empty, and for an empty table it would rather read and sort all of it: with
a thousand jobs waiting each taking of one then costs 9 ms, with them 0.2. The function is the queue's own and stays as it
is; only how it is planned is said here. An upgrade of the queue that makes it anew forgets this; a test would tell.
"""

from django.db import migrations

FETCH = "ALTER FUNCTION procrastinate_fetch_job_v2(varchar[], bigint)"
ALONG_THE_INDEX = """
    SET enable_sort = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_material = off
    SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_lock_of_waiting_jobs"),
    ]

    operations = [
        migrations.RunSQL(f"{FETCH} {ALONG_THE_INDEX}", f"{FETCH} RESET ALL"),
    ]
