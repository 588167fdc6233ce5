"""Every address of a review, with real rows behind its arguments."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from analysis.certainty.rules import add_profile
from analysis.runs import run
from analysis.specs import create_spec
from extraction.agreeing.consensus import rows_of
from extraction.bias.assessments import agree as agree_bias
from extraction.bias.sheet import Sheet
from reviewsite.portability.models import Transfer
from reviewsite.reporting.versions import freeze
from reviewsite.reviews.invitations import invite
from reviewsite.reviews.jobs import enqueue
from reviewsite.reviews.models import Review
from screening.citations.labels import make_label
from screening.deciding.bulk import ask_for
from screening.duplicates.deduplication import link_duplicates
from screening.models import DuplicateLink, PairSample
from screening.prisma.report import record_event
from screening.rounds.rules import main_round
from screening.searches.imports import register_file
from screening.searches.saved_searches import save_search
from screening.studies.grouping import mark_overlap

from ..extraction.makers import assess, make_agreed, make_outcome, make_study
from ..makers import make_search_run
from ..screening.documents.makers import make_document

# The API has a table of its own: tests/reviewsite/api.
API = "winnow-api"
TITLE = "Zorifen for chronic itch in adults: a randomised trial of forty weeks"


# What differs between any two answers: tokens, identifiers made for one page, times.
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|name="client_uuid" value="[^"]+"'
    rb"|\d{1,2} \w+ \d{4}, \d\d:\d\d(:\d\d)?"
)


@dataclass(frozen=True)
class Page:
    """A named address of a review. Each of `arguments` names a row in `rows_of_review`."""

    name: str
    arguments: tuple[str, ...] = ()
    query: str = ""

    def url(self, review: Review, rows: dict[str, object]) -> str:
        if self.name.startswith("/"):
            return self.name
        arguments = [rows[name] for name in self.arguments]
        try:
            return reverse(self.name, args=[review.slug, *arguments]) + self.query
        except NoReverseMatch:  # an address outside reviews
            return reverse(self.name, args=arguments) + self.query


def patterns(
    resolver: URLResolver | None = None, namespace: str = "", route: str = "/"
) -> dict[str, URLPattern]:
    """Every URL pattern of the site by its full name; one without a name goes by its whole route."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace == API:
            continue
        if isinstance(entry, URLResolver):
            within = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found |= patterns(entry, within, f"{route}{entry.pattern}")
        else:
            found[f"{namespace}{entry.name}" if entry.name else f"{route}{entry.pattern}"] = entry
    return found


def populate(review: Review, people) -> dict[str, object]:
    """Rows of every kind in a review, and what each address needs to name one of them."""
    first = make_search_run(review, [TITLE], authors=["Arden, P."], year=2019).records.get()
    run_of_copy = make_search_run(review, [TITLE], database="Embase", authors=["Arden, P."], year=2019)
    link_duplicates(search_run=run_of_copy)
    agreed = make_agreed(review, people, "Agreed 2020", 30, 40)
    waiting = make_study(review, people, "Waiting 2021")
    for person in people:
        assess(agreed.study, person, "22222222")
    appraisal = review.appraisals.get()
    agree_bias(study=agreed.study, settled_by=people[0], appraisal=appraisal, sheet=Sheet())
    overlap = mark_overlap(kept=agreed.study, left_out=waiting, reason="Same ward.", by=people[0])
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=make_outcome(review))
    stored = run(spec=spec, by=review.created_by)
    job = enqueue(review=review, kind="import", title="Reading", requested_by=review.created_by)
    table = register_file(
        review=review,
        content=b"Title,Stars\nItch,5\n",
        file_name="t.csv",
        database="CSV",
        by=review.created_by,
    )
    document = make_document(review, people[0], report=waiting.reports.get())
    saved = save_search(review=review, name="Itch", query="itch", schedule="by_hand", by=review.created_by)
    round = main_round(review=review, stage="title_abstract", by=review.created_by)
    invitation, secret = invite(review=review, email="asked@example.org", role="viewer", by=review.created_by)
    label = make_label(review=review, name="Check the dose", by=people[0])
    bulk = ask_for(
        review=review,
        stage="title_abstract",
        citations=[first.citation.pk],
        verdict="exclude",
        reason=None,
        note="Too old.",
        by=review.created_by,
    )
    event = record_event(
        review=review,
        by=people[0],
        kind="previous",
        on=date(2020, 1, 1),
        studies=3,
        reports=3,
        note="Published in 2020.",
    )
    transfer = Transfer.objects.create(
        direction="out", review=review, asked_by=review.created_by, state="done", file_name="r.zip"
    )
    transfer.file.save("r.zip", ContentFile(b"PK\x05\x06" + bytes(18)))  # a ZIP with nothing in it
    return {
        "transfer": transfer.pk,
        "flow_event": event.pk,
        "version": freeze(review=review, name="Version 1", by=review.created_by).number,
        "kit": _made_kit(review).pk,
        "docx": "docx",
        "revman": "revman",
        "checklist": "prisma-2020",
        "bulk": bulk.pk,
        "label": label.pk,
        "round": round.pk,
        "table": table.pk,
        "saved": saved.pk,
        "document": document.pk,
        "page": 1,
        "stage": "title_abstract",
        "citation": first.citation.pk,
        "record": first.pk,
        "run": run_of_copy.pk,
        "link": DuplicateLink.objects.filter(review=review).get().pk,
        "report": waiting.reports.get().pk,
        "overlap": overlap.pk,
        "study": agreed.study.pk,
        "appraisal": appraisal.pk,
        "tool": "rob2",
        "profile": add_profile(review=review, by=review.created_by, spec=spec).pk,
        "traffic": "traffic",
        "caterpillar": "caterpillar",
        "waiting": waiting.pk,
        "form": agreed.form_version.number,
        "row": rows_of(agreed)[0].pk,
        "spec": spec.pk,
        "analysis_run": stored.pk,
        "membership": review.memberships.exclude(user=review.created_by).first().pk,
        "job": job.pk,
        "sample": PairSample.objects.create(
            review=review, threshold=0.5, link_ids=[], drawn_by=review.created_by
        ).pk,
        "help_page": "guide",
        "picture_name": "flow",
        "sample_file": "pubmed",
        "texts_language": "es",
        "tour_step": 2,
        "provider": "institution",
        "secret": secret,
        "invitation": invitation.pk,
        "key": "no-such-key",
        "uid": "1",
        "svg": "svg",
        "csv": "csv",
        "xlsx": "xlsx",
        "all": "all",
    }


def _made_kit(review: Review):
    """A kit as the worker leaves it; making one for every test would take their time."""
    job = enqueue(review=review, kind="report", title="Kit", requested_by=review.created_by)
    kit = review.manuscript_kits.create(job=job, asked_by=review.created_by, sha256="0" * 64)
    kit.word_file.save("kit.docx", ContentFile(b"PK"))
    kit.zip_file.save("kit.zip", ContentFile(b"PK"))
    return kit


def lasting(answer) -> bytes:
    """An answer's body without what differs between any two answers."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return CHANGING.sub(b"", content)
