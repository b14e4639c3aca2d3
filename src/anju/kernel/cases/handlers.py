"""Keeps cases in step with their processes, within the step's own transaction."""

from __future__ import annotations

from anju.kernel.cases import seeing  # noqa: F401  (declares who reads papers and materials)
from anju.kernel.cases.in_hand import case_at
from anju.kernel.cases.services import close, move_node
from anju.kernel.cases.types import case_type
from anju.kernel.processes.hooks import Movement, listen


def on_movement(movement: Movement) -> None:
    """Tasks entered become the case's present step; an ended process closes its case."""
    for token in movement.entered:
        case = case_at(token.subject)
        move_node(case, token.node_id, token.node_title)
        case_type(case.type_key).entered(case, token.node_id)
    for instance in movement.ended:
        case = case_at(instance.subject)
        if case.is_open and instance.end_outcome in case_type(case.type_key).closing:
            close(case, instance.end_outcome)


listen("case", on_movement)
