"""The database as Django wants it named."""

from __future__ import annotations

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from fiel.platform.folders import data_folder

# Named when neither a server is configured nor the embedded one runs: pages that need no database
# work, and what needs one says which is missing.
_NONE = "postgresql://fiel@/fiel?host=/nonexistent/fiel-database-is-not-running"


def known_database_url() -> str:
    """DATABASE_URL, else the embedded server's if it runs; nothing is started."""
    return os.environ.get("DATABASE_URL") or _embedded_url() or _NONE


def _embedded_url() -> str | None:
    try:
        # Loaded late: what it stands on is not there on every system.
        from fiel.platform.postgres.server import running_url  # noqa: PLC0415
    except ImportError:
        return None
    return running_url(data_folder())


def django_database(url: str, *, engine: str = "django.db.backends.postgresql") -> dict[str, Any]:
    """One entry of Django's DATABASES for a connection string."""
    named = conninfo_to_dict(url)
    return {
        "ENGINE": engine,
        "NAME": named.pop("dbname", ""),
        "USER": named.pop("user", ""),
        "PASSWORD": named.pop("password", ""),
        "HOST": named.pop("host", ""),
        "PORT": named.pop("port", ""),
        "OPTIONS": dict(named),
        "CONN_HEALTH_CHECKS": True,
    }
