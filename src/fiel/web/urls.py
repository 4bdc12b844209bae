"""Which page answers at which address."""

from __future__ import annotations

from django.urls import include, path

from fiel.web import views

urlpatterns = [
    path("", views.front, name="front"),
    path("programs/", views.programs, name="programs"),
    path("programs/<slug:slug>/", views.program_page, name="program"),
    path("demo/<slug:slug>/<str:face>/", views.step_in, name="step-in"),
    path("accounts/", include("fiel.web.accounts.urls")),
    path("console/<slug:slug>/", include("fiel.web.console.urls")),
    path("till/", include("fiel.web.till.urls")),
    path("m/<slug:slug>/", include("fiel.web.portal.urls")),
    path("", include("fiel.web.console.start.public_urls")),
]

handler500 = views.went_wrong
