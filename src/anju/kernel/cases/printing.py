"""The print list (打印列表) of a case: which papers its kind has, which can be printed now, and printing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.cases.services import Blocked
from anju.kernel.cases.types import CaseType, case_type
from anju.kernel.crypto import sm3
from anju.kernel.documents import issue
from anju.kernel.documents.listing import document_json
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import qr_code, revoke
from anju.kernel.documents.templates import template_path
from anju.kernel.documents.typesetting import typeset
from anju.kernel.errors import NotFound
from anju.kernel.http.json import default
from anju.kernel.scope import Actor


def print_list(case: Case) -> list[dict[str, Any]]:
    """The papers of the kind, each with why it cannot be printed yet (`waits`, empty when it can)."""
    return [
        {"key": each.key, "title": each.title, "waits": each.waits(case), "preview": each.preview is not None}
        for each in case_type(case.type_key).papers
    ]


def preview_paper(kind: CaseType, key: str, data: Mapping[str, Any], actor: Actor) -> bytes:
    """A paper as it would look, as a PDF without number, seal or code; nothing is issued. Raises `NotFound`."""
    paper = next((each for each in kind.papers if each.key == key), None)
    if paper is None or paper.preview is None:
        raise NotFound("这种文书没有预览", code="paper.unknown")
    said = dict(paper.preview(data, actor))
    frame = {
        "title": f"{paper.title}（预览）", "number": "", "organisation": str(said.get("organisation") or ""),
        "issued_on": clock.today().isoformat(), "valid_until": None, "code": "0" * 16, "url": "预览件，不作凭证",
        "qr": qr_code("预览件，不作凭证"), "stamp": None,
    }  # fmt: skip
    return typeset(template_path(paper.template), moment=clock.now(), document=frame, data=said)


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
