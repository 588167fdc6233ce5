"""The audit log: a chain that shows what was changed, that covers every act, and that unblinds nobody."""

import ast
import csv
import importlib
import inspect
import textwrap
from functools import cache
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import get_resolver, reverse

from reviewsite.reviews.models import AuditEntry, Role, record_act
from reviewsite.reviews.rules import add_member
from reviewsite.trail.verifying import verify
from reviewsite.trail.visibility import entries_for
from screening.citations.labels import make_label, put_on
from screening.deciding.decisions import withdraw
from screening.models import Decision
from screening.rounds.rules import main_round, unblind

from ...extraction.makers import extract, make_study
from ...makers import decide, make_citation, make_member, make_review, make_user
from ..matrix import ROWS
from ..pages import lasting

pytestmark = pytest.mark.django_db

OURS = ("reviewsite.", "screening.", "extraction.", "analysis.")


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def ann(review):
    return make_member(review, name="Ann")


@pytest.fixture
def bob(review):
    return make_member(review, name="Bob")


def said(review, viewer):
    return [entry.act for entry in entries_for(review, viewer)]


def body(client, review, viewer, name="trail:audit"):
    client.force_login(viewer)
    return lasting(client.get(reverse(name, args=[review.slug])))


class TestChain:
    def test_each_entry_holds_the_hash_of_the_one_before(self, review):
        first = record_act(review, review.created_by, "one", a=1.0, b={"c": [1.5, "ü", None]})
        second = record_act(review, None, "two")

        assert (first.number, first.previous) == (1, "")
        assert (second.number, second.previous) == (2, first.sha256)
        assert verify(review).problems == []
        assert verify(review).head == second.sha256

    def test_reviews_have_chains_of_their_own(self, review):
        other = make_review(owner=make_user())
        record_act(review, None, "one")

        assert record_act(other, None, "one").number == 1

    def test_equal_acts_have_different_hashes(self, review):
        other = make_review(owner=make_user())

        assert record_act(review, None, "one").sha256 != record_act(other, None, "one").sha256

    @pytest.mark.parametrize(
        ("harm", "told"),
        [
            (lambda e: e.filter(number=2).update(details={"n": 9}), "entry 2 (two) is not what it was"),
            (lambda e: e.filter(number=2).update(act="deux"), "entry 2 (deux) is not what it was"),
            (lambda e: e.filter(number=2).update(actor_email="x@example.org"), "entry 2 (two) is not what"),
            (lambda e: e.filter(number=2).delete(), "entry 3 follows entry 1"),
            (lambda e: e.filter(number=1).delete(), "entry 2 follows entry 0"),
        ],
    )
    def test_what_was_changed_later_shows(self, review, harm, told):
        for act in ("one", "two", "three"):
            record_act(review, review.created_by, act, n=1)

        harm(AuditEntry.objects.filter(review=review))

        assert any(problem.startswith(told) for problem in verify(review).problems)

    def test_a_log_that_was_written_anew_lacks_the_hash_that_was_noted(self, review):
        noted = record_act(review, None, "one").sha256
        AuditEntry.objects.filter(review=review).delete()
        record_act(review, None, "one")

        assert verify(review).problems == []
        assert "noted earlier" in verify(review, expected=noted).problems[0]

    def test_the_database_lets_no_chain_fork(self, review):
        first = record_act(review, None, "one")
        record_act(review, None, "two")
        fork = AuditEntry(review=review, number=3, act="fork", previous=first.sha256)

        with pytest.raises(IntegrityError), transaction.atomic():
            fork.save()

    def test_a_decision_that_no_entry_tells_of_shows(self, review, ann, bob):
        decision = decide(make_citation(review), ann, "include")
        late = make_citation(review)
        decide(late, ann, "include")
        Decision.objects.filter(pk=decision.pk).update(verdict="maybe")
        Decision.objects.create(
            review=review, citation=late, stage="title_abstract", reviewer=bob, verdict="include"
        )

        told = verify(review).problems

        assert f"decision {decision.client_uuid} says maybe, the log says include" in told
        assert any("has no entry in the log" in problem for problem in told)

    def test_a_key_that_leads_to_another_row_changes_no_hash_and_a_word_does(self, review):
        entry = record_act(review, None, "study made", study="Kim 2016", study_pk=7)

        entry.details = {**entry.details, "study_pk": 70}
        assert entry.computed_hash() == entry.sha256
        entry.details = {**entry.details, "study": "Lee 2016"}
        assert entry.computed_hash() != entry.sha256

    def test_the_command_says_what_it_found(self, review, capsys):
        entry = record_act(review, None, "one")
        call_command("verify_audit")
        assert f"{review.slug} ok, 1 entries, {entry.sha256}" in capsys.readouterr().out

        AuditEntry.objects.filter(pk=entry.pk).update(act="other")
        with pytest.raises(SystemExit):
            call_command("verify_audit", review.slug)
        assert "is not what it was" in capsys.readouterr().out


class TestBlindness:
    @pytest.mark.parametrize("name", ["trail:audit", "trail:audit_csv"])
    def test_a_colleagues_blind_vote_changes_no_page_of_the_log(self, client, review, ann, bob, name):
        citation = make_citation(review)
        viewers = [ann, review.created_by, make_member(review, Role.VIEWER), make_member(review, "extractor")]
        before = [body(client, review, viewer, name) for viewer in viewers]

        decide(citation, bob, "exclude")
        put_on(label=make_label(review=review, name="Dose", by=bob), citation=citation, by=bob)

        after = [body(client, review, viewer, name) for viewer in viewers]
        assert [b"Dose" in each for each in after] == [True] * 4  # that the label was made, and no more
        AuditEntry.objects.filter(act="label made").delete()
        assert [body(client, review, viewer, name) for viewer in viewers] == before

    def test_whoever_acted_reads_their_own(self, review, ann, bob):
        decide(make_citation(review), bob, "exclude")

        assert "decision made" in said(review, bob)
        assert "decision made" not in said(review, ann)

    def test_votes_are_read_once_the_citation_has_its_decisions(self, review, ann, bob):
        citation = make_citation(review)
        decide(citation, bob, "exclude")
        decide(citation, ann, "exclude")

        assert said(review, review.created_by).count("decision made") == 2

    def test_a_vote_that_is_taken_back_makes_the_others_blind_again(self, review, ann, bob):
        citation = make_citation(review)
        decide(citation, bob, "exclude")
        withdraw(decision=decide(citation, ann, "exclude"), by=ann)

        assert "decision made" not in said(review, review.created_by)

    def test_a_round_that_was_unblinded_is_read(self, review, ann, bob):
        decide(make_citation(review), bob, "exclude")
        unblind(
            round=main_round(review=review, stage="title_abstract", by=ann), by=review.created_by, reason="x"
        )

        assert "decision made" in said(review, ann)

    def test_an_extraction_is_read_once_both_are_in(self, review, ann, bob):
        study = make_study(review, [ann, bob])
        extract(study, ann, 3, 10)
        assert "extraction begun" not in said(review, bob)
        assert "extraction begun" in said(review, ann)

        extract(study, bob, 3, 10)

        assert said(review, review.created_by).count("extraction submitted") == 2


class TestPage:
    def test_the_filter_narrows_page_and_file(self, client, review, ann):
        add_member(review=review, email=make_user().email, role="viewer", by=review.created_by)
        record_act(review, ann, "study made", study="Kim 2016")
        client.force_login(ann)

        for query, acts in (
            ({"word": "kim"}, {"study made"}),
            ({"who": ann.pk}, {"study made"}),
            ({"act": "member added"}, {"member added"}),
            ({"until": "2001-01-01"}, set()),
            ({"since": "2001-01-01"}, {"study made", "member added"}),
        ):
            answer = client.get(reverse("trail:audit_csv", args=[review.slug]), query)
            rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))
            assert {row["act"] for row in rows} == acts, query
            page = client.get(reverse("trail:audit", args=[review.slug]), query)
            assert {entry.act for entry in page.context["page"]} == acts, query

    def test_details_of_many_parts_read_as_text(self, client, review, ann):
        record_act(review, ann, "assessed", answers={"1.1": "Y", "1.2": "N"}, people=["Ann", "Bob"], left={})
        client.force_login(ann)

        page = client.get(reverse("trail:audit", args=[review.slug])).content.decode()

        assert "<dd>1.1: Y · 1.2: N</dd>" in page
        assert "<dd>Ann, Bob</dd>" in page
        assert "<dt>left</dt>" not in page

    def test_a_wrong_filter_shows_everything(self, client, review, ann):
        record_act(review, ann, "study made", study="Kim 2016")
        client.force_login(ann)

        answer = client.get(reverse("trail:audit", args=[review.slug]), {"since": "yesterday"})

        assert answer.context["page"].paginator.count == 1


# Views that change something and leave no entry, each with the reason.
NO_ENTRY = {
    "analysis:audit": "Checks printed numbers and keeps nothing.",
    "extraction:assess_compare": "Shows what the algorithm would propose; agreeing is another address.",
    "portability:export_make": "Nothing of the review changes; an entry would make every export differ.",
    "portability:export_act": "The same: it stops or removes a file.",
    "screening:skip": "One's own queue; nothing is decided, and nobody else is told.",
    "screening:keys": "One person's keys in all their reviews.",
    "extraction:new_contrast": "Shows an empty row; it is stored with its first number.",
    "screening:cards": "Leases only: they share out work for half an hour.",
}


class TestCoverage:
    """What leads from every view that changes something to `record_act`, read from the source."""

    @pytest.mark.parametrize(
        "name", sorted({row.page.name for row in ROWS if row.method != "GET" and row.is_of_a_review})
    )
    def test_every_view_that_changes_something_leaves_an_entry(self, name):
        assert reaches(view_called(name)) is (name not in NO_ENTRY), name

    def test_every_rule_that_writes_leaves_an_entry(self):
        silent = {
            f"{module.__name__}.{rule.__name__}" for module, rule in rules() if not reaches(rule)
        } - SILENT_RULES.keys()

        assert not silent

    def test_no_rule_is_excepted_that_leaves_an_entry_or_is_gone(self):
        found = {f"{module.__name__}.{rule.__name__}": rule for module, rule in rules()}

        assert {name for name in SILENT_RULES if name not in found or reaches(found[name])} == set()


# Functions of rules in a transaction that leave no entry themselves, each with the reason.
SILENT_RULES = {
    "reviewsite.portability.transfers.ask_for_export": "Nothing of the review changes.",
    "reviewsite.portability.transfers.ask_for_import": "The review that comes in brings its own log.",
    "reviewsite.portability.transfers.request_cancel": "Nothing of a review changes.",
    "screening.duplicates.deduplication.found_citations": "Part of bringing records in, which leaves one.",
    "screening.duplicates.deduplication.found_aside": "Part of bringing records in, which leaves one.",
    "screening.searches.intake.forget": "Sweeps away what no page and no count has known of.",
    "screening.deciding.refolding.refold": "A projection, rebuilt by the rule that changed its source.",
}


def view_called(name):
    """The innermost view behind an address: decorators keep it as what they wrap."""
    namespace, _, plain = name.partition(":")
    resolver = get_resolver()
    patterns = [
        pattern
        for included in resolver.url_patterns
        if getattr(included, "namespace", "") == namespace
        for pattern in included.url_patterns
        if pattern.name == plain
    ]
    return inspect.unwrap(patterns[0].callback)


def rules():
    """Public functions of our modules that open a transaction."""
    for module in ours():
        for function in vars(module).values():
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                inner = inspect.unwrap(function)
                decorators = [ast.unparse(each) for each in tree_of(inner).body[0].decorator_list]
                if "transaction.atomic" in decorators and not inner.__name__.startswith("_"):
                    yield module, inner


@cache
def ours():
    names = set()
    for name in list(importlib.sys.modules):
        if name.startswith(OURS) and "migrations" not in name and ".management." not in name:
            names.add(name)
    return [importlib.import_module(name) for name in sorted(names)]


@cache
def tree_of(function):
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


@cache
def reaches(function):
    """Whether `record_act` is called by this function, or by any of ours that it names."""
    seen, waiting = set(), [function]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if each.__name__ == "record_act":
            return True
        module = inspect.getmodule(each)
        for name in names_in(tree_of(each)):
            found = named(module, name)
            # A table of functions by name stands for every one of them.
            found = found.values() if isinstance(found, dict) else [found]
            waiting += [
                inspect.unwrap(one)
                for one in found
                if inspect.isfunction(one) and one.__module__.startswith(OURS)
            ]
    return False


def names_in(tree):
    """Dotted names, and the names imported within."""
    found = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute))}
    return sorted(found)


def named(module, name):
    found = module
    for part in name.split("."):
        found = getattr(found, part, None)
        if found is None:
            return None
    return getattr(found, "func", found)
