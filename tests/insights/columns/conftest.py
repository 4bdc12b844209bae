"""A shop whose columns are followed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import opens_shop, server, shop
from tests.api.shop import Shop
from tests.insights.columns.following import Followed

__all__ = ["opens_shop", "server", "shop"]


@pytest.fixture
def follows(tmp_path: Path) -> Callable[[Shop], Followed]:
    """Follow a shop into a folder of its own."""

    def follow(of: Shop) -> Followed:
        return Followed(of, tmp_path / "columns")

    return follow


@pytest.fixture
def followed(shop: Shop, follows: Callable[[Shop], Followed]) -> Followed:
    """The Café Sol and its columns."""
    return follows(shop)
