"""Addresses of the analyses, below /reviews/<slug>/."""

from django.urls import path, re_path

from . import auditing, views

app_name = "analysis"

urlpatterns = [
    path("analyses/", views.index, name="index"),
    path("analyses/new/", views.new, name="new"),
    path("analyses/rerun/", views.rerun_all, name="rerun_all"),
    path("analyses/audit/", auditing.audit_published, name="audit"),
    path("analyses/<int:spec_pk>/", views.analysis, name="analysis"),
    path("analyses/<int:spec_pk>/edit/", views.edit, name="edit"),
    path("analyses/<int:spec_pk>/rerun/", views.rerun, name="rerun"),
    path("analyses/runs/<int:run_pk>/", views.past_run, name="run"),
    re_path(
        r"^analyses/runs/(?P<run_pk>\d+)/forest\.(?P<file_format>svg|pdf|png)$", views.figure, name="figure"
    ),
]
