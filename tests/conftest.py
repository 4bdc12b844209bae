"""Fixtures for every test: a real database, shared by the workers, clean for each test."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fiel.platform.database import Database, open_database
from tests.support.database import TestDatabases, empty_all_tables, test_server
from tests.support.servers import remove

# Kept from one run to the next: starting on it takes a fifth of a second. Root's is apart.
# While tests are collected already: settings make a secret key where the data folder is.
os.environ["FIEL_DATA"] = tempfile.mkdtemp(prefix="fiel-collecting-")
# No test asks anybody for a certificate. To read all that this machine trusts takes each client of
# HTTP 25 ms: they find an empty folder instead.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.environ["FIEL_DATA"]

TEST_DATA = Path(tempfile.gettempdir()) / f"fiel-tests-{os.geteuid()}"


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the data folder of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("fiel-data")
        patch.setenv("FIEL_DATA", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        yield
        remove(folder)


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    """Django keeps a line for each thread: none to one test's database is left for the next."""
    yield
    conf = sys.modules.get("django.conf")
    if conf is not None and conf.settings.configured:
        from django.db import connections

        for line in connections.all(initialized_only=True):
            line.close()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the product does."""
    return "asyncio"


@pytest.fixture(scope="session")
def databases() -> Iterator[TestDatabases]:
    """Makes databases on the tests' server: `databases.new()`; dropped after the last test."""
    with test_server(TEST_DATA) as url:
        made = TestDatabases(url, TEST_DATA)
        made.drop_left_over()
        yield made
        made.drop_all()


@pytest.fixture(scope="session")
def worker_database_url(databases: TestDatabases) -> str:
    """The database of this test process; not cleaned."""
    return databases.new()


@pytest.fixture
def database_url(worker_database_url: str) -> str:
    """A migrated database in which every table is empty."""
    empty_all_tables(worker_database_url)
    return worker_database_url


@pytest.fixture
async def database(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    """An open `Database` in which every table is empty."""
    async with open_database(database_url, connections=8) as opened:
        yield opened
