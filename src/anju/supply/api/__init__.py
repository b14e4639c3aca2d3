"""Operations of supply that no block gives, one module a part of it."""

from anju.supply.api import board, public, publishing

routes = [board.board, public.public, publishing.publishing, publishing.reshaping]
