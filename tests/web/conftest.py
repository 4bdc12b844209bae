"""Fixtures for pages: the stage, served once for a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from fiel.platform.schema import set_django_up
from tests.support.chromium import opened_chromium
from tests.support.database import TestDatabases
from tests.web.stage import NARROW, WIDE, Stage, staged

# Pages can be imported only once Django knows its settings.
set_django_up()


@pytest.fixture(scope="module")
def served_stage(databases: TestDatabases) -> Iterator[Stage]:
    """The Café Sol, served, for the tests of a module."""
    with staged(databases.new()) as stage:
        yield stage


@pytest.fixture
def stage(served_stage: Stage) -> Iterator[Stage]:
    """The stage; what a test opens on it is closed, and must not have complained."""
    yield served_stage
    served_stage.close_pages()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser, for the tests of a module."""
    with opened_chromium() as browser:
        yield browser


@pytest.fixture
def browsing(stage: Stage, chromium: Browser) -> Stage:
    """The stage with a browser to look at it."""
    stage.browser = chromium
    return stage


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    """A laptop's screen, and a phone's."""
    size: dict[str, int] = request.param
    return size
