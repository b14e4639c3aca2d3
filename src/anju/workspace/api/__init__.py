"""Operations of the workspace: messages, tasks, the open interface, and the search over everything."""

from anju.workspace.api import messages, open_tasks, tasks

routes = [messages.messages, messages.finding, tasks.routes, open_tasks.routes]
