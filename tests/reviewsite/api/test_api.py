"""The API: the same door, the same blindness and the same rules as the pages."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.certainty.rules import add_profile
from analysis.runs import run
from analysis.specs import create_spec
from reviewsite.api.models import ApiToken
from reviewsite.api.site import api
from reviewsite.api.tokens import make_token, revoke, token_for
from reviewsite.reporting.checklist_fill import note_item
from reviewsite.reporting.versions import freeze
from reviewsite.reviews.chain import entry_hash
from reviewsite.reviews.models import Role
from reviewsite.reviews.rules import end_membership
from screening.citations.labels import make_label
from screening.models import Decision

from ...extraction.makers import extract, make_agreed, make_outcome, make_study
from ...makers import decide, make_citation, make_member, make_review, make_search_run, make_user
from .makers import Caller, caller
from .operations import OPERATIONS, ZERO, path

pytestmark = pytest.mark.django_db


class TestTokens:
    def test_only_a_hash_is_kept(self, ann):
        token, text = make_token(person=ann, name="Laptop", may_write=False, days=30)

        assert text.startswith("wnw_")
        assert text not in str(ApiToken.objects.values().get())
        assert token_for(text) == token
        assert token_for(text[:-1]) is None

    @pytest.mark.parametrize("end", ["revoked", "expired", "inactive"])
    def test_a_token_that_ended_signs_nobody_in(self, review, ann, end):
        them = caller(ann)
        token = ApiToken.objects.get()
        if end == "revoked":
            revoke(token=token)
        elif end == "expired":
            ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        else:
            ann.is_active = False
            ann.save()

        assert them.get("/me")[0] == 401

    def test_a_signed_in_browser_without_a_token_is_nobody(self, client, review, ann):
        client.force_login(ann)

        answer = client.get(f"/api/v1/reviews/{review.slug}")

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_a_reading_token_writes_nothing(self, review, ann):
        citation = make_citation(review)

        status, told = caller(ann, may_write=False).post(
            path(review, "/decisions"), {"citation": citation.pk, "verdict": "include", "uuid": ZERO}
        )

        assert (status, Decision.objects.count()) == (403, 0)
        assert "may only read" in told["detail"]

    def test_a_new_token_is_shown_once_and_can_be_taken_back(self, client, ann):
        client.force_login(ann)
        made = client.post(reverse("api:token_make"), {"name": "Frame", "days": "90"}).content.decode()
        text = made.split('<code class="token-text">')[1].split("<")[0]

        assert Caller(client, text).get("/me") == (
            200,
            {"email": ann.email, "name": "Ann", "token": "Frame", "may_write": False},
        )
        assert text not in client.get(reverse("api:tokens")).content.decode()
        client.post(reverse("api:token_revoke", args=[ApiToken.objects.get().pk]))
        assert Caller(client, text).get("/me")[0] == 401

    def test_nobody_takes_back_anothers_token(self, client, ann, bob):
        caller(bob)
        client.force_login(ann)

        assert client.post(reverse("api:token_revoke", args=[ApiToken.objects.get().pk])).status_code == 404


class TestDoor:
    def test_every_operation_has_a_row_in_the_table(self):
        described = {
            (at.removeprefix("/api/v1/reviews/{slug}"), method)
            for at, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
            for method in methods
            if at.startswith("/api/v1/reviews/{slug}")
        }

        assert described == {
            (operation.strip(), "get" if body is None else "post")
            for operation, (body, _) in OPERATIONS.items()
        }

    def test_each_role_does_what_the_table_says_and_nothing_else(self, review):
        citation = make_citation(review)
        freeze(review=review, name="Version 1", by=review.created_by)
        for role in Role:
            them = caller(review.created_by if role == Role.OWNER else make_member(review, role))
            for operation, (body, allowed) in OPERATIONS.items():
                at = path(review, operation, citation.pk)
                status, _ = them.get(at) if body is None else them.post(at, body)
                # A body that names rows that are not there: refused, but not for the role.
                assert (status != 403) is (role in allowed), (role, operation, status)
                assert status in ({200} if body is None else {200, 403, 404, 409}), (role, operation, status)

    @pytest.mark.parametrize("who", ["a stranger", "a member who left"])
    def test_a_stranger_gets_what_a_review_that_does_not_exist_gives(self, review, ann, who):
        stranger = make_user()
        if who == "a member who left":
            end_membership(membership=review.memberships.get(user=ann), by=review.created_by)
            stranger = ann
        them = caller(stranger)
        for operation, (body, _) in OPERATIONS.items():
            at = path(review, operation)
            nowhere = at.replace(review.slug, "no-such-review")
            answers = [them.get(a) if body is None else them.post(a, body) for a in (at, nowhere)]
            assert answers[0] == answers[1]
            assert answers[0][0] == 404

    def test_without_a_token_every_operation_says_so(self, client, review):
        for operation, (body, _) in OPERATIONS.items():
            at = "/api/v1" + path(review, operation)
            assert (client.get(at) if body is None else client.post(at)).status_code == 401, operation

    def test_rows_of_another_review_are_not_found(self, review, ann):
        other = make_review(owner=make_user())
        citation = make_citation(other)
        them = caller(ann)

        vote = {"citation": citation.pk, "verdict": "include", "uuid": ZERO}
        assert them.get(path(review, "/citations/{citation}", citation.pk))[0] == 404
        assert them.post(path(review, "/decisions"), vote)[0] == 404
        assert not Decision.objects.exists()


class TestBlindness:
    def test_a_colleagues_blind_vote_changes_no_answer(self, review, ann, bob):
        citation = make_citation(review)
        freeze(review=review, name="Version 1", by=review.created_by)
        them = [caller(person) for person in (ann, review.created_by, make_member(review, Role.VIEWER))]
        reads = [path(review, o, citation.pk) for o, (body, _) in OPERATIONS.items() if body is None]
        before = [[each.get(at) for at in reads] for each in them]

        decide(citation, bob, "exclude")

        assert [[each.get(at) for at in reads] for each in them] == before

    def test_decisions_are_ones_own(self, review, ann, bob):
        citation = make_citation(review)
        decide(citation, bob, "exclude")
        decide(citation, ann, "exclude")

        _, told = caller(ann).get(path(review, "/decisions"))

        assert [each["verdict"] for each in told["items"]] == ["exclude"]
        assert caller(ann).get(path(review, "/conclusions"))[1]["items"] == [
            {"citation": citation.pk, "title_abstract": "excluded", "full_text": "undecided"}
        ]

    def test_votes_are_everybodys_once_a_citation_is_concluded(self, review, ann, bob):
        open_to_all, blind = make_citation(review, "One"), make_citation(review, "Two")
        decide(open_to_all, ann, "include")
        decide(open_to_all, bob, "exclude")
        decide(blind, ann, "exclude")
        decide(make_citation(review, "Three"), bob, "exclude")

        def told(person):
            votes = caller(person).get(path(review, "/votes"))[1]["items"]
            return [(vote["by"], vote["citation"], vote["verdict"]) for vote in votes]

        both = [("Ann", open_to_all.pk, "include"), ("Bob", open_to_all.pk, "exclude")]
        assert told(review.created_by) == both
        assert told(ann) == [*both, ("Ann", blind.pk, "exclude")]

    def test_conflicts_come_in_pages_with_their_votes(self, review, ann, bob):
        for title in ("One", "Two", "Three"):
            citation = make_citation(review, title)
            decide(citation, ann, "include")
            decide(citation, bob, "exclude")
        them, found, cursor = caller(review.created_by), [], ""
        while cursor is not None:
            _, page = them.get(path(review, "/conflicts"), limit=2, cursor=cursor)
            found, cursor = [*found, *page["items"]], page["next"]

        assert [each["title"] for each in found] == ["One", "Two", "Three"]
        assert [(v["by"], v["verdict"]) for v in found[0]["votes"]] == [
            ("Ann", "include"),
            ("Bob", "exclude"),
        ]
        assert them.get(path(review, "/conflicts"), stage="full_text")[1]["items"] == []

    def test_a_colleagues_extraction_is_read_once_both_are_in(self, review, ann, bob):
        study = make_study(review, [ann, bob])
        extract(study, bob, 3, 10)
        them = caller(ann)
        assert them.get(path(review, "/extractions"))[1]["items"] == []

        extract(study, ann, 4, 10)

        told = them.get(path(review, "/extractions"))[1]["items"]
        assert [each["by"] for each in told] == ["Bob", "Ann"]
        assert [each["results"][0]["values"]["events"] for each in told] == [3, 4]


class TestReading:
    def test_pages_give_every_row_once_also_when_rows_come_in_meanwhile(self, review, ann):
        make_search_run(review, [f"Trial {n}" for n in range(7)])
        them, titles, cursor = caller(ann), [], ""
        while cursor is not None:
            _, page = them.get(path(review, "/records"), limit=3, cursor=cursor)
            titles += [row["title"] for row in page["items"]]
            if len(titles) == 3:
                make_search_run(review, ["Late"], database="Embase")
            cursor = page["next"]

        assert titles == [*(f"Trial {n}" for n in range(7)), "Late"]

    @pytest.mark.parametrize(
        "cursor", ["x", "YWZ0ZXI6LTE", "4pyT", "YWZ0ZXI6OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
    )
    def test_a_cursor_that_no_page_gave_is_refused(self, review, ann, cursor):
        assert caller(ann).get(path(review, "/records"), cursor=cursor)[0] == 422

    def test_citations_are_narrowed_to_words_and_states(self, review, ann, bob):
        make_search_run(review, ["Itch in adults", "Pain in adults"])
        for each in review.citations.all():
            if each.representative.title.startswith("Itch"):
                decide(each, ann, "include")
                decide(each, bob, "include")
        them = caller(ann)

        def titles(**query):
            return [row["title"] for row in them.get(path(review, "/citations"), **query)[1]["items"]]

        assert titles(words="itch") == titles(title_abstract="included") == ["Itch in adults"]
        assert titles(title_abstract="undecided") == ["Pain in adults"]
        assert them.get(path(review, "/citations"), title_abstract="maybe so")[0] == 422

    def test_data_frames_and_runs_say_what_was_agreed(self, review, ann, bob):
        make_agreed(review, [ann, bob], "Kim 2016", 30, 40)
        spec = create_spec(
            review=review, by=review.created_by, title="Response", outcome=make_outcome(review)
        )
        stored = run(spec=spec, by=review.created_by)
        them = caller(ann)

        table = them.get(path(review, "/results"))[1]
        row = dict(zip(table["columns"], table["rows"][0], strict=True))
        assert (row["study"], row["events"], row["n"]) == ("Kim 2016", 30, 40)
        [told] = them.get(path(review, "/runs"))[1]["items"]
        assert (told["id"], told["estimate"]) == (stored.pk, pytest.approx(0.75))
        [analysis] = them.get(path(review, "/analyses"))[1]["items"]
        assert (analysis["latest_run"], analysis["is_stale"]) == (stored.pk, False)
        assert them.get(path(review, "/flow"))[1]["counts"]["included_studies"] == 1

    def test_what_is_reported_reads_as_on_the_pages(self, review, ann, bob):
        make_agreed(review, [ann, bob], "Kim 2016", 30, 40)
        spec = create_spec(
            review=review, by=review.created_by, title="Response", outcome=make_outcome(review)
        )
        stored = run(spec=spec, by=review.created_by)
        add_profile(review=review, by=review.created_by, spec=spec)
        version = freeze(review=review, name="Version 1", by=review.created_by)
        make_search_run(review, ["Late"], database="Embase")
        note_item(review=review, item="prisma-2020:24a", text="CRD42026", by=ann)
        them = caller(ann)

        def read(at, **query):
            status, told = them.get(path(review, at), **query)
            assert status == 200, told
            return told

        assert [(run["database"], run["records"]) for run in read("/searches")["items"]][-1] == ("Embase", 1)
        [frame] = read("/datasets")["items"]
        assert (frame["sha256"], len(frame["rows"])) == (stored.snapshot.sha256, 1)
        [line] = read("/certainty")["items"]
        assert (line["analysis"], line["certainty"]) == (spec.pk, "Not judged yet")
        item = next(i for i in read("/checklists/{name}")["items"] if i["number"] == "24a")
        assert (item["note"], item["done"]) == ("CRD42026", True)
        kept = read("/versions/{number}")
        assert (kept["sha256"], kept["untouched"], kept["content"]) == (version.sha256, True, version.content)
        changed = read("/versions/{number}/changes")
        assert [row[0] for row in changed["runs"]] == ["Embase"]
        assert read("/versions/{number}/changes", until=1)["runs"] == []
        assert read("/members")["items"][0] == {"name": "Owner", "role": "owner", "settles_conflicts": True}
        assert read("/protocol")["title_abstract_decisions"] == 2

    def test_the_log_is_given_whole_in_pages_and_its_chain_can_be_followed(self, review, ann):
        make_citation(review)
        for number in range(5):
            make_label(review=review, name=f"Label {number}", by=ann)
        them, entries, cursor = caller(ann), [], ""
        while cursor is not None:
            _, page = them.get(path(review, "/log"), limit=2, cursor=cursor)
            entries, cursor = [*entries, *page["items"]], page["next"]

        assert [each["number"] for each in entries] == list(range(1, len(entries) + 1))
        for before, after in pairwise(entries):
            assert after["previous"] == before["sha256"]
        for each in entries:
            said = {
                name: each[name] for name in ("number", "previous", "act", "details", "blind_kind", "salt")
            }
            at = datetime.fromisoformat(each["at"])
            assert entry_hash(**said, actor=each["email"], at=at) == each["sha256"]


def test_the_documentation_names_every_operation_and_needs_no_inline_script(client):
    answer = client.get("/api/")
    page = answer.content.decode()

    assert answer["Content-Security-Policy"].startswith("default-src 'self'")
    assert page.count('<form class="api-form"') == len(OPERATIONS) + 2
    assert "<script>" not in page
    assert " style=" not in page
