"""The flow chart of a contract: its nodes in order, each lit when the contract has reached it (SH-065.4)."""

from __future__ import annotations

from typing import Any

from anju.kernel.documents.listing import document_json
from anju.tenancy.models import Contract

NODES = (
    ("draft", "登记合同"),
    ("change", "合同变更"),
    ("sent", "发送签约"),
    ("signed", "合同签约"),
    ("printed", "合同打印"),
    ("filed", "合同备案"),
    ("notice", "备案打印"),
    ("renewal", "合同续签"),
    ("tenant_change", "主承租人变更"),
    ("leaving", "申退"),
    ("terminated", "退租"),
)


def printings(document_id: int | None) -> int:
    """How often the contract's present paper was opened for printing."""
    return int(document_json(document_id)["print_count"]) if document_id else 0


def flow_chart(contract: Contract) -> list[dict[str, Any]]:
    """Every node with the moment and person that reached it last; a cancelled contract ends with that."""
    reached: dict[str, Any] = {}
    for each in contract.happenings.order_by("id"):
        if each.node == "stay":
            reached.pop("leaving", None)
        reached[each.node] = {"at": each.at, "who": each.actor_name, "text": each.text}
    if printed := printings(contract.document_id):
        reached["printed"] = {"at": None, "who": "", "text": f"打印 {printed} 次"}
    nodes = [*NODES, ("cancel", "作废")] if "cancel" in reached else list(NODES)
    return [
        {
            "node": node,
            "title": title,
            "reached": node in reached,
            **reached.get(node, {"at": None, "who": "", "text": ""}),
        }
        for node, title in nodes
    ]
