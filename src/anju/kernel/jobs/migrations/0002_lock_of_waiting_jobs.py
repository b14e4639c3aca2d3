"""The waiting and running jobs of one lock are found at once; the index is built while jobs come and go."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("jobs", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY jobs_of_lock ON procrastinate_jobs (lock, priority DESC, id)"
            " WHERE lock IS NOT NULL AND status IN ('todo', 'doing')",
            "DROP INDEX CONCURRENTLY IF EXISTS jobs_of_lock",
        ),
    ]
