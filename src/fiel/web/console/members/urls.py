"""Where the pages of this part of the console are."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
