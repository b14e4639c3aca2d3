"""Single sign-on as client: OpenID Connect and CAS (NF-03.5, JN-01.1).

A provider's word says who somebody is there (`Profile`); which account that is here is kept in `ExternalIdentity`. A
context whose people a provider signs in says how an account of its kind is found (`people`).
"""

from anju.identity.sso.people import Profile, people

__all__ = ["Profile", "people"]
