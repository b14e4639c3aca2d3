"""Tables of identity: one file an aggregate."""

from anju.identity.models.account_applications import (
    AccountApplication,
    AccountApplicationState,
    AccountClass,
    AccountFlow,
)
from anju.identity.models.accounts import Account, AccountState
from anju.identity.models.applications import Application, ApplicationState
from anju.identity.models.grants import Grant, Substitution
from anju.identity.models.increments import Increment
from anju.identity.models.menus import FunctionKind, FunctionPoint, MenuItem
from anju.identity.models.openid import AppClient, AppConsent, AppLogin, AppToken, ClientKind, SigningKey
from anju.identity.models.organisations import ChangeKind, Organisation, OrganisationChange, OrganisationKind
from anju.identity.models.passwords import OldPassword
from anju.identity.models.permissions import Duty
from anju.identity.models.policy import PasswordProfile, SecurityPolicy
from anju.identity.models.posts import AccountPost, Post
from anju.identity.models.roles import AccountRole, Role
from anju.identity.models.second_factor import Passkey, RecoveryCode, Ticket, TicketPurpose, Totp
from anju.identity.models.sessions import Captcha, Session
from anju.identity.models.shipped import ShippedRight, ShippedState
from anju.identity.models.sso import Audience, ExternalIdentity, Protocol, Provider, SsoAttempt

__all__ = [
    "Account",
    "AccountApplication",
    "AccountApplicationState",
    "AccountClass",
    "AccountFlow",
    "AccountPost",
    "AccountRole",
    "AccountState",
    "AppClient",
    "AppConsent",
    "AppLogin",
    "AppToken",
    "Application",
    "ApplicationState",
    "Audience",
    "Captcha",
    "ChangeKind",
    "ClientKind",
    "Duty",
    "ExternalIdentity",
    "FunctionKind",
    "FunctionPoint",
    "Grant",
    "Increment",
    "MenuItem",
    "OldPassword",
    "Organisation",
    "OrganisationChange",
    "OrganisationKind",
    "Passkey",
    "PasswordProfile",
    "Post",
    "Protocol",
    "Provider",
    "RecoveryCode",
    "Role",
    "SecurityPolicy",
    "Session",
    "ShippedRight",
    "ShippedState",
    "SigningKey",
    "SsoAttempt",
    "Substitution",
    "Ticket",
    "TicketPurpose",
    "Totp",
]
