"""Where the pages of reports are."""

from __future__ import annotations

from django.urls import URLPattern, path

from fiel.web.console.reports import month_end, views

urlpatterns: list[URLPattern] = [
    path("reports/", views.reports, name="reports"),
    path("reports/month-end/", month_end.month_end, name="month-end"),
    path("reports/month-end/<str:month>/", month_end.closed_month, name="closed-month"),
    path("reports/<slug:name>/", views.report, name="report"),
    path("reports/<slug:name>/made/", views.report_made, name="report-made"),
    path("reports/<slug:name>/csv/", views.report_csv, name="report-csv"),
    path("reports/<slug:name>/job/", views.report_job, name="report-job"),
]
