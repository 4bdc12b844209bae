"""Pictures of every page, for eyes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from django.urls import NoReverseMatch, reverse

from tests.support.chromium import opened_chromium
from tests.web.pages import console_pages
from tests.web.stage import NARROW, WIDE, Stage, staged

VIEWS = (
    ("wide", WIDE, "es", "light"),
    ("narrow", NARROW, "en", "light"),
    ("wide-dark", WIDE, "en", "dark"),
    ("narrow-dark", NARROW, "es", "dark"),
)


def take_all(database_url: str, folder: Path, *, only: str = "") -> int:
    """Take a picture of each page in each view; how many there are then."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with staged(database_url) as stage, opened_chromium() as browser, ExitStack() as closing:
        stage.browser = browser
        # Pages close before their browser does.
        closing.callback(stage.close_pages)
        for label, size, language, scheme in VIEWS:
            page = stage.page("owner", viewport=size, language=language, scheme=scheme)
            for name, path in pages(stage):
                if only not in name:
                    continue
                page.goto(f"{stage.address}{path}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=folder / f"{name}-{label}.png", full_page=True)
                taken += 1
    return taken


def pages(stage: Stage) -> Iterator[tuple[str, str]]:
    """The name and the address of each page."""
    for name in console_pages():
        yield f"console-{name}", reverse(f"console:{name}", args=[stage.slug])
    if "ana" in stage.shop.members:
        member = stage.shop.members["ana"]
        for name in ("member", "member-adjust", "member-merge"):
            try:
                yield f"console-{name}", reverse(f"console:{name}", args=[stage.slug, member])
            except NoReverseMatch:
                continue
    yield "sign-in", "/accounts/login/"
    yield "portal", f"/m/{stage.slug}/"
    yield "till", "/till/"
