"""`python -m anju COMMAND`: the platform's own command line."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Runs a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
    execute_from_command_line(["anju", *sys.argv[1:]])


if __name__ == "__main__":
    main()
