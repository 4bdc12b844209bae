"""Where the pages about tills and cashiers are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.tills import cashiers, devices, shared, waiting

urlpatterns = [
    path("tills/", devices.tills, name="tills"),
    path("tills/new/", devices.new_till, name="till-new"),
    path("tills/cashiers/", cashiers.cashiers, name="cashiers"),
    path("tills/cashiers/new/", cashiers.new_cashier, name="cashier-new"),
    path("tills/cashiers/<uuid:cashier_id>/", cashiers.cashier, name="cashier"),
    path("tills/cashiers/<uuid:cashier_id>/pin/", cashiers.new_pin, name="cashier-pin"),
    path("tills/cashiers/<uuid:cashier_id>/active/", cashiers.activity, name="cashier-active"),
    path("tills/waiting/", waiting.waiting, name="tills-waiting"),
    path("tills/waiting/<uuid:redemption_id>/approve/", waiting.approve, name="queued-approve"),
    path("tills/waiting/<uuid:redemption_id>/refuse/", waiting.refuse, name="queued-refuse"),
    path("tills/settings/", shared.till_sharing, name="tills-settings"),
    path("tills/<uuid:device_id>/", devices.till, name="till-device"),
    path("tills/<uuid:device_id>/pair/", devices.pair, name="till-pairing"),
    path("tills/<uuid:device_id>/revoke/", devices.revoke, name="till-revoke"),
]
