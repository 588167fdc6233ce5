"""Addresses of extraction and risk of bias, below /reviews/<slug>/."""

from django.urls import path

from .views import (
    agreement,
    assess,
    bias,
    entry,
    form_builder,
    rows,
    sheets,
    studies,
    tables,
    tool_builder,
)

app_name = "extraction"

urlpatterns = [
    path("extraction/", entry.index, name="index"),
    path("extraction/table/", tables.table, name="table"),
    path("extraction/results.csv", tables.table_csv, name="table_csv"),
    path("extraction/characteristics/", tables.characteristics_page, name="characteristics"),
    path("extraction/download/<slug:name>.<slug:form>", tables.download, name="download"),
    path("extraction/agreement/", agreement.agreement_page, name="field_agreement"),
    path("extraction/import/", sheets.import_page, name="import_sheet"),
    path("extraction/vocabulary/", tables.vocabulary, name="vocabulary"),
    path("extraction/form/", form_builder.form, name="form"),
    path("extraction/form/act/", form_builder.form_act, name="form_act"),
    path("extraction/form/<int:number>/", form_builder.form_version, name="form_version"),
    path("extraction/form/<int:number>/form.json", form_builder.form_json, name="form_json"),
    path("studies/<int:study_pk>/", studies.study, name="study"),
    path("extraction/<int:study_pk>/", entry.extract, name="extract"),
    path("extraction/<int:study_pk>/cells/", entry.cells, name="cells"),
    path("extraction/<int:study_pk>/arm/", entry.arm_act, name="arm_act"),
    path("extraction/<int:study_pk>/row/", rows.row, name="row"),
    path("extraction/<int:study_pk>/comparison/", entry.new_contrast, name="new_contrast"),
    path("extraction/<int:study_pk>/submit/", entry.submit, name="submit"),
    path("extraction/<int:study_pk>/submitted/", entry.submitted, name="submitted"),
    path("extraction/<int:study_pk>/compare/", agreement.compare_pair, name="compare"),
    path("extraction/<int:study_pk>/agree/", agreement.agree, name="agree"),
    path("extraction/<int:study_pk>/agreed/", agreement.agreed, name="agreed"),
    path("extraction/<int:study_pk>/agreed/<int:row_pk>/correct/", agreement.correct, name="correct"),
    path("extraction/<int:study_pk>/agreed/answers/", agreement.correct_answers, name="correct_answers"),
    path("extraction/<int:study_pk>/newest-form/", entry.take_newest_form, name="take_newest_form"),
    path("risk-of-bias/", bias.risk_of_bias, name="risk_of_bias"),
    path("risk-of-bias/plan/", bias.plan, name="plan"),
    path("risk-of-bias/tools/own/", bias.own_tool, name="own_tool"),
    path("risk-of-bias/tools/own/form/", tool_builder.tool_builder, name="tool_builder"),
    path("risk-of-bias/tools/<slug:key>/", bias.definition, name="tool"),
    path("risk-of-bias/<int:appraisal_pk>/", bias.appraisal, name="appraisal"),
    path("risk-of-bias/<int:appraisal_pk>/drop/", bias.drop, name="drop"),
    path("risk-of-bias/<int:appraisal_pk>/<int:study_pk>/", assess.assess, name="assess"),
    path(
        "risk-of-bias/<int:appraisal_pk>/<int:study_pk>/compare/",
        assess.assess_compare,
        name="assess_compare",
    ),
    path("risk-of-bias/<int:appraisal_pk>/<int:study_pk>/agree/", assess.assess_agree, name="assess_agree"),
    path(
        "risk-of-bias/<int:appraisal_pk>/<int:study_pk>/correct/",
        assess.assess_correct,
        name="assess_correct",
    ),
]
