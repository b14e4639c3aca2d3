"""Tables of identity: one file an aggregate."""

from anju.identity.models.accounts import Account, AccountState
from anju.identity.models.organisations import Organisation, OrganisationKind
from anju.identity.models.roles import Role
from anju.identity.models.sessions import Captcha, Session

__all__ = ["Account", "AccountState", "Captcha", "Organisation", "OrganisationKind", "Role", "Session"]
