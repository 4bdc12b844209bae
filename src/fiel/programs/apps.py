"""Tells Django about the programs room."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """The programs room as a Django application."""

    name = "fiel.programs"
    label = "programs"
