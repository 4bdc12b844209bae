"""What the console has: its sections, each for whoever may see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from fiel.staff.memberships import Membership
from fiel.staff.roles import Right


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the menu names."""

    title: str
    icon: str
    page: str
    right: Right


@dataclass(frozen=True, slots=True)
class Link:
    """A place as the menu shows it to somebody."""

    title: str
    icon: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Places that belong together."""

    title: str
    links: tuple[Link, ...]


_SECTIONS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(gettext_noop("Home"), "home", "home", Right.SEE_HOME),
            Place(gettext_noop("Members"), "users", "members", Right.SEE_MEMBERS),
        ),
    ),
    (
        gettext_noop("Program"),
        (
            Place(gettext_noop("Designer"), "pencil", "designer", Right.SEE_PROGRAM),
            Place(gettext_noop("Review"), "clipboard-check", "review", Right.SEE_PROGRAM),
            Place(gettext_noop("Simulation"), "chart-dots", "simulate", Right.SEE_PROGRAM),
            Place(gettext_noop("Versions"), "history", "versions", Right.SEE_PROGRAM),
            Place(gettext_noop("Launch plan"), "rocket", "launch-plan", Right.SEE_PROGRAM),
        ),
    ),
    (
        gettext_noop("Offers"),
        (
            Place(gettext_noop("Rewards"), "gift", "rewards", Right.SEE_OFFERS),
            Place(gettext_noop("Coupons"), "ticket", "coupons", Right.SEE_OFFERS),
            Place(gettext_noop("Gift cards"), "gift-card", "gift-cards", Right.SEE_OFFERS),
            Place(gettext_noop("Promotions"), "speakerphone", "promotions", Right.SEE_OFFERS),
            Place(gettext_noop("Segments"), "chart-pie", "segments", Right.SEE_SEGMENTS),
        ),
    ),
    (
        gettext_noop("Measure"),
        (
            Place(gettext_noop("Reports"), "report-analytics", "reports", Right.SEE_REPORTS),
            Place(gettext_noop("Alerts"), "bell", "alerts", Right.SEE_ALERTS),
        ),
    ),
    (
        gettext_noop("Shop"),
        (
            Place(gettext_noop("Tills"), "device-tablet", "tills", Right.MANAGE_TILLS),
            Place(gettext_noop("Materials"), "photo", "materials", Right.MAKE_MATERIALS),
            Place(gettext_noop("Staff"), "id-badge-2", "staff", Right.MANAGE_STAFF),
            Place(gettext_noop("Approvals"), "checks", "approvals", Right.APPROVE_ADJUSTMENTS),
            Place(gettext_noop("API keys"), "key", "keys", Right.MANAGE_KEYS),
            Place(gettext_noop("Audit trail"), "list-search", "audit", Right.SEE_AUDIT),
            Place(gettext_noop("Settings"), "settings", "settings", Right.MANAGE_SETTINGS),
        ),
    ),
)


def sections_for(membership: Membership, slug: str, path: str) -> list[Section]:
    """The menu of a person; sections without a place for her are left out."""
    found = []
    menu = [
        (
            title,
            [(place, url_of(place.page, slug)) for place in places if membership.may(place.right)],
        )
        for title, places in _SECTIONS
    ]
    # The page is where the longest address leads that it begins with: every page begins with home.
    best = max(
        (len(url) for _, here in menu for _, url in here if url and path.startswith(url)), default=0
    )
    for title, here in menu:
        links = tuple(
            Link(gettext(place.title), place.icon, url, bool(best) and _is_here(url, path, best))
            for place, url in here
            if url
        )
        if links:
            found.append(Section(gettext(title) if title else "", links))
    return found


def _is_here(url: str, path: str, best: int) -> bool:
    return path.startswith(url) and len(url) == best


def url_of(page: str, slug: str) -> str:
    """Where a page of the console is; empty while nobody has built it."""
    try:
        return reverse(f"console:{page}", args=[slug])
    except NoReverseMatch:
        return ""
