"""The work view of developers: what to file, what came back."""

from __future__ import annotations

from anju.workspace.cards import Entrance, View, declare_view

FILES = "cases.matter.file"

declare_view(
    View(
        "developer",
        "建设单位工作视图",
        "workspace.view.developer",
        (
            Entrance("我的填报", "file-pen", "/matters", FILES),
            Entrance("补正", "undo-2", "/cases/todo?node=matter_correct", "construction.matter.correct"),
            Entrance("项目档案", "archive", "/registers/construction.archives", "construction.archive.view"),
        ),
        ("todo", "entrances", "notices", "messages"),
    )
)
