"""Where the pages of the console are, below the program's slug."""

from __future__ import annotations

from django.urls import include, path

from fiel.web.ui.jobs import job_page

app_name = "console"
_AREAS = (
    "home", "start", "designer", "versions", "simulate", "members", "offers", "segments",
    "reports", "alerts", "staff", "tills", "settings", "materials",
)  # fmt: skip
urlpatterns = [
    path("jobs/<uuid:job_id>/", job_page, name="job"),
    *(path("", include(f"fiel.web.console.{area}.urls")) for area in _AREAS),
]
