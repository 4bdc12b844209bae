"""Django's migrations, applied to a database that is named by its connection string."""

from __future__ import annotations

import os

import django
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler


def apply_migrations(url: str) -> None:
    """Apply what is missing of every application's migrations."""
    set_django_up()
    # Of Django's settings only; they read the secret key and look for a running server.
    from fiel.platform.settings.database import django_database  # noqa: PLC0415

    # For this thread alone, Django's default connection is to this database.
    connection = ConnectionHandler({"default": django_database(url)})["default"]
    connections["default"] = connection
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    finally:
        del connections["default"]
        connection.close()


def set_django_up() -> None:
    """Load Django with Fiel's settings; again does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fiel.platform.settings")
    django.setup()
