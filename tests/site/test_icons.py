"""The menu names its icons on the server; the office draws them."""

from __future__ import annotations

import re
from pathlib import Path

from anju.kernel.registers.register import REGISTERS
from anju.site.menu import MENU

DRAWN = Path(__file__).parents[2] / "web/office/src/ui/icons.ts"


def test_every_icon_of_the_menu_and_of_registers_is_drawn() -> None:
    drawn = set(re.findall(r"^  '?([a-z0-9-]+)'?: [A-Z]\w+,$", DRAWN.read_text(encoding="utf-8"), re.MULTILINE))
    named = {item.icon for group in MENU for item in group.items} | {each.icon for each in REGISTERS.values()}
    assert sorted(named - drawn) == []
