"""Tells Django about the ledger room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger room as a Django application."""

    name = "fiel.ledger"
    label = "ledger"
