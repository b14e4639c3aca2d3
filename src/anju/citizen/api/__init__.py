"""Operations of the citizen's side, one module a part of it."""

from anju.citizen.api import accounts, application, desk, messages, portal, projects, public, surveys, verification

routes = [
    accounts.routes,
    verification.routes,
    application.routes,
    messages.routes,
    projects.routes,
    portal.routes,
    portal.own,
    public.routes,
    surveys.routes,
    desk.routes,
]
