"""Tells identity of the rights that the product's roles hold, so that a page can give and take every one of them, and
tells those that an upgrade brought."""

from __future__ import annotations

import json
from pathlib import Path

from anju.identity.functions import also
from anju.identity.shipped import ships
from anju.site.roles import ROLES

# What the roles gave in the first release; installations that noted nothing since began with it.
FIRST_RELEASE = json.loads(Path(__file__).with_name("first_release.json").read_text(encoding="utf-8"))

also(right for role in ROLES for right in role.rights)
ships({role.key: role.rights for role in ROLES}, FIRST_RELEASE)
