"""Which section of the help tells of which page: where *Help* leads from there."""

# A page of docs/, with the heading where one section of it tells: the pages of the site that it is about.
SECTIONS = {
    "guide#begin": "reviews:home reviews:new dashboard:dashboard tour:resume tour:step screening:protocol",
    "guide#invite-colleagues": "reviews:members reviews:invitation",
    "guide": "help:index help:page help:picture",
    "translating": "script_texts",
    "running-a-server#signing-in": "account_* /accounts/* mfa_* socialaccount_* "
    "usersessions_* openid_connect_*",
    "running-a-server#watching": "operations:status operations:health operations:metrics",
    "moving#a-whole-review-in-one-file": "portability:*",
    "moving#the-audit-log": "trail:*",
    "api#tokens": "api:tokens",
    "api": "api_documentation api-1:*",
    "searching#bring-a-file": "screening:searches screening:columns example:sample",
    "searching#what-you-get-to-read-afterwards": "screening:search_run screening:record screening:problems "
    "screening:search_details",
    "searching#search-pubmed": "screening:pubmed_count",
    "searching#the-search-appendix": "screening:appendix screening:appendix_file",
    "reporting#moving-in-from-covidence-or-rayyan": "screening:moving",
    "deduplication#what-people-do": "screening:duplicates screening:pair screening:pair_sample "
    "screening:cluster screening:duplicate screening:overlap_of_databases screening:overlap_picture",
    "screening": "screening:screen screening:cards screening:citation",
    "screening#keys": "screening:keys",
    "screening#labels-discussion-lists": "screening:labels screening:labels_export screening:citations "
    "screening:bulk screening:bulk_decision",
    "reporting#citations-and-data-for-other-tools": "screening:citations_export reporting:data_file",
    "guide#full-texts": "screening:report screening:reports screening:pdfs screening:document "
    "screening:document_file screening:page_text screening:source",
    "guide#studies-and-extraction": "screening:studies screening:study_edit screening:overlap",
    "teams#rounds": "screening:team screening:round screening:round_new screening:round_main",
    "teams#conflicts": "screening:conflicts screening:settle",
    "teams#agreement": "screening:agreement screening:agreement_csv",
    "ranking#stopping": "screening:stopping screening:picture",
    "reporting#prisma-flow": "screening:prisma screening:prisma_*",
    "extraction#the-form": "extraction:form extraction:form_json extraction:form_version "
    "extraction:vocabulary",
    "extraction#typing": "extraction:extract extraction:study extraction:cells extraction:row "
    "extraction:index extraction:new_contrast extraction:submitted",
    "extraction#two-people": "extraction:compare extraction:agreed extraction:correct "
    "extraction:correct_answers extraction:field_agreement",
    "extraction#out-and-in": "extraction:table extraction:table_csv extraction:characteristics "
    "extraction:download extraction:import_sheet",
    "risk-of-bias#tools": "extraction:risk_of_bias extraction:tool extraction:tool_builder "
    "extraction:own_tool",
    "risk-of-bias#judging": "extraction:assess extraction:assess_*",
    "risk-of-bias#pictures-and-tables": "extraction:appraisal analysis:bias_forest analysis:bias_picture "
    "analysis:robvis",
    "risk-of-bias#certainty-grade": "analysis:certainty analysis:certainty_file analysis:profile "
    "analysis:judge",
    "analysis#plan": "analysis:plan analysis:new analysis:edit",
    "analysis": "analysis:index analysis:analysis analysis:run",
    "analysis#when-something-changes": "analysis:rerun_all",
    "analysis#back-to-the-source": "analysis:lineage",
    "analysis#how-robust-is-it": "analysis:robustness",
    "analysis#figures": "analysis:figures analysis:run_picture",
    "analysis#audit": "analysis:audit",
    "analysis#bundles": "analysis:bundle analysis:whole_bundle",
    "reporting#manuscript-kit": "reporting:kits reporting:kit_file",
    "reporting#checklists": "reporting:checklist reporting:checklist_file",
    "reporting#versions-of-a-living-review": "reporting:versions reporting:version reporting:version_file "
    "reporting:update_round",
}
FIRST = "guide"


def topic_of(view_name: str) -> str | None:
    """What tells of a view, as a page of docs/ or "page#section"; None when nothing does."""
    return _EXACT.get(view_name) or next(
        (section for start, section in _STARTS.items() if view_name.startswith(start)), None
    )


_NAMES = [(name, section) for section, names in SECTIONS.items() for name in names.split()]
_EXACT = {name: section for name, section in _NAMES if not name.endswith("*")}
_STARTS = {name[:-1]: section for name, section in _NAMES if name.endswith("*")}
