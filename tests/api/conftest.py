"""A server for the whole run, and a shop for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.api.server import running_server
from tests.api.shop import Shop
from tests.support.program import CAFE_SOL


@pytest.fixture(scope="session")
def server(worker_database_url: str) -> Iterator[str]:
    """The URL of a server over this worker's database."""
    with running_server(worker_database_url) as url:
        yield url


@pytest.fixture
def opens_shop(server: str, database_url: str) -> Iterator[Callable[[str], Shop]]:
    """Opens shops, each with a program of its own."""
    shops: list[Shop] = []

    def open_one(document: str = CAFE_SOL, *, sandbox: bool = False) -> Shop:
        shops.append(Shop(server, database_url, document, sandbox=sandbox))
        return shops[-1]

    yield open_one
    for shop in shops:
        shop.close()


@pytest.fixture
def shop(opens_shop: Callable[[], Shop]) -> Shop:
    """The Café Sol."""
    return opens_shop()
