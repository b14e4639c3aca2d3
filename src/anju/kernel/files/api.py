"""Reading a stored file."""

from __future__ import annotations

from django.http import HttpResponse

from anju.kernel.audit import record
from anju.kernel.files.blobs import get
from anju.kernel.files.guards import guard_of
from anju.kernel.files.services import file_answer, readable
from anju.kernel.http import SIGNED_IN, Request, Routes

routes = Routes("/files", title="文件")


@routes.read("/{int:file_id}", right=SIGNED_IN, scope="purpose's guard")
def read_file(request: Request, file_id: int, download: bool = False) -> HttpResponse:
    """文件内容；能否查看由文件用途决定，含个人信息的会留下查看记录。"""
    file = readable(file_id, request.actor)
    content = get(file.address)
    if guard_of(file.purpose).personal:
        record(
            "read_personal",
            actor=request.actor,
            subject=file.owner,
            title=f"查看文件：{file.name}",
            detail={"file": file.pk, "purpose": file.purpose},
            request=request,
        )
    return file_answer(content, name=file.name, mime=file.mime, download=download)
