"""Two servers over one database, as a chain with two machines has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import opens_shop, server, shop
from tests.api.server import running_server

__all__ = ["opens_shop", "other_server", "server", "shop"]


@pytest.fixture(scope="session")
def other_server(worker_database_url: str) -> Iterator[str]:
    """The URL of a second server over the same database."""
    with running_server(worker_database_url) as url:
        yield url
