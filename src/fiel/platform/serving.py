"""Serve: one process or several, over one database that stays up while they do."""

from __future__ import annotations

import os

import psycopg
import uvicorn

from fiel.domain.language import DEFAULT_LANGUAGE, N_, say
from fiel.platform.database import database_url
from fiel.platform.first_account import first_account_notice
from fiel.platform.folders import secret_key
from fiel.platform.isolation import isolation_notice
from fiel.platform.migrate import migrate
from fiel.platform.settings.mail import mailers
from fiel.platform.unavailable import progress_in, tell_on_standard_error
from fiel.staff.first_run import first_run_token

_APPLICATION = "fiel.platform.asgi:application"

# A worker on a busy machine needs a while to start; to kill it then and start another would go
# round for ever.
_SECONDS_TO_SHOW_LIFE = 60


def first_run_address(url: str, *, host: str, port: int) -> str | None:
    """Where the first account is made, with the token that lets others than this machine do it.

    None once there is an account.
    """
    with psycopg.connect(url) as owner:
        row = owner.execute("SELECT EXISTS (SELECT FROM staff_user)").fetchone()
    if row is None or row[0]:
        return None
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - it is only told
    name = f"[{shown}]" if ":" in shown else shown
    return f"http://{name}:{port}/start/?token={first_run_token(secret_key())}"


def serve(*, host: str, port: int, workers: int, language: str = DEFAULT_LANGUAGE) -> None:
    """Serve the API and the pages until the process is told to stop."""
    with database_url(progress=progress_in(language)) as url:
        # Once, before the workers start: each then finds the database up to date.
        if notice := isolation_notice(migrate(url)):
            tell_on_standard_error(say(language, notice))
        mailers()  # what cannot be read is said now, and not by each worker
        if start := first_account_notice(url, host=host, port=port, language=language):
            tell_on_standard_error(start)
        if address := first_run_address(url, host=host, port=port):
            text = N_("Nobody has an account yet. Make the first one at {address}")
            tell_on_standard_error(say(language, text, address=address))
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
