"""Tables of the workspace: one file an aggregate."""

from anju.workspace.models.messages import Message, Sms, SmsState
from anju.workspace.models.tasks import FinishedTask, Priority, Task, TaskCopy, TaskPush, TaskState

__all__ = ["FinishedTask", "Message", "Priority", "Sms", "SmsState", "Task", "TaskCopy", "TaskPush", "TaskState"]
