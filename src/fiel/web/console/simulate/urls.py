"""Where the pages of this part of the console are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.simulate import reviewing, views

urlpatterns = [
    path("simulation/", views.simulate, name="simulate"),
    path("review/", reviewing.review, name="review"),
    path("review/owed/", reviewing.owed, name="review-owed"),
]
