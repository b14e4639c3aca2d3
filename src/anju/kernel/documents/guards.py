"""Who may see a document, by the kind of its subject."""

from __future__ import annotations

from collections.abc import Callable

from anju.kernel.documents.models import Document
from anju.kernel.errors import Forbidden
from anju.kernel.scope import Actor, admits

Check = Callable[[Actor, str], bool]
PrintCheck = Callable[[Actor, Document], bool]
RIGHT = "documents.view"
_GUARDS: dict[str, Check] = {}
_PRINTERS: dict[str, PrintCheck] = {}


class MayNotPrint(Forbidden):
    """The paper may be known of, but its printing was left to others."""

    code, message = "print.not_granted", "你没有打印这种文书的权限"
    advice = "请联系管理员在“打印权限”里配置"


def may_see(kind: str) -> Callable[[Check], Check]:
    """Declares who may see documents about a kind of subject: `@may_see("case")` is asked with the actor and `12` for
    documents about `case:12`."""

    def register(check: Check) -> Check:
        if kind in _GUARDS and _GUARDS[kind] is not check:
            raise ValueError(f"documents about a {kind} have a guard already")
        _GUARDS[kind] = check
        return check

    return register


def sees(actor: Actor, document: Document) -> bool:
    """Whether an actor sees a document: within the reach of `documents.view`, or as its subject's guard decides."""
    if actor.kind == "system" or (actor.is_staff and admits(actor, RIGHT, document)):
        return True
    kind, _, number = document.subject.partition(":")
    guard = _GUARDS.get(kind)
    return guard is not None and actor.kind != "anonymous" and guard(actor, number)


def may_print(kind: str) -> Callable[[PrintCheck], PrintCheck]:
    """Declares who of those who see a document about a kind of subject may print it; without one, all of them may."""

    def register(check: PrintCheck) -> PrintCheck:
        if kind in _PRINTERS and _PRINTERS[kind] is not check:
            raise ValueError(f"printing documents about a {kind} has a guard already")
        _PRINTERS[kind] = check
        return check

    return register


def require_print(actor: Actor, document: Document) -> None:
    """Raises `MayNotPrint` where the subject's guard keeps the actor from printing the document."""
    check = _PRINTERS.get(document.subject.partition(":")[0])
    if check is not None and actor.kind != "system" and not check(actor, document):
        raise MayNotPrint(details={"template": document.template})
