"""Tells Django about the rewards room."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """The rewards room as a Django application."""

    name = "fiel.rewards"
    label = "rewards"
