"""文件: what people upload and what the platform makes, kept by content, encrypted, checked by content.

`store` keeps bytes, or a `draft` written little by little, and gives a `StoredFile`; `open_file` gives them back;
`check_picture`, `check_pdf`, `check_video` and `check_material` refuse what is not what it claims to be. Who may read a
file is decided by the guard of its purpose (`@may_read("material")`); without one, only whoever stored it.
"""

from typing import TYPE_CHECKING

from anju.kernel.lazy import lazily

if TYPE_CHECKING:
    from anju.kernel.files.blobs import Draft, draft
    from anju.kernel.files.checks import check_material, check_pdf, check_picture, check_video, mime_of
    from anju.kernel.files.guards import may_read
    from anju.kernel.files.services import (
        Answer,
        file_answer,
        open_file,
        public_answer,
        readable,
        store,
        stored,
        stored_answer,
    )

__all__ = [
    "Answer",
    "Draft",
    "check_material",
    "check_pdf",
    "check_picture",
    "check_video",
    "draft",
    "file_answer",
    "may_read",
    "mime_of",
    "open_file",
    "public_answer",
    "readable",
    "store",
    "stored",
    "stored_answer",
]
__getattr__ = lazily(
    __name__,
    {
        "Answer": "services",
        "Draft": "blobs",
        "check_material": "checks",
        "check_pdf": "checks",
        "check_picture": "checks",
        "check_video": "checks",
        "draft": "blobs",
        "file_answer": "services",
        "may_read": "guards",
        "mime_of": "checks",
        "open_file": "services",
        "public_answer": "services",
        "readable": "services",
        "store": "services",
        "stored": "services",
        "stored_answer": "services",
    },
)
