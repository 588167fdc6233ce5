"""Addresses of the screening app, below /reviews/<slug>/."""

from django.urls import path, re_path, register_converter

from reviewsite.reviews.models import Stage

from .views import (
    citations,
    clusters,
    conflicts,
    documents,
    duplicates,
    labels,
    moving,
    prisma,
    pubmed,
    reports,
    rounds,
    screen,
    searches,
    stopping,
    studies,
    team,
)


class StageConverter:
    regex = "title_abstract|full_text"

    def to_python(self, value: str) -> Stage:
        return Stage(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(StageConverter, "stage")

app_name = "screening"

urlpatterns = [
    path("protocol/", team.protocol, name="protocol"),
    path("team/", rounds.team, name="team"),
    path("team/<stage:stage>/new/", rounds.new, name="round_new"),
    path("team/<stage:stage>/main/", rounds.main, name="round_main"),
    path("team/rounds/<int:round_pk>/", rounds.round_page, name="round"),
    path("team/rounds/<int:round_pk>/change/", rounds.change, name="round_change"),
    path("team/rounds/<int:round_pk>/act/", rounds.act, name="round_act"),
    path("order/", stopping.stopping, name="stopping"),
    path("order/plan/", stopping.plan, name="stopping_plan"),
    path("order/act/", stopping.act, name="stopping_act"),
    path("agreement/", team.agreement, name="agreement"),
    path("agreement/table.csv", team.agreement_file, name="agreement_csv"),
    path("searches/", searches.searches, name="searches"),
    path("searches/upload/", searches.upload, name="upload"),
    path("searches/appendix/", searches.appendix, name="appendix"),
    re_path(r"^searches/appendix\.(?P<format>txt|csv)$", searches.appendix_file, name="appendix_file"),
    path("searches/pubmed/", pubmed.search, name="search_pubmed"),
    path("searches/pubmed/count/", pubmed.live_count, name="pubmed_count"),
    path("searches/saved/<int:saved_pk>/run/", pubmed.rerun, name="saved_search_run"),
    path("searches/saved/<int:saved_pk>/look/", pubmed.look, name="saved_search_look"),
    path("searches/saved/<int:saved_pk>/schedule/", pubmed.schedule, name="saved_search_schedule"),
    path("searches/<int:run_pk>/", searches.search_run, name="search_run"),
    path("searches/<int:run_pk>/details/", searches.details, name="search_details"),
    path("searches/<int:run_pk>/columns/", searches.columns, name="columns"),
    path("searches/<int:run_pk>/start-again/", searches.restart, name="restart_run"),
    re_path(r"^searches/(?P<run_pk>\d+)/problems\.(?P<format>txt|csv)$", searches.problems, name="problems"),
    path("searches/<int:run_pk>/decisions/", moving.moving, name="moving"),
    path("searches/<int:run_pk>/remove/", searches.remove, name="remove_run"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/overlap/", clusters.overlap, name="overlap_of_databases"),
    path("duplicates/overlap.svg", clusters.overlap_picture, name="overlap_picture"),
    path("duplicates/samples/draw/", clusters.draw, name="draw_pairs"),
    path("duplicates/samples/<int:sample_pk>/", clusters.sample, name="pair_sample"),
    path("duplicates/samples/<int:sample_pk>/accept/", clusters.accept, name="accept_pairs"),
    path("duplicates/citations/<int:citation_pk>/", clusters.cluster, name="cluster"),
    path("duplicates/citations/<int:citation_pk>/mark/", clusters.mark, name="mark_duplicate"),
    path("duplicates/records/<int:record_pk>/choose/", clusters.choose, name="choose_field"),
    path("duplicates/records/<int:record_pk>/split/", clusters.split, name="split_record"),
    path("duplicates/<int:link_pk>/", duplicates.pair, name="pair"),
    path("duplicates/<int:link_pk>/settle/", duplicates.settle, name="settle_pair"),
    path("screen/<stage:stage>/", screen.screen, name="screen"),
    path("screen/keys/", screen.keys, name="keys"),
    path("screen/<stage:stage>/cards/", screen.cards, name="cards"),
    path("screen/<stage:stage>/acts/", screen.acts, name="acts"),
    path("screen/<stage:stage>/undo/", screen.undo, name="undo"),
    path("screen/<stage:stage>/<int:citation_pk>/decide/", screen.decide, name="decide"),
    path("screen/<stage:stage>/<int:citation_pk>/skip/", screen.skip, name="skip"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/<stage:stage>/", conflicts.settle, name="settle"),
    path("conflicts/<stage:stage>/undo/", conflicts.unsettle, name="unsettle"),
    path("conflicts/<stage:stage>/<int:citation_pk>/", conflicts.settle_one, name="settle_one"),
    path("labels/", labels.labels, name="labels"),
    path("labels/add/", labels.label_add, name="label_add"),
    path("labels/import/", labels.labels_import, name="labels_import"),
    path("labels/export.csv", labels.labels_export, name="labels_export"),
    path("labels/<int:label_pk>/retire/", labels.label_retire, name="label_retire"),
    path("citations/<int:citation_pk>/label/", labels.label_citation, name="label_citation"),
    path("citations/<int:citation_pk>/duplicate/", labels.duplicate, name="duplicate"),
    path("discuss/<stage:stage>/<int:citation_pk>/", labels.discuss, name="discuss"),
    path("citations/", citations.citations, name="citations"),
    path("citations/bulk/", citations.bulk, name="bulk"),
    path("citations/bulk/<int:bulk_pk>/", citations.bulk_decision, name="bulk_decision"),
    re_path(
        r"^citations/export\.(?P<format>ris|nbib|bib|csv|xlsx)$", citations.export, name="citations_export"
    ),
    path("citations/<int:citation_pk>/", citations.citation, name="citation"),
    path("records/<int:record_pk>/", citations.record, name="record"),
    path("reports/", reports.reports, name="reports"),
    path("reports/mark/", reports.mark, name="reports_mark"),
    path("reports/<int:report_pk>/", reports.report, name="report"),
    path("reports/pdfs/", documents.pdfs, name="pdfs"),
    path("reports/pdfs/upload/", documents.upload, name="pdfs_upload"),
    path("reports/pdfs/read/", documents.read_again, name="pdfs_read"),
    path("reports/pdfs/attach/", documents.attach, name="pdfs_attach"),
    path("reports/documents/<int:document_pk>/", documents.document, name="document"),
    path("reports/documents/<int:document_pk>/file.pdf", documents.document_file, name="document_file"),
    path("reports/documents/<int:document_pk>/pages/<int:number>/", documents.page_text, name="page_text"),
    path(
        "reports/documents/<int:document_pk>/pages/<int:number>/picture/",
        documents.page_picture,
        name="picture",
    ),
    path("reports/documents/<int:document_pk>/move/", documents.document_move, name="document_move"),
    path("reports/documents/<int:document_pk>/remove/", documents.document_remove, name="document_remove"),
    path("studies/<int:study_pk>/source/", documents.source, name="source"),
    path("studies/", studies.studies, name="studies"),
    path("studies/group/", studies.group, name="studies_group"),
    path("studies/apart/", studies.apart, name="studies_apart"),
    path("studies/no-overlap/", studies.no_overlap, name="no_overlap"),
    path("studies/<int:study_pk>/edit/", studies.edit, name="study_edit"),
    path("studies/reports/<int:report_pk>/", studies.report_act, name="report_act"),
    path("studies/overlaps/", studies.overlap, name="overlap"),
    path("studies/overlaps/<int:overlap_pk>/remove/", studies.overlap_remove, name="overlap_remove"),
    path("prisma/", prisma.prisma, name="prisma"),
    path("prisma/rows/", prisma.rows, name="prisma_rows"),
    path("prisma/outside/", prisma.outside, name="prisma_outside"),
    path("prisma/outside/<int:event_pk>/withdraw/", prisma.outside_withdraw, name="prisma_withdraw"),
    path("prisma/wording/", prisma.wording, name="prisma_wording"),
    re_path(r"^prisma/flow\.(?P<format>svg|pdf|png|word|csv)$", prisma.download, name="prisma_download"),
]
