"""A shop and its columns: refreshed, read, made anew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from fiel.insights.columns.following import Refreshed, copy_of, refresh_columns
from fiel.insights.columns.opening import columns_of_copy
from fiel.platform.database import open_database
from fiel.programs.versions import Versions
from tests.api.shop import Shop

type Rows = list[dict[str, Any]]


@dataclass
class Followed:
    """The columns of a shop."""

    shop: Shop
    folder: Path

    def refresh(self, *, anew: bool = False, at_most: timedelta = timedelta(0)) -> Refreshed:
        """Bring them up to date."""
        return asyncio.run(self._refresh(anew=anew, at_most=at_most))

    async def _refresh(self, *, anew: bool, at_most: timedelta) -> Refreshed:
        async with open_database(self.shop.database_url, connections=1) as database:
            return await refresh_columns(
                database.connection,
                Versions(),
                self.shop.program_id,
                self.folder,
                anew=anew,
                at_most=at_most,
            )

    @property
    def copy(self) -> Path:
        """The folder of this program's copy."""
        return copy_of(self.shop.program_id, self.folder).folder

    def rows(self, table: str, *columns: str) -> Rows:
        """The rows of a table, all of its columns or some."""
        with columns_of_copy(self.copy) as opened:
            told = opened[table]
            read: Rows = (told.select(*columns) if columns else told).to_pyarrow().to_pylist()
            return read

    def bytes(self, *, plain: bool = False) -> bytes:
        """Everything that lies in the folder; `plain` unpacks the pages of its files."""
        files = [path for path in self.copy.rglob("*") if path.is_file()]
        told = b"".join(path.read_bytes() for path in files)
        if plain:
            for path in files:
                if path.suffix == ".parquet":
                    rows = pq.read_table(path).to_pylist()
                    told += repr(rows).encode()
        return told
