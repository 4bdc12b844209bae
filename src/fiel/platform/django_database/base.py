"""Django's engine for PostgreSQL, which asks at each connection where the database is."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg.conninfo import conninfo_to_dict

from fiel.platform.django_database import served_role, served_url


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to what the process serves; what settings name is used before it does."""

    _connected_to: str | None = None

    def ensure_connection(self) -> None:
        """Connect, also anew when the process has come to serve another database."""
        if self.connection is not None and self._connected_to != served_url():
            self.close()
        super().ensure_connection()

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect to now."""
        params: dict[str, Any] = super().get_connection_params()
        url = self._connected_to = served_url()
        if url is None:
            return params
        for name in ("dbname", "user", "password", "host", "port"):
            params.pop(name, None)
        return params | dict(conninfo_to_dict(url))

    def init_connection_state(self) -> None:
        """Take the application's role once the connection is made."""
        super().init_connection_state()
        role = served_role()
        if role is not None:
            with self.connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {role}")
