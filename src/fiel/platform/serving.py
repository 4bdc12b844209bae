"""Serve: one process or several, over one database that stays up while they do."""

from __future__ import annotations

import os

import uvicorn

from fiel.platform.database import database_url
from fiel.platform.migrate import migrate
from fiel.platform.postgres.phases import Progress, say_nothing

_APPLICATION = "fiel.platform.asgi:application"


def serve(*, host: str, port: int, workers: int, progress: Progress = say_nothing) -> None:
    """Serve the API and the pages until the process is told to stop."""
    with database_url(progress=progress) as url:
        # Once, before the workers start: each then finds the database up to date.
        migrate(url)
        before = os.environ.get("DATABASE_URL")
        os.environ["DATABASE_URL"] = url
        try:
            uvicorn.run(
                _APPLICATION,
                host=host,
                port=port,
                workers=workers,
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=True,
            )
        finally:
            if before is None:
                del os.environ["DATABASE_URL"]
            else:
                os.environ["DATABASE_URL"] = before
