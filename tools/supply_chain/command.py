"""The command `tools/bom`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.supply_chain.bill import as_json, bill
from tools.supply_chain.checks import Result, check_licences, check_npm, check_python
from tools.third_party.packages import npm_packages, python_packages

GOOD, FOUND, NOT_CHECKED = 0, 1, 2
CHECKS = ("licences", "vulnerabilities of Python parts", "vulnerabilities of JavaScript parts")


def main(arguments: list[str]) -> int:
    """Writes the bill, checks it, says what was found and what could not be asked.

    Ends with 0 when everything was checked and nothing found, 1 when something was found, 2 when a check could not be
    made: a database out of reach is never taken for a clean answer.
    """
    parser = argparse.ArgumentParser(
        prog="tools/bom", description="The bill of materials of Anju (CycloneDX 1.6), with its checks."
    )
    parser.add_argument("file", type=Path, nargs="?", help="write the bill to this file")
    parser.add_argument("--licences", action="store_true", help="check the licences")
    parser.add_argument("--vulnerabilities", action="store_true", help="ask the databases of known vulnerabilities")
    parser.add_argument("--osv", default="", metavar="URL", help="a mirror of the OSV database, for Python parts")
    parser.add_argument(
        "--registry", default="", metavar="URL", help="a registry with advisories, for JavaScript parts"
    )
    options = parser.parse_args(arguments)
    results: list[Result] = []
    if options.licences:
        results.append(check_licences([*python_packages(), *npm_packages()]))
    if options.vulnerabilities:
        results += [check_python(service=options.osv), check_npm(registry=options.registry)]
    for result in results:
        word = "ok" if result.good else "FOUND" if result.done else "NOT CHECKED"
        print(f"{word}: {result.name} ({result.said})")
        for finding in result.findings:
            print(f"  {finding}")
    if options.file:
        asked = dict.fromkeys(CHECKS, "not asked for")
        notes = asked | {each.name: noted(each) for each in results}
        made = bill(notes=notes)
        options.file.parent.mkdir(parents=True, exist_ok=True)
        options.file.write_text(as_json(made), "utf-8")
        print(f"{len(made.components)} parts written to {options.file}")
    if any(result.findings for result in results):
        return FOUND
    return GOOD if all(result.done for result in results) else NOT_CHECKED


def noted(result: Result) -> str:
    """What the bill says of a check."""
    if not result.done:
        return f"not checked: {result.said}"
    return f"checked, {len(result.findings)} found"
