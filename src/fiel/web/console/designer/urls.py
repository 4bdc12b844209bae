"""Where the pages of the designer are. What answers a part of a page is named so."""

from __future__ import annotations

from django.urls import URLPattern, path

from fiel.web.console.designer import beside, conditions, document, models, trying, views

urlpatterns: list[URLPattern] = [
    path("designer/", views.overview, name="designer"),
    path("designer/document/", document.document, name="designer-document"),
    path("designer/document/check/", document.check, name="designer-check-part"),
    path("designer/models/", models.models, name="designer-models"),
    path("designer/try/", trying.trying, name="designer-try"),
    path("designer/try/result/", trying.result, name="designer-try-part"),
    path("designer/discard/", views.discard, name="designer-discard"),
    path("designer/conditions/", conditions.rows, name="designer-rows-part"),
    path("designer/<slug:part>/", views.part, name="designer-part"),
    path("designer/<slug:part>/change/", views.change, name="designer-change"),
    path("designer/<slug:part>/beside/", beside.beside, name="designer-beside"),
    path("designer/<slug:part>/entry/<path:ref>/", views.entry, name="designer-entry"),
]
