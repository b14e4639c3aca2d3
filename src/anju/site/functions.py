"""Tells identity of the rights that the product's roles hold, so that a page can give and take every one of them."""

from __future__ import annotations

from anju.identity.functions import also
from anju.site.roles import ROLES

also(right for role in ROLES for right in role.rights)
