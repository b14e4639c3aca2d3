"""Commands of the installation, one after the other in one process: starting takes longer than what most of them do.

`python -m tests.journeys.commands` reads a JSON list of arguments a line and answers a JSON object a line: `said` or `error`.
"""

from __future__ import annotations

import io
import json
import os
import sys

import django
from django.core.management import call_command
from django.db import close_old_connections


def main() -> None:
    """Answers until nobody asks any more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
    django.setup()
    from anju.kernel import clock

    for line in sys.stdin:
        said = io.StringIO()
        clock.forget_offset()
        try:
            call_command(*json.loads(line), stdout=said)
            answer = {"said": said.getvalue().strip()}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        close_old_connections()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
