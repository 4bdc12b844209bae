"""Where the pages of the first run, before anybody can sign in are."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
