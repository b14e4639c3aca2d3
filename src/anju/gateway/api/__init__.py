"""Operations of the gateway: for parties under `/open`, for the office under `/gateway`."""

from anju.gateway.api.identity import routes as identity
from anju.gateway.api.office import published
from anju.gateway.api.office import routes as office
from anju.gateway.api.tokens import routes as tokens

routes = [tokens, identity, published, office]
