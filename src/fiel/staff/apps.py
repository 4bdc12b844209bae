"""Tells Django about the staff room."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The staff room as a Django application."""

    name = "fiel.staff"
    label = "staff"
