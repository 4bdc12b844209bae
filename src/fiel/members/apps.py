"""Tells Django about the members room."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The members room as a Django application."""

    name = "fiel.members"
    label = "members"
