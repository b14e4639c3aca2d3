"""Processes: BPMN compiled into graphs, tokens as rows, and the commands that move them (`processes.services`).

A subject such as `case:12` is what a process runs for. Blocks above announce how they take part: `service` registers
the work behind a service task, `listen` is told of every movement of subjects of one kind, in the same transaction.
"""

from anju.kernel.processes.hooks import WAIT, Movement, listen, service, unlisten

__all__ = ["WAIT", "Movement", "listen", "service", "unlisten"]
