"""`python -m bench`: what `./dev bench` runs once its installation answers."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def arguments() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Fills the installation and measures it beside bare SQL and Directus.",
    )
    parser.add_argument(
        "--size",
        choices=("full", "city"),
        default="full",
        help="full: 450,000 units and 200,000 cases; city: 5 million persons, 2 million cases, 1.5 million contracts too",
    )
    parser.add_argument("--json", metavar="FILE", help="write the figures to this file")
    parser.add_argument(
        "--quick", action="store_true", help="a small city and few requests: does the measurement work?"
    )
    parser.add_argument(
        "--light",
        action="store_true",
        help="the tender's units, offices and accounts, a tenth of the cases, fewer requests",
    )
    parser.add_argument("--fill", action="store_true", help="make the city and measure nothing")
    parser.add_argument("--skip-directus", action="store_true", help="without the comparison")
    parser.add_argument("--only", metavar="KEYS", help="measure these figures only, such as list_first,case_step")
    return parser.parse_args()


def main() -> int:
    """Seeds, measures, prints, writes. Gives 0 when it came to its end, whether goals are met or not."""
    options = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
    import django

    django.setup()
    from bench import figures, machine, run
    from bench.installation import Installation

    installation = Installation()
    began = time.monotonic()
    seeded = run.seed(size=options.size, quick=options.quick, light=options.light)
    bench = run.prepare(installation, quick=options.quick, light=options.light)
    if options.fill:
        return 0
    only = set(options.only.split(",")) if options.only else None
    directus = None if options.skip_directus else ROOT / "var" / "tools" / f"directus-{run.DIRECTUS}"
    measured, missing = run.measure(bench, only, directus)
    server = bench.own.info.parameter_status("server_version") or ""
    report: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "size": options.size,
        "quick": options.quick,
        "light": options.light,
        "machine": machine.described(server),
        "others_busy": bench.noise,
        "sizes": run.sizes(bench.own),
        "seed_seconds": seeded,
        "directus": missing or run.DIRECTUS,
        "client": "own generator, one process, plain sockets (bench/client.py)",
        "seconds": round(time.monotonic() - began),
        "figures": [figure.as_json() for figure in measured],
    }
    print(figures.table(measured))
    for figure in measured:
        if figure.note:
            print(f"  {figure.title}: {figure.note}")
    print(
        f"{options.size} · {run.met(measured)} · others kept the processors {run.noise(bench.noise)} busy · {report['seconds']} s"
    )
    if missing:
        print(f"without Directus: {missing}")
    if options.json:
        Path(options.json).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
