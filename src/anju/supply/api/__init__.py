"""Operations of supply that no block gives, one module a part of it."""

from anju.supply.api import board, comparing, information, projects, public, publishing

routes = [
    board.board, comparing.comparing, public.public, publishing.publishing, publishing.reshaping,
    information.information, information.charts, projects.public_projects,
]  # fmt: skip
