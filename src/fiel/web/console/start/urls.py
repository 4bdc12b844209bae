"""Where the pages of this part of the console are."""

from __future__ import annotations

from django.urls import path

from fiel.web.console.start import choosing, launching, overview, result, sales

urlpatterns = [
    path("start/", overview.overview, name="start"),
    path("start/questions/", choosing.questions, name="start-questions"),
    path("start/sales/", sales.sales, name="start-sales"),
    path("start/sales/<uuid:upload_id>/", sales.mapping, name="start-mapping"),
    path("start/connect/", sales.connect, name="start-connect"),
    path("start/result/", result.result, name="start-result"),
    path("start/simulate/", result.simulate, name="start-simulate"),
    path("launch/", launching.plan, name="launch-plan"),
    path("launch/add/", launching.add, name="launch-add"),
    path("launch/<slug:code>/", launching.change, name="launch-step"),
]
