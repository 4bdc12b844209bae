"""Serve: one process or several, over one database that stays up while they do."""

from __future__ import annotations

import os

import uvicorn

from fiel.domain.language import DEFAULT_LANGUAGE, say
from fiel.platform.database import database_url
from fiel.platform.first_account import first_account_notice
from fiel.platform.isolation import isolation_notice
from fiel.platform.migrate import migrate
from fiel.platform.settings.mail import mailers
from fiel.platform.unavailable import progress_in, tell_on_standard_error

_APPLICATION = "fiel.platform.asgi:application"

# A worker on a busy machine needs a while to start; to kill it then and start another would go
# round for ever.
_SECONDS_TO_SHOW_LIFE = 60


def serve(*, host: str, port: int, workers: int, language: str = DEFAULT_LANGUAGE) -> None:
    """Serve the API and the pages until the process is told to stop."""
    with database_url(progress=progress_in(language)) as url:
        # Once, before the workers start: each then finds the database up to date.
        if notice := isolation_notice(migrate(url)):
            tell_on_standard_error(say(language, notice))
        mailers()  # what cannot be read is said now, and not by each worker
        if start := first_account_notice(url, host=host, port=port, language=language):
            tell_on_standard_error(start)
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
                timeout_worker_healthcheck=_SECONDS_TO_SHOW_LIFE,
            )
        finally:
            if before is None:
                del os.environ["DATABASE_URL"]
            else:
                os.environ["DATABASE_URL"] = before
