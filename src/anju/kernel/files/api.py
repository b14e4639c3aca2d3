"""Reading a stored file."""

from __future__ import annotations

from anju.kernel.audit import record
from anju.kernel.files.guards import guard_of
from anju.kernel.files.services import Answer, readable, stored_answer
from anju.kernel.http import SIGNED_IN, Request, Routes

routes = Routes("/files", title="文件")


@routes.read("/{int:file_id}", right=SIGNED_IN, scope="purpose's guard")
def read_file(request: Request, file_id: int, download: bool = False) -> Answer:
    """文件内容；能否查看由文件用途决定，含个人信息的会留下查看记录。"""
    file = readable(file_id, request.actor)
    answer = stored_answer(file, download=download)
    if guard_of(file.purpose).personal:
        record(
            "read_personal",
            actor=request.actor,
            subject=file.owner,
            title=f"查看文件：{file.name}",
            detail={"file": file.pk, "purpose": file.purpose},
            request=request,
        )
    return answer
