"""Where the pages of the first run, before anybody can sign in are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.start import choosing, owner

urlpatterns = [
    path("start/", owner.first_run, name="first-run"),
    path("start/new/", choosing.new_program, name="new-program"),
]
