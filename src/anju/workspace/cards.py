"""Work views and their cards (SH-001): which views there are, whose they are, what stands on them.

A context declares cards and figures in its `cards.py`. A card's data function gets the actor and answers only with rows
within his reach, so that a view's figures cover exactly its area: the city's clerk has all districts, a district's his own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from anju.kernel.errors import DomainError, Forbidden, NotFound
from anju.kernel.scope import Actor
from anju.workspace.models import Layout

WIDTHS = (4, 6, 8, 12)
Data = Callable[[Actor], dict[str, Any]]


@dataclass(frozen=True)
class Card:
    """A card: `kind` says how the page draws it (figures, links, rows, trend, todo, steps, messages, notices, share).

    `right` opens it (empty: everybody's); `width` of twelve columns is what it has by default.
    """

    key: str
    title: str
    kind: str
    data: Data
    right: str = ""
    width: int = 4


@dataclass(frozen=True)
class Figure:
    """One figure of the strip on top: a number within the actor's reach, and where its rows are."""

    key: str
    title: str
    right: str
    of: Callable[[Actor], dict[str, Any]]
    order: int = 50


@dataclass(frozen=True)
class Entrance:
    """A way into a piece of work, shown to those who hold `right`."""

    title: str
    icon: str
    path: str
    right: str


@dataclass(frozen=True)
class View:
    """A work view. It is opened with its own right only, which a role brings (SH-001.8); without one it is everybody's."""

    key: str
    title: str
    right: str
    entrances: tuple[Entrance, ...]
    cards: tuple[str, ...]


CARDS: dict[str, Card] = {}
FIGURES: dict[str, Figure] = {}
VIEWS: dict[str, View] = {}


def declare_card(card: Card) -> Card:
    """Puts a card into service."""
    if card.width not in WIDTHS:
        raise ImproperlyConfigured(f"card {card.key}: width {card.width} is none of {WIDTHS}")
    CARDS[card.key] = card
    return card


def figure(key: str, title: str, *, right: str, order: int = 50) -> Callable[[Data], Data]:
    """Declares a figure; its function gives `value`, and perhaps `unit`, `note`, `tone`, `link`."""

    def register(of: Data) -> Data:
        FIGURES[key] = Figure(key, title, right, of, order)
        return of

    return register


def declare_view(view: View) -> View:
    """Puts a work view into service."""
    VIEWS[view.key] = view
    return view


def views_of(actor: Actor) -> list[View]:
    """The views that belong to a person's roles."""
    return [view for view in VIEWS.values() if not view.right or actor.may(view.right)]


def open_view(key: str, actor: Actor) -> View:
    """A view of one's own. Raises `NotFound` for none such, `Forbidden` for one of another role (SH-001.8)."""
    if key not in VIEWS:
        raise NotFound("没有这个工作视图", code="view.unknown")
    view = VIEWS[key]
    if view.right and not actor.may(view.right):
        raise Forbidden(
            f"{view.title}不属于你的岗位",
            code="view.not_yours",
            advice="请从工作台进入自己的视图",
            details={"right": view.right},
        )
    return view


def allowed(card: Card, actor: Actor) -> bool:
    """Whether a person may have a card."""
    return not card.right or actor.may(card.right)


def arranged(view: View, actor: Actor) -> list[dict[str, Any]]:
    """The cards as the person arranged them, else the view's own; those no longer his are left out."""
    kept = Layout.objects.filter(person_ref=actor.ref, view=view.key).first()
    wanted = kept.cards if kept else [{"key": key, "width": CARDS[key].width} for key in view.cards if key in CARDS]
    return [
        {"key": each["key"], "width": each["width"], "title": CARDS[each["key"]].title, "kind": CARDS[each["key"]].kind}
        for each in wanted
        if each["key"] in CARDS and allowed(CARDS[each["key"]], actor)
    ]


def view_json(view: View, actor: Actor) -> dict[str, Any]:
    """A view with its cards, the cards that could be added, and its entrances."""
    cards = arranged(view, actor)
    shown = {card["key"] for card in cards}
    return {
        "key": view.key,
        "title": view.title,
        "views": [{"key": each.key, "title": each.title} for each in views_of(actor)],
        "cards": cards,
        "more": [
            {"key": card.key, "title": card.title, "kind": card.kind, "width": card.width}
            for card in CARDS.values()
            if card.key not in shown and allowed(card, actor)
        ],
        "entrances": [
            {"title": each.title, "icon": each.icon, "path": each.path}
            for each in view.entrances
            if not each.right or actor.may(each.right)
        ],
        "own": Layout.objects.filter(person_ref=actor.ref, view=view.key).exists(),
    }


def card_data(view: View, key: str, actor: Actor) -> dict[str, Any]:
    """What stands on a card now. Raises `NotFound` for one that does not exist or is not the person's."""
    card = CARDS.get(key)
    if card is None or not allowed(card, actor):
        raise NotFound("没有这张卡片", code="card.unknown")
    return card.data(actor)


def arrange(view: View, cards: Sequence[dict[str, Any]], actor: Actor) -> None:
    """Keeps how a person wants a view. Refuses unknown cards, doubles and impossible widths."""
    keys = [each["key"] for each in cards]
    known = all(key in CARDS and allowed(CARDS[key], actor) for key in keys)
    if not known or len(set(keys)) < len(keys) or any(each["width"] not in WIDTHS for each in cards):
        raise DomainError("卡片布局不对", code="view.bad_layout", field="cards", advice="请刷新页面后重新调整")
    kept = [{"key": each["key"], "width": each["width"]} for each in cards]
    Layout.objects.update_or_create(person_ref=actor.ref, view=view.key, defaults={"cards": kept})


def reset(view: View, actor: Actor) -> None:
    """Goes back to the view's own cards."""
    Layout.objects.filter(person_ref=actor.ref, view=view.key).delete()


def figures(actor: Actor) -> dict[str, Any]:
    """The figures that a person's rights open, in order."""
    shown = sorted((each for each in FIGURES.values() if actor.may(each.right)), key=lambda each: each.order)
    return {"figures": [{"key": each.key, "title": each.title, **each.of(actor)} for each in shown]}
