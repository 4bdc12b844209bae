"""Where the pages of alerts are."""

from __future__ import annotations

from django.urls import URLPattern, path

from fiel.web.console.alerts import views

urlpatterns: list[URLPattern] = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/look/", views.look, name="alerts-look"),
    path("alerts/<uuid:alert_id>/", views.alert, name="alert"),
    path("alerts/<uuid:alert_id>/course/", views.alert_course, name="alert-course"),
    path("alerts/<uuid:alert_id>/see/", views.see, name="alert-see"),
    path("alerts/<uuid:alert_id>/close/", views.close, name="alert-close"),
]
