"""The import operations that each register has under its own address: template and upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from ninja import File
from ninja.files import UploadedFile

from anju.kernel.files import file_answer
from anju.kernel.http import Request, Routes
from anju.kernel.registers.importing import services
from anju.kernel.registers.importing.template import template
from anju.kernel.registers.register import Register
from anju.kernel.spreadsheets import MAX_BYTES, XLSX, NotReadable


def add(routes: Routes, register: Register[Any], named: Callable[[str], dict[str, Any]]) -> None:
    """Adds the operations to a register's routes. `kind` names one of several imports, nothing means the first."""
    right = register.rights.of("import")

    @routes.read("/template", right=right, scope="none", **named("template"))
    def read_template(request: Request, kind: str = "") -> HttpResponse:
        declared = services.declared_of(register, kind)
        return file_answer(template(declared), name=f"{declared.title}模板.xlsx", mime=XLSX, download=True)

    @routes.act("/imports", right=right, scope=register.rights.path, **named("import"))
    def upload(request: Request, file: File[UploadedFile], kind: str = "") -> dict[str, Any]:
        if (file.size or 0) > MAX_BYTES:
            raise NotReadable(
                f"文件超过 {MAX_BYTES // 1024 // 1024} MB", code="import.too_large", advice="请拆成几个文件"
            )
        record = services.begin(register, kind, file.name or "未命名", file.read(), request.actor)
        return {"id": record.pk, "job_id": record.job_id}
