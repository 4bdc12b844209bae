"""Where the materials are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.materials import views

urlpatterns = [
    path("materials/", views.materials, name="materials"),
    path("materials/<slug:design>.pdf", views.material_pdf, name="material-pdf"),
    path("materials/<slug:design>.png", views.material_png, name="material-png"),
    path("materials/email/", views.email, name="materials-email"),
    path("materials/email.html", views.email_html, name="materials-email-html-download"),
]
