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
            Place(gettext_noop("Home"), icon="home", page="home", right=Right.SEE_HOME),
            Place(gettext_noop("Members"), icon="users", page="members", right=Right.SEE_MEMBERS),
        ),
    ),
    (
        gettext_noop("Program"),
        (
            Place(
                gettext_noop("Designer"), icon="pencil", page="designer", right=Right.SEE_PROGRAM
            ),
            Place(
                gettext_noop("Review"),
                icon="clipboard-check",
                page="review",
                right=Right.SEE_PROGRAM,
            ),
            Place(
                gettext_noop("Simulation"),
                icon="chart-dots",
                page="simulate",
                right=Right.SEE_PROGRAM,
            ),
            Place(
                gettext_noop("Versions"), icon="history", page="versions", right=Right.SEE_PROGRAM
            ),
            Place(
                gettext_noop("Launch plan"),
                icon="rocket",
                page="launch-plan",
                right=Right.SEE_PROGRAM,
            ),
        ),
    ),
    (
        gettext_noop("Offers"),
        (
            Place(gettext_noop("Rewards"), icon="gift", page="rewards", right=Right.SEE_OFFERS),
            Place(gettext_noop("Coupons"), icon="ticket", page="coupons", right=Right.SEE_OFFERS),
            Place(
                gettext_noop("Gift cards"),
                icon="gift-card",
                page="gift-cards",
                right=Right.SEE_OFFERS,
            ),
            Place(
                gettext_noop("Promotions"),
                icon="speakerphone",
                page="promotions",
                right=Right.SEE_OFFERS,
            ),
            Place(
                gettext_noop("Segments"),
                icon="chart-pie",
                page="segments",
                right=Right.SEE_SEGMENTS,
            ),
        ),
    ),
    (
        gettext_noop("Measure"),
        (
            Place(
                gettext_noop("Reports"),
                icon="report-analytics",
                page="reports",
                right=Right.SEE_REPORTS,
            ),
            Place(gettext_noop("Alerts"), icon="bell", page="alerts", right=Right.SEE_ALERTS),
        ),
    ),
    (
        gettext_noop("Shop"),
        (
            Place(
                gettext_noop("Tills"), icon="device-tablet", page="tills", right=Right.MANAGE_TILLS
            ),
            Place(
                gettext_noop("Materials"),
                icon="photo",
                page="materials",
                right=Right.MAKE_MATERIALS,
            ),
            Place(gettext_noop("Staff"), icon="id-badge-2", page="staff", right=Right.MANAGE_STAFF),
            Place(
                gettext_noop("Approvals"),
                icon="checks",
                page="approvals",
                right=Right.APPROVE_ADJUSTMENTS,
            ),
            Place(gettext_noop("API keys"), icon="key", page="keys", right=Right.MANAGE_KEYS),
            Place(
                gettext_noop("Audit trail"), icon="list-search", page="audit", right=Right.SEE_AUDIT
            ),
            Place(
                gettext_noop("Settings"),
                icon="settings",
                page="settings",
                right=Right.MANAGE_SETTINGS,
            ),
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
    # The page is where the longest address leads that it begins with. Every page begins with home,
    # and one that belongs nowhere is not home.
    best = max(
        (
            len(url)
            for _, here in menu
            for place, url in here
            if url and path.startswith(url) and (place.page != "home" or path == url)
        ),
        default=0,
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
