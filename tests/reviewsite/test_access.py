"""Who may open what: every address against every role, from a table that is read at review."""

import pytest

from reviewsite.reviews.models import Role
from reviewsite.reviews.rules import end_membership

from ..makers import make_member, make_review, make_user
from .pages import Page, lasting, named_patterns, populate

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)
OWNER = frozenset({Role.OWNER})
SCREENS = OWNER | {Role.REVIEWER}
EXTRACTS = SCREENS | {Role.EXTRACTOR}
ANALYSES = OWNER | {Role.STATISTICIAN}
CERTAINTY = ANALYSES | {Role.REVIEWER}

# Addresses that are read: page and who gets in.
READ = [
    (Page("dashboard:dashboard"), EVERYBODY),
    (Page("reviews:members"), EVERYBODY),
    (Page("reviews:audit"), OWNER),
    (Page("screening:protocol"), EVERYBODY),
    (Page("screening:team"), EVERYBODY),
    (Page("screening:round_new", ("stage",)), OWNER),
    (Page("screening:round", ("round",)), EVERYBODY),
    (Page("screening:stopping"), EVERYBODY),
    (Page("screening:agreement"), ANALYSES),
    (Page("screening:agreement_csv"), ANALYSES),
    (Page("screening:searches"), EVERYBODY),
    (Page("screening:search_run", ("run",)), EVERYBODY),
    (Page("screening:columns", ("table",)), SCREENS),
    (Page("screening:problems", ("run", "csv")), EVERYBODY),
    (Page("screening:appendix"), EVERYBODY),
    (Page("screening:appendix_file", ("csv",)), EVERYBODY),
    (Page("screening:pubmed_count"), SCREENS),
    (Page("screening:citations_export", ("csv",)), EVERYBODY),
    (Page("screening:duplicates"), EVERYBODY),
    (Page("screening:pair", ("link",)), EVERYBODY),
    (Page("screening:cluster", ("citation",)), EVERYBODY),
    (Page("screening:pair_sample", ("sample",)), EVERYBODY),
    (Page("screening:overlap_of_databases"), EVERYBODY),
    (Page("screening:overlap_picture"), EVERYBODY),
    (Page("screening:screen", ("stage",)), SCREENS),
    (Page("screening:cards", ("stage",)), SCREENS),
    (Page("screening:keys"), SCREENS),
    (Page("screening:labels"), EVERYBODY),
    (Page("screening:bulk_decision", ("bulk",)), OWNER),
    (Page("screening:labels_export"), EVERYBODY),
    (Page("screening:duplicate", ("citation",)), SCREENS),
    (Page("screening:conflicts"), EVERYBODY),
    (Page("screening:settle", ("stage",)), OWNER),
    (Page("screening:citations"), EVERYBODY),
    (Page("screening:citation", ("citation",)), EVERYBODY),
    (Page("screening:record", ("record",)), EVERYBODY),
    (Page("screening:reports"), EVERYBODY),
    (Page("screening:report", ("report",)), EVERYBODY),
    (Page("screening:pdfs"), EVERYBODY),
    (Page("screening:document", ("document",)), EVERYBODY),
    (Page("screening:document_file", ("document",)), EVERYBODY),
    (Page("screening:page_text", ("document", "page")), EVERYBODY),
    (Page("screening:picture", ("document", "page")), EVERYBODY),
    (Page("screening:source", ("waiting",), "?page=1"), EVERYBODY),
    (Page("screening:studies"), EVERYBODY),
    (Page("extraction:study", ("study",)), EVERYBODY),
    (Page("screening:prisma"), EVERYBODY),
    (Page("screening:prisma_rows", query="?of=citations"), EVERYBODY),
    (Page("screening:prisma_download", ("svg",)), EVERYBODY),
    (Page("screening:prisma_outside"), SCREENS),
    (Page("screening:prisma_wording"), SCREENS),
    (Page("extraction:index"), EVERYBODY),
    (Page("extraction:table"), EVERYBODY),
    (Page("extraction:table_csv"), EVERYBODY),
    (Page("extraction:characteristics"), EVERYBODY),
    (Page("extraction:import_sheet"), EXTRACTS),
    (Page("extraction:field_agreement"), EXTRACTS | ANALYSES),
    (Page("extraction:download", ("all", "xlsx")), EVERYBODY),
    (Page("extraction:vocabulary"), EVERYBODY),
    (Page("extraction:form"), EVERYBODY),
    (Page("extraction:form_version", ("form",)), EVERYBODY),
    (Page("extraction:form_json", ("form",)), EVERYBODY),
    (Page("extraction:extract", ("waiting",)), EXTRACTS),
    (Page("extraction:compare", ("waiting",)), EXTRACTS),
    (Page("extraction:agreed", ("study",)), EVERYBODY),
    (Page("extraction:correct", ("study", "row")), EXTRACTS),
    (Page("extraction:correct_answers", ("study",)), EXTRACTS),
    (Page("extraction:risk_of_bias"), EVERYBODY),
    (Page("extraction:appraisal", ("appraisal",)), EVERYBODY),
    (Page("extraction:tool", ("tool",)), EVERYBODY),
    (Page("analysis:bias_picture", ("appraisal", "traffic", "svg")), EVERYBODY),
    (Page("analysis:bias_forest", ("appraisal", "spec", "svg")), EVERYBODY),
    (Page("analysis:robvis", ("appraisal",)), EVERYBODY),
    (Page("analysis:certainty"), EVERYBODY),
    (Page("analysis:profile", ("profile",)), EVERYBODY),
    (Page("analysis:certainty_file", ("csv",)), EVERYBODY),
    (Page("extraction:own_tool"), EXTRACTS),
    (Page("extraction:assess", ("appraisal", "waiting")), EXTRACTS),
    (Page("extraction:assess_compare", ("appraisal", "study")), EXTRACTS),
    (Page("analysis:index"), EVERYBODY),
    (Page("analysis:new"), ANALYSES),
    (Page("analysis:audit"), EVERYBODY),
    (Page("analysis:analysis", ("spec",)), EVERYBODY),
    (Page("analysis:edit", ("spec",)), ANALYSES),
    (Page("analysis:run", ("analysis_run",)), EVERYBODY),
    (Page("analysis:figure", ("analysis_run", "svg")), EVERYBODY),
    (Page("analysis:plan"), EVERYBODY),
    (Page("analysis:robustness", ("analysis_run",)), EVERYBODY),
    (Page("analysis:run_picture", ("analysis_run", "caterpillar", "svg")), EVERYBODY),
    (Page("analysis:bundle", ("analysis_run",)), EVERYBODY),
    (Page("analysis:lineage", ("analysis_run", "study")), EVERYBODY),
]
# Addresses that change something: page and who may. `submitted` exists for one's own extraction only.
POST = [
    (Page("reviews:member_add"), OWNER),
    (Page("reviews:member_change", ("membership",)), OWNER),
    (Page("reviews:job_cancel", ("job",)), SCREENS | ANALYSES),
    (Page("screening:round_main", ("stage",)), OWNER),
    (Page("screening:round_change", ("round",)), OWNER),
    (Page("screening:round_act", ("round",)), OWNER),
    (Page("screening:stopping_plan"), OWNER),
    (Page("screening:stopping_act"), OWNER),
    (Page("screening:upload"), SCREENS),
    (Page("screening:search_pubmed"), SCREENS),
    (Page("screening:remove_run", ("run",)), SCREENS),
    (Page("screening:restart_run", ("run",)), SCREENS),
    (Page("screening:saved_search_run", ("saved",)), SCREENS),
    (Page("screening:saved_search_look", ("saved",)), SCREENS),
    (Page("screening:saved_search_schedule", ("saved",)), SCREENS),
    (Page("screening:settle_pair", ("link",)), SCREENS),
    (Page("screening:mark_duplicate", ("citation",)), SCREENS),
    (Page("screening:choose_field", ("record",)), SCREENS),
    (Page("screening:split_record", ("record",)), SCREENS),
    (Page("screening:draw_pairs"), SCREENS),
    (Page("screening:accept_pairs", ("sample",)), SCREENS),
    (Page("screening:acts", ("stage",)), SCREENS),
    (Page("screening:label_add"), EXTRACTS),
    (Page("screening:bulk"), OWNER),
    (Page("screening:label_retire", ("label",)), OWNER),
    (Page("screening:labels_import"), EXTRACTS),
    (Page("screening:label_citation", ("citation",)), EXTRACTS),
    (Page("screening:discuss", ("stage", "citation")), EXTRACTS),
    (Page("screening:undo", ("stage",)), SCREENS),
    (Page("screening:decide", ("stage", "citation")), SCREENS),
    (Page("screening:skip", ("stage", "citation")), SCREENS),
    (Page("screening:settle_one", ("stage", "citation")), OWNER),
    (Page("screening:unsettle", ("stage",)), OWNER),
    (Page("screening:prisma_withdraw", ("flow_event",)), SCREENS),
    (Page("screening:reports_mark"), EXTRACTS),
    (Page("screening:pdfs_upload"), EXTRACTS),
    (Page("screening:pdfs_read"), EXTRACTS),
    (Page("screening:pdfs_attach"), EXTRACTS),
    (Page("screening:document_move", ("document",)), EXTRACTS),
    (Page("screening:document_remove", ("document",)), EXTRACTS),
    (Page("screening:studies_group"), EXTRACTS),
    (Page("screening:report_act", ("report",)), EXTRACTS),
    (Page("screening:studies_apart"), EXTRACTS),
    (Page("screening:no_overlap"), EXTRACTS),
    (Page("screening:study_edit", ("study",)), EXTRACTS),
    (Page("screening:overlap"), EXTRACTS),
    (Page("screening:overlap_remove", ("overlap",)), EXTRACTS),
    (Page("extraction:form_act"), SCREENS),
    (Page("extraction:submit", ("waiting",)), EXTRACTS),
    (Page("extraction:agree", ("waiting",)), EXTRACTS),
    (Page("analysis:certainty_add"), CERTAINTY),
    (Page("analysis:judge", ("profile",)), CERTAINTY),
    (Page("analysis:profile_settings", ("profile",)), CERTAINTY),
    (Page("extraction:plan"), EXTRACTS),
    (Page("analysis:robvis_import", ("appraisal",)), EXTRACTS),
    (Page("extraction:drop", ("appraisal",)), EXTRACTS),
    (Page("extraction:assess_agree", ("appraisal", "waiting")), EXTRACTS),
    (Page("analysis:rerun", ("spec",)), ANALYSES),
    (Page("analysis:rerun_all"), ANALYSES),
    (Page("analysis:freeze"), ANALYSES),
    (Page("analysis:exclude", ("spec", "study")), ANALYSES),
]
OWN_ONLY = {
    "extraction:submitted",
    "extraction:cells",
    "extraction:arm_act",
    "extraction:row",
    "extraction:new_contrast",
    "extraction:take_newest_form",
}
PAGES = [page for page, _ in (*READ, *POST)]


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def rows(review):
    return populate(review, [make_member(review), make_member(review)])


def test_every_address_has_a_row_in_the_tables():
    assert named_patterns() == {page.name for page in PAGES} | OWN_ONLY


def test_each_role_opens_what_the_table_says_and_nothing_else(client, review, rows):
    for role in Role:
        user = review.created_by if role == Role.OWNER else make_member(review, role)
        client.force_login(user)
        for page, allowed in READ:
            status = client.get(page.url(review, rows)).status_code
            # A page may send its reader on, but a closed one answers 403.
            assert (status in {200, 302}) is (role in allowed), (role, page.name, status)
            assert status in {200, 302, 403}, (role, page.name, status)


def test_each_role_changes_only_what_the_table_says(client, review, rows):
    for role in Role:
        if role == Role.OWNER:
            continue
        client.force_login(make_member(review, role))
        for page, allowed in POST:
            if role not in allowed:
                assert client.post(page.url(review, rows)).status_code == 403, (role, page.name)


def test_changing_addresses_answer_to_post_only(client, review, rows):
    client.force_login(review.created_by)
    for page, _ in POST:
        assert client.get(page.url(review, rows)).status_code == 405, page.name


def test_a_stranger_gets_the_same_404_as_for_a_review_that_does_not_exist(client, review, rows):
    client.force_login(make_user())
    for page in PAGES:
        url = page.url(review, rows)
        missing = url.replace(review.slug, "no-such-review")
        for call in (client.get, client.post):
            answer, of_missing = call(url), call(missing)
            assert answer.status_code == of_missing.status_code
            if answer.status_code != 405:
                assert answer.status_code == 404
                assert lasting(answer) == lasting(of_missing)


def test_a_member_who_left_is_a_stranger(client, review, rows):
    user = make_member(review)
    end_membership(membership=review.memberships.get(user=user), by=review.created_by)
    client.force_login(user)

    assert {client.get(page.url(review, rows)).status_code for page, _ in READ} == {404}


def test_a_visitor_is_sent_to_sign_in_whether_the_review_exists_or_not(client, review, rows):
    for page, _ in READ:
        url = page.url(review, rows)
        for address in (url, url.replace(review.slug, "no-such-review")):
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/")


def test_rows_of_another_review_are_not_found_under_ones_own(client, review, rows):
    own = make_review(owner=make_user())
    client.force_login(own.created_by)
    for page, _ in [*READ, *POST]:
        if set(page.arguments) - {"stage", "svg", "csv", "tool", "traffic", "all", "xlsx"}:
            call = client.get if (page, _) in READ else client.post
            assert call(page.url(own, rows)).status_code == 404, page.name
