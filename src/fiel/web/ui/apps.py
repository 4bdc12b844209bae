"""Tells Django about the frame of the pages: its template tags."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The frame as a Django application."""

    name = "fiel.web.ui"
    label = "ui"
