"""Operations of the citizen's side, one module a part of it."""

from anju.citizen.api import accounts, application, desk, kept, messages, portal, public, surveys, verification

routes = [
    accounts.routes,
    verification.routes,
    application.routes,
    messages.routes,
    kept.projects,
    kept.units,
    portal.routes,
    portal.own,
    public.routes,
    surveys.routes,
    desk.routes,
]
