"""Take the pictures: the console, accounts, the member's pages, the till, what anybody sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from fiel.web.portal.guest import COOKIE
from tests.support.chromium import opened_chromium
from tests.web.picturing.at_the_till import views_of_till
from tests.web.picturing.furnished import furnished
from tests.web.picturing.walking import walked
from tests.web.portal.cast import guest, session_of, signed_in
from tests.web.stage import NARROW, WIDE, Stage, barriers, is_as_wide_as_its_screen


@dataclass(frozen=True, slots=True)
class View:
    """How a page is looked at."""

    label: str
    viewport: dict[str, int]
    language: str
    scheme: str


VIEWS = (
    View("wide", WIDE, "es", "light"),
    View("narrow", NARROW, "en", "light"),
    View("wide-dark", WIDE, "en", "dark"),
    View("narrow-dark", NARROW, "es", "dark"),
)


@dataclass
class Taken:
    """What was taken, and what is wrong with what was seen."""

    pictures: int = 0
    wrong: list[str] = field(default_factory=list)


def take_all(database_url: str, folder: Path, *, only: str = "", views: str = "") -> Taken:
    """Take a picture of each page in each view, and see whom it would keep out."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = Taken()
    with furnished(database_url) as stage, opened_chromium() as browser, ExitStack() as closing:
        stage.browser = browser
        # Pages close before their browser does.
        closing.callback(_close, stage, taken)
        chosen = [view for view in VIEWS if not views or view.label in views.split(",")]
        faces = list(_faces(stage))
        for view in chosen:
            for role, cookie, pages in faces:
                page = _page(stage, view, role, cookie)
                for name, path in pages.items():
                    if only in name:
                        page.goto(f"{stage.address}{path}")
                        _take(page, folder, f"{name}-{view.label}", taken)
            if only in "till":
                page = _page(stage, view, None, None)
                for name in views_of_till(stage, page, view.label):
                    _take(page, folder, f"till-{name}-{view.label}", taken)
    return taken


def _faces(stage: Stage) -> Iterator[tuple[str | None, str | None, dict[str, str]]]:
    """Who looks, with which cookie, at which pages."""
    console = f"/console/{stage.slug}/"
    # Of the members Ana has something on every part of her page; a merge is behind a search.
    ana, berta = (f"{console}members/{stage.shop.members[who]}/" for who in ("ana", "berta"))
    merging = f"{ana}merge/{berta.rstrip('/').rpartition('/')[2]}/"
    yield "owner", None, walked(stage.client("owner"), [ana, merging, console], within=console)
    yield "owner", None, walked(stage.client("owner"), ["/accounts/"], within="/accounts/")
    yield (
        None,
        session_of(stage, "ana"),
        walked(signed_in(stage, "ana"), [f"/m/{stage.slug}/"], within="/m/"),
    )
    strangers = [f"/m/{stage.slug}/"]
    known = walked(guest(stage), strangers, within="/m/")
    yield None, None, {f"stranger-{name}": path for name, path in known.items()}
    nobody = stage.client(None)
    known = walked(nobody, ["/accounts/login/", "/programs/"], within="/")
    known["not-found"] = "/nowhere/"
    yield None, None, {f"nobody-{name}": path for name, path in known.items()}


def _page(stage: Stage, view: View, role: str | None, cookie: str | None) -> Page:
    page = stage.page(
        role, viewport=view.viewport, language=view.language, scheme=view.scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    if cookie is not None:
        told: Any = {"name": COOKIE, "value": cookie, "url": stage.address}
        page.context.add_cookies([told])
    return page


def _take(page: Page, folder: Path, name: str, taken: Taken) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    taken.pictures += 1
    if not is_as_wide_as_its_screen(page):
        taken.wrong.append(f"{name}: wider than its screen")
    taken.wrong.extend(f"{name}: {code}: {where[:2]}" for code, _help, where in barriers(page))


def _close(stage: Stage, taken: Taken) -> None:
    try:
        stage.close_pages()
    except AssertionError as complaint:
        taken.wrong.append(f"a page complained: {complaint}")
