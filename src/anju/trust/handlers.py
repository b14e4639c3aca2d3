"""Hangs trust on the hooks of others: seals on documents; certificates and signed rights on signing in and sessions."""

from __future__ import annotations

from django.db import connection
from django.db.backends.signals import connection_created

from anju.identity.sessions import actor_loader
from anju.identity.sign_in import entry_check
from anju.kernel.documents import SealReport, set_sealer
from anju.trust.guarding import check_rights, guarded_staff_actor, watch
from anju.trust.services import check_certificate, seal_pdf, seal_picture, verify_pdf


class CitySealer:
    """Seals documents with the seals kept here."""

    def picture(self, organisation: str) -> str:
        return seal_picture(organisation)

    def seal(self, pdf: bytes, organisation: str, reason: str) -> bytes:
        return seal_pdf(pdf, organisation, reason)

    def verify(self, pdf: bytes) -> SealReport:
        return verify_pdf(pdf)


set_sealer(CitySealer())
entry_check(check_certificate)
entry_check(check_rights)
actor_loader("staff")(guarded_staff_actor)
connection_created.connect(watch, dispatch_uid="trust.watch")
watch(connection=connection)
