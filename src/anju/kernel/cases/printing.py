"""The print list (打印列表) of a case: which papers its kind has, which can be printed now, and printing one."""

from __future__ import annotations

from typing import Any

import orjson

from anju.kernel.cases.models import Case
from anju.kernel.cases.services import Blocked
from anju.kernel.cases.types import case_type
from anju.kernel.crypto import sm3
from anju.kernel.documents import issue
from anju.kernel.documents.listing import document_json
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import revoke
from anju.kernel.errors import NotFound
from anju.kernel.http.json import default
from anju.kernel.scope import Actor


def print_list(case: Case) -> list[dict[str, str]]:
    """The papers of the kind, each with why it cannot be printed yet (`waits`, empty when it can)."""
    return [{"key": p.key, "title": p.title, "waits": p.waits(case)} for p in case_type(case.type_key).papers]


def print_paper(case: Case, key: str, actor: Actor) -> dict[str, Any]:
    """Issues a paper of the print list, or gives the one that says the same already.

    What was corrected since makes a new paper and revokes the old one. Raises `Blocked` before the case has come far
    enough, `NotFound` for a paper the kind does not have.
    """
    paper = next((each for each in case_type(case.type_key).papers if each.key == key), None)
    if paper is None:
        raise NotFound("没有这种文书", code="paper.unknown")
    if reason := paper.waits(case):
        raise Blocked(reason, code="paper.too_early", advice="办到那一步后再打印")
    data = dict(paper.data(case, actor))
    digest = sm3(orjson.dumps(data, default=default, option=_FROZEN)).hex()
    issued = Document.objects.filter(
        subject=case.subject, template=paper.template, title=paper.title, revoked_at__isnull=True
    )
    for earlier in issued:
        if earlier.data_digest == digest:
            return document_json(earlier.pk)
        revoke(earlier.pk, reason="内容已更正，另行出具", actor=actor)
    made = issue(
        template=paper.template, subject=case.subject, title=paper.title, data=data, actor=actor,
        number=paper.number(case) or None, org_path=case.org_path, division=case.division,
    )  # fmt: skip
    return document_json(made.pk)


_FROZEN = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
