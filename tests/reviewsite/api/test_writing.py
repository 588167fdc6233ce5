"""What is written through the API goes through the rules of the pages."""

import uuid

import pytest

from extraction.models import Extraction
from reviewsite.reviews.models import AuditEntry
from screening.models import Decision

from ...extraction.makers import make_outcome, make_study
from ...makers import decide, make_citation, make_search_run
from .makers import caller
from .operations import ZERO, path

pytestmark = pytest.mark.django_db


class TestWriting:
    def test_a_vote_goes_through_the_rule_and_into_the_log(self, review, ann):
        citation = make_citation(review)
        them = caller(ann)
        reason = review.exclusion_reasons.filter(stage="title_abstract").first()
        vote = {
            "citation": citation.pk,
            "verdict": "exclude",
            "reason": reason.pk,
            "note": " Too old. ",
            "uuid": str(uuid.uuid4()),
        }

        status, told = them.post(path(review, "/decisions"), vote)

        assert (status, told["verdict"], told["reason"], told["note"]) == (
            200,
            "exclude",
            reason.label,
            "Too old.",
        )
        assert them.post(path(review, "/decisions"), vote) == (200, told)
        assert Decision.objects.count() == 1
        assert AuditEntry.objects.get(act="decision made").details["decision"] == vote["uuid"]

    def test_a_second_vote_is_refused_unless_it_names_the_one_it_changes(self, review, ann):
        citation = make_citation(review)
        first = decide(citation, ann, "include")
        them = caller(ann)
        vote = {"citation": citation.pk, "verdict": "maybe", "uuid": ZERO}

        status, told = them.post(path(review, "/decisions"), vote)
        assert (status, told["detail"].startswith("Already decided")) == (409, True)
        status, told = them.post(path(review, "/decisions"), {**vote, "replaces": first.pk})
        assert (status, told["verdict"]) == (200, "maybe")
        status, told = them.post(path(review, f"/decisions/{told['id']}/withdraw"), {})
        assert (status, told["verdict"]) == (200, "withdrawn")

    def test_a_reason_of_the_other_stage_is_refused(self, review, ann):
        reason = review.exclusion_reasons.filter(stage="full_text").first()
        vote = {"citation": make_citation(review).pk, "verdict": "exclude", "uuid": ZERO, "reason": reason.pk}

        assert caller(ann).post(path(review, "/decisions"), vote)[0] == 422

    def test_the_queue_gives_what_the_page_would(self, review, ann):
        make_search_run(review, ["One", "Two", "Three"])

        _, told = caller(ann).post(path(review, "/queue"), {"count": 2})

        assert [each["title"] for each in told] == ["One", "Two"]
        assert review.leases.filter(reviewer=ann).count() == 2

    def test_an_extraction_is_begun_filled_in_and_submitted(self, review, ann, bob):
        study = make_study(review, [ann, bob])
        outcome = make_outcome(review)
        them = caller(ann)
        _, begun = them.post(path(review, "/extractions"), {"study": study.pk})
        own = f"/extractions/{begun['id']}"
        arm = begun["arms"][0]["id"]

        answers = {"design": {"value": "Parallel"}, "population": {"value": "Adults", "page": "3"}}
        _, saved = them.post(path(review, f"{own}/answers"), {"answers": answers})
        _, numbers = them.post(
            path(review, f"{own}/results"),
            {"arm": arm, "outcome": outcome.pk, "values": {"events": 8, "n": 20}},
        )
        _, wrong = them.post(
            path(review, f"{own}/results"), {"arm": arm, "outcome": outcome.pk, "values": {"events": 21}}
        )

        stored = Extraction.objects.get(pk=begun["id"])
        assert stored.answers["population"] == {"value": "Adults", "page": "3"}
        assert {cell["cell"].split("/")[0] for cell in saved["cells"]} == {"answer"}
        assert {cell["state"] for cell in numbers["cells"]} == {"saved"}
        assert (wrong["cells"][0]["state"], wrong["cells"][0]["value"]) == ("wrong", "8")
        status, told = them.post(path(review, f"{own}/submit"), {})
        assert (status, "has no answer" in told["detail"]) == (409, True)
        assert caller(bob).post(path(review, f"{own}/answers"), {"answers": answers})[0] == 404

    def test_what_cannot_be_stored_is_refused_and_not_an_error(self, review, ann, bob):
        study = make_study(review, [ann, bob])
        them = caller(ann)
        _, begun = them.post(path(review, "/extractions"), {"study": study.pk})
        own = f"/extractions/{begun['id']}"

        for at, body in (
            ("/answers", {"answers": {"nothing": {"value": "x"}}}),
            ("/answers", {"answers": {"design": {"value": "a\x00b"}}}),
            ("/results", {"arm": 2**70, "outcome": 1, "values": {}}),
            (
                "/results",
                {"arm": begun["arms"][0]["id"], "outcome": make_outcome(review).pk, "values": {"x": 1}},
            ),
        ):
            assert them.post(path(review, own + at), body)[0] == 422, body
