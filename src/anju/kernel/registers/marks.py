"""The beginning of a subject's mark (`supply.units` of `supply.units:12`), as the database reads it."""

from __future__ import annotations

from django.db.models import Func, TextField


class Start(Func):
    """What stands before the colon; an index over (this, -id) carries the order of a list by kind of subject."""

    template = "split_part(%(expressions)s, ':', 1)"
    arity = 1
    output_field = TextField()
