"""Operations of trust: certificates, integrity, keys."""

from anju.trust.api.certificates import routes as certificates
from anju.trust.api.integrity import routes as integrity
from anju.trust.api.keys import routes as keys

routes = [certificates, integrity, keys]
