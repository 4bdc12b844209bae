"""Where people sign in and look after their own account."""

from __future__ import annotations

from django.urls import include, path

from fiel.web.accounts import joining, views

urlpatterns = [
    path("", views.account, name="account"),
    path("invitation/<str:secret>/", joining.join, name="invitation"),
    path("sessions/<int:session_id>/", views.end_session, name="end-session"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
