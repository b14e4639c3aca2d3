"""Operations of the citizen's side, one module a part of it."""

from anju.citizen.api import accounts, application, desk, messages, projects, public, surveys, verification

routes = [
    accounts.routes,
    verification.routes,
    application.routes,
    messages.routes,
    projects.routes,
    public.routes,
    surveys.routes,
    desk.routes,
]
