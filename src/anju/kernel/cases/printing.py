"""The print list (打印列表) of a case: which papers its kind has, which can be printed now, and printing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from anju.kernel import clock
from anju.kernel.cases.filing import Paper
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.services import Blocked
from anju.kernel.cases.types import CaseType, case_type
from anju.kernel.crypto import sm3
from anju.kernel.documents import issue, may_print
from anju.kernel.documents.listing import document_json, documents_of
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import qr_code, revoke
from anju.kernel.documents.templates import template_path
from anju.kernel.documents.typesetting import typeset
from anju.kernel.errors import Forbidden, NotFound
from anju.kernel.http.json import default
from anju.kernel.scope import Actor, admits


class Withheld(Forbidden):
    """The paper is its office's until the case has passed."""

    code, message, advice = "paper.withheld", "办结前这份文书只由承办单位打印", "办结后可以打印"


def withheld(paper: Paper, case: Case, actor: Actor) -> bool:
    """Whether a paper is kept from the actor for now."""
    return bool(paper.right) and case.state != CaseState.PASSED and not admits(actor, paper.right, case)


def print_list(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """The papers of the kind, each with why it cannot be printed yet (`waits`, empty when it can)."""

    def waits(paper: Paper) -> str:
        return paper.waits(case) or (Withheld.message if withheld(paper, case, actor) else "")

    def previewed(paper: Paper) -> bool:
        return paper.look(case, actor) is not None if paper.look else paper.preview is not None

    return [
        {"key": each.key, "title": each.title, "waits": waits(each), "preview": previewed(each)}
        for each in case_type(case.type_key).papers
    ]


def papers_of(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """The papers issued in a case, without those that are kept from the actor for now."""
    kept = {each.template for each in case_type(case.type_key).papers if withheld(each, case, actor)}
    return [each for each in documents_of(case.subject) if each["template"] not in kept]


@may_print("case")
def prints(actor: Actor, document: Document) -> bool:
    """An issued paper is opened as it is printed. Raises `Withheld`."""
    case = Case.objects.filter(pk=int(document.subject.partition(":")[2])).first()
    papers = case_type(case.type_key).papers if case else ()
    if case and any(each.template == document.template and withheld(each, case, actor) for each in papers):
        raise Withheld
    return True


def looked_at(paper: Paper, case: Case, actor: Actor) -> Mapping[str, Any] | None:
    """What a paper of a case would say if it were issued now; None where there is nothing to look at."""
    if paper.look is not None:
        return paper.look(case, actor)
    return paper.preview(case.data, actor) if paper.preview is not None else None


def preview_of_case(case: Case, key: str, actor: Actor) -> bytes:
    """A paper of a case as it would look now (`drawn_up`). Raises `NotFound`."""
    paper = next((each for each in case_type(case.type_key).papers if each.key == key), None)
    said = looked_at(paper, case, actor) if paper else None
    if paper is None or said is None:
        raise NotFound("这份文书现在没有预览", code="paper.unknown")
    return drawn_up(paper, said)


def preview_of_draft(kind: CaseType, key: str, data: Mapping[str, Any], actor: Actor) -> bytes:
    """A paper as it would look once the form is filed (`drawn_up`). Raises `NotFound`."""
    paper = next((each for each in kind.papers if each.key == key), None)
    if paper is None or paper.preview is None:
        raise NotFound("这种文书没有预览", code="paper.unknown")
    return drawn_up(paper, paper.preview(data, actor))


def drawn_up(paper: Paper, said: Mapping[str, Any]) -> bytes:
    """A paper as a PDF without number, seal or code; nothing is issued."""
    frame = {
        "title": f"{paper.title}（预览）", "number": "", "organisation": str(said.get("organisation") or ""),
        "issued_on": clock.today().isoformat(), "valid_until": None, "code": "0" * 16, "url": "预览件，不作凭证",
        "qr": qr_code("预览件，不作凭证"), "stamp": None,
    }  # fmt: skip
    return typeset(template_path(paper.template), moment=clock.now(), document=frame, data=dict(said))


def print_paper(case: Case, key: str, actor: Actor) -> dict[str, Any]:
    """Issues a paper of the print list, or gives the one that says the same already.

    What was corrected since makes a new paper and revokes the old one. Raises `Blocked` before the case has come far
    enough, `Withheld`, `NotFound` for a paper the kind does not have.
    """
    paper = next((each for each in case_type(case.type_key).papers if each.key == key), None)
    if paper is None:
        raise NotFound("没有这种文书", code="paper.unknown")
    if reason := paper.waits(case):
        raise Blocked(reason, code="paper.too_early", advice="办到那一步后再打印")
    if withheld(paper, case, actor):
        raise Withheld
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


def revoke_papers(case: Case, template: str, reason: str, actor: Actor) -> None:
    """Ends the validity of every paper of a template that was issued in a case, when what it says no longer stands."""
    standing = Document.objects.filter(subject=case.subject, template=template, revoked_at__isnull=True)
    for paper in standing.order_by("id"):
        revoke(paper.pk, reason=reason, actor=actor)


_FROZEN = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
