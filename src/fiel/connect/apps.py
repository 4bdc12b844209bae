"""Tells Django about the room that connects."""

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    """The room that connects, as a Django application."""

    name = "fiel.connect"
    label = "connect"
