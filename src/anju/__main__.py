"""`python -m anju COMMAND`: the platform's own command line."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Runs a management command; one that serves or works only when the program is as it was signed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
    if sys.argv[1:2] in (["serve"], ["worker"]):
        from anju.trust.starting import refuse_unsigned

        refuse_unsigned()
    execute_from_command_line(["anju", *sys.argv[1:]])


if __name__ == "__main__":
    main()
