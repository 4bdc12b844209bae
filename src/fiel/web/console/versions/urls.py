"""Where the pages of this part of the console are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.versions import deciding, publishing, views

urlpatterns = [
    path("versions/", views.versions, name="versions"),
    path("versions/publish/", publishing.publish, name="publish"),
    path("versions/<int:number>/", views.version, name="version"),
    path("versions/<int:number>/decided/", deciding.decided, name="version-decided"),
    path("versions/<int:number>/return/", views.return_to, name="version-return"),
    path("versions/waiting/<uuid:scheduled_id>/", views.cancel, name="cancel-publication"),
]
