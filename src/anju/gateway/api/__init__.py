"""Operations of the gateway: for parties under `/open`, for the office under `/gateway`."""

from anju.gateway.api.tokens import routes as tokens

routes = [tokens]
