"""Where the pages of this part of the console are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.settings import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/preview/", views.preview, name="brand-preview"),
]
