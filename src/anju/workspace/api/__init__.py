"""Operations of the workspace: work views, the big screen, messages, notices, tasks, the open interface, the search."""

from anju.workspace.api import applications, desks, messages, notices, open_messages, open_tasks, tasks

routes = [
    messages.messages,
    messages.finding,
    notices.routes,
    tasks.routes,
    open_tasks.routes,
    open_messages.routes,
    applications.routes,
    desks.views,
    desks.big_screen,
    desks.doors,
]
