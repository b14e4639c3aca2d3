"""Tables of identity: one file an aggregate."""

from anju.identity.models.accounts import Account, AccountState
from anju.identity.models.applications import Application, ApplicationState
from anju.identity.models.grants import Grant, Substitution
from anju.identity.models.increments import Increment
from anju.identity.models.menus import FunctionKind, FunctionPoint, MenuItem
from anju.identity.models.organisations import ChangeKind, Organisation, OrganisationChange, OrganisationKind
from anju.identity.models.passwords import OldPassword
from anju.identity.models.permissions import Duty
from anju.identity.models.policy import PasswordProfile, SecurityPolicy
from anju.identity.models.posts import AccountPost, Post
from anju.identity.models.roles import AccountRole, Role
from anju.identity.models.sessions import Captcha, Session

__all__ = [
    "Account",
    "AccountPost",
    "AccountRole",
    "AccountState",
    "Application",
    "ApplicationState",
    "Captcha",
    "ChangeKind",
    "Duty",
    "FunctionKind",
    "FunctionPoint",
    "Grant",
    "Increment",
    "MenuItem",
    "OldPassword",
    "Organisation",
    "OrganisationChange",
    "OrganisationKind",
    "PasswordProfile",
    "Post",
    "Role",
    "SecurityPolicy",
    "Session",
    "Substitution",
]
