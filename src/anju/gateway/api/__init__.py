"""Operations of the gateway: for parties under `/open`, for the office under `/gateway`."""

from anju.gateway.api.identity import routes as identity
from anju.gateway.api.tokens import routes as tokens

routes = [tokens, identity]
