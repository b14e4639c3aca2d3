"""Reading issued documents, and verifying them in public."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from anju.kernel.audit import record
from anju.kernel.documents.guards import require_print
from anju.kernel.documents.models import Document
from anju.kernel.documents.rate import Limit
from anju.kernel.documents.services import ensure_rendered, verification, visible
from anju.kernel.files import Answer, stored_answer
from anju.kernel.http import PUBLIC, SIGNED_IN, Request, Routes

routes = Routes("/documents", title="文书")
VERIFICATIONS = Limit(120)


@routes.read("/verify/{code}", right=PUBLIC, scope="none", summary="核验文书")
def verify(request: Request, code: str) -> dict[str, Any]:
    """凭核验码查询文书真伪、持有人（脱敏）、有效期和印章是否完好；无需登录。"""
    VERIFICATIONS.count(str(request.META.get("REMOTE_ADDR", "")))
    return verification(code)


@routes.read("/{int:document_id}/file", right=SIGNED_IN, scope="subject's guard, or org_path", summary="文书文件")
def read_file(request: Request, document_id: int, download: bool = False) -> Answer:
    """文书的 PDF；尚未生成时当场生成。每次打开计一次打印并留下记录。"""
    found = visible(document_id, request.actor)
    require_print(request.actor, found)
    document = ensure_rendered(found.pk)
    assert document.file is not None
    answer = stored_answer(document.file, download=download)
    Document.objects.filter(pk=document.pk).update(print_count=F("print_count") + 1)
    record(
        "print",
        actor=request.actor,
        subject=document.subject,
        title=f"{document.title} {document.number}".strip(),
        detail={"document": document.pk, "download": download},
        request=request,
    )
    return answer
