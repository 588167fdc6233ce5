"""Addresses of the analyses, below /reviews/<slug>/."""

from django.urls import path, re_path

from .views import analyses, auditing, bias, certainty, figures, plan, robustness

app_name = "analysis"

urlpatterns = [
    path("analyses/", analyses.index, name="index"),
    path("analyses/new/", analyses.new, name="new"),
    path("analyses/rerun/", analyses.rerun_all, name="rerun_all"),
    path("analyses/audit/", auditing.audit_published, name="audit"),
    path("analyses/plan/", plan.plan, name="plan"),
    path("analyses/plan/freeze/", plan.freeze, name="freeze"),
    path("analyses/<int:spec_pk>/", analyses.analysis, name="analysis"),
    path("analyses/<int:spec_pk>/edit/", analyses.edit, name="edit"),
    path("analyses/<int:spec_pk>/rerun/", analyses.rerun, name="rerun"),
    path("analyses/<int:spec_pk>/studies/<int:study_pk>/", analyses.exclude, name="exclude"),
    path("analyses/runs/<int:run_pk>/", analyses.past_run, name="run"),
    path("analyses/runs/<int:run_pk>/robustness/", robustness.robustness, name="robustness"),
    path("analyses/runs/<int:run_pk>/studies/<int:study_pk>/", analyses.lineage, name="lineage"),
    path("analyses/runs/<int:run_pk>/figures/", figures.gallery, name="figures"),
    re_path(
        r"^analyses/runs/(?P<run_pk>\d+)/(?P<name>[a-z]+)\.(?P<file_format>svg|pdf|png|eps|tiff)$",
        figures.run_picture,
        name="run_picture",
    ),
    path("analyses/runs/<int:run_pk>/bundle.zip", figures.bundle, name="bundle"),
    path("analyses/bundle.zip", figures.whole_bundle, name="whole_bundle"),
    re_path(
        r"^risk-of-bias/(?P<appraisal_pk>\d+)/(?P<kind>traffic|summary)\.(?P<file_format>svg|pdf|png)$",
        bias.picture,
        name="bias_picture",
    ),
    path("risk-of-bias/<int:appraisal_pk>/robvis.csv", bias.robvis_csv, name="robvis"),
    path("risk-of-bias/<int:appraisal_pk>/import/", bias.robvis_import, name="robvis_import"),
    path("certainty/", certainty.summary, name="certainty"),
    path("certainty/add/", certainty.add, name="certainty_add"),
    path("certainty/<int:profile_pk>/", certainty.profile, name="profile"),
    path("certainty/<int:profile_pk>/judge/", certainty.judge, name="judge"),
    path("certainty/<int:profile_pk>/settings/", certainty.settings, name="profile_settings"),
    re_path(
        r"^certainty/summary-of-findings\.(?P<file_format>docx|csv)$",
        certainty.download,
        name="certainty_file",
    ),
    re_path(
        r"^risk-of-bias/(?P<appraisal_pk>\d+)/forest-(?P<spec_pk>\d+)\.(?P<file_format>svg|pdf|png)$",
        bias.forest,
        name="bias_forest",
    ),
]
