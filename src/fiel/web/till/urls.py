"""Where the till's page and its doors are."""

from __future__ import annotations

from django.urls import path

from fiel.web.till import doors, sales, shell

urlpatterns = [
    path("", shell.till, name="till"),
    path("manifest.webmanifest", shell.manifest, name="till-manifest"),
    path("sw.js", shell.worker, name="till-worker"),
    path("pair", doors.pair, name="till-pair"),
    path("facts", doors.facts, name="till-facts"),
    path("sign-in", doors.sign_in, name="till-sign-in"),
    path("members", doors.members, name="till-members"),
    path("approve", doors.approve, name="till-approve"),
    path("sales", sales.sales, name="till-sales"),
    path("sales/<uuid:sale_id>", sales.sale, name="till-sale"),
    path("sales/<uuid:sale_id>/back-to-cards", sales.back_to_cards, name="till-back-to-cards"),
]
