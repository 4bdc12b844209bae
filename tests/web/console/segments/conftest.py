"""The Café Sol with a segment, served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.database import TestDatabases
from tests.web.console.offers.program import OFFERS_PROGRAM
from tests.web.stage import Stage, staged


@pytest.fixture(scope="module")
def served_stage(databases: TestDatabases) -> Iterator[Stage]:
    """The Café Sol with a segment, for the tests of a module."""
    with staged(databases.new(), document=OFFERS_PROGRAM) as stage:
        yield stage
