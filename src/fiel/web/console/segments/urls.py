"""Where the pages of segments are; what is no id of one stands behind a dash."""

from __future__ import annotations

from django.urls import URLPattern, path

from fiel.web.console.segments import trying, views

urlpatterns: list[URLPattern] = [
    path("segments/", views.segments, name="segments"),
    path("segments/-/sizes/", views.sizes, name="segments-part"),
    path("segments/-/try/", trying.trying, name="segment-try"),
    path("segments/-/try/found/", trying.tried, name="segment-try-part"),
    path("segments/-/add/", trying.add, name="segment-add"),
    path("segments/<str:segment_id>/", views.segment, name="segment"),
    path("segments/<str:segment_id>/figures/", views.segment_part, name="segment-part"),
]
