"""Where the home page and its parts are."""

from __future__ import annotations

from django.urls import URLPattern, path

from fiel.web.console.home import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("home/figures/", views.figures, name="home-figures-part"),
    path("home/goals/", views.goals, name="home-goals-part"),
    path("home/owed/", views.owed, name="home-owed-part"),
]
