"""Which page answers at which address."""

from __future__ import annotations

from django.urls import path

from fiel.web import views

urlpatterns = [
    path("", views.programs, name="programs"),
    path("programs/<slug:slug>/", views.program_page, name="program"),
]
