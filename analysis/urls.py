"""Addresses of the analyses, below /reviews/<slug>/."""

from django.urls import path, re_path

from . import auditing, views, views_bias

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
    re_path(
        r"^risk-of-bias/(?P<appraisal_pk>\d+)/(?P<kind>traffic|summary)\.(?P<file_format>svg|pdf|png)$",
        views_bias.picture,
        name="bias_picture",
    ),
    path("risk-of-bias/<int:appraisal_pk>/robvis.csv", views_bias.robvis_csv, name="robvis"),
    path("risk-of-bias/<int:appraisal_pk>/import/", views_bias.robvis_import, name="robvis_import"),
]
