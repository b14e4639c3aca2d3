"""Operations of identity: signing in, one's own account, accounts in one's charge, the rules for them."""

from anju.identity.api.account_applications import routes as account_applications
from anju.identity.api.accounts import routes as accounts
from anju.identity.api.grants import routes as grants
from anju.identity.api.menus import routes as menus
from anju.identity.api.openid import routes as openid
from anju.identity.api.policy import routes as policy
from anju.identity.api.roles import routes as roles
from anju.identity.api.second_factor import routes as second_factor
from anju.identity.api.shipped import routes as shipped
from anju.identity.api.sign_in import routes as sign_in
from anju.identity.api.sso import routes as sso
from anju.identity.api.tree import routes as tree

routes = [
    sign_in,
    second_factor,
    sso,
    openid,
    accounts,
    account_applications,
    policy,
    tree,
    roles,
    shipped,
    grants,
    menus,
]
