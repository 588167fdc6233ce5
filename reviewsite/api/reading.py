"""What may be read: the same rows that the pages show to the same person."""

from dataclasses import asdict
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.runs import standings
from extraction.models import Extraction
from extraction.tables.outputs import long_contrasts, long_results
from reviewsite.reviews.models import Membership, Review, Stage
from reviewsite.trail.visibility import blind_citations, no_longer_blind
from screening.citations.listing import Narrowing, listed
from screening.deciding.conclusions import Conclusion
from screening.deciding.conflict_desk import pile
from screening.models import Decision, Report
from screening.prisma.counts import flow_counts, included_studies

from . import schemas as s
from . import showing
from .door import member
from .pages import Cursor, Limit, Page, list_page_of, page_of
from .router import router


@router.get("/me", response=s.Me, tags=["You"])
def me(request: HttpRequest) -> dict[str, Any]:
    """Whose token this is, and what it may do."""
    token = request.auth  # type: ignore[attr-defined]
    return {
        "email": token.person.email,
        "name": str(token.person),
        "token": token.name,
        "may_write": token.may_write,
    }


@router.get("/reviews", response=Page[s.ReviewOut], tags=["Reviews"])
def reviews(request: HttpRequest, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The reviews of which you are a member."""
    mine = Membership.objects.current().filter(user=request.user).select_related("review")
    return page_of(mine, showing.review_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}", response=s.ReviewOut, tags=["Reviews"])
def review(request: HttpRequest, slug: s.Slug) -> dict[str, Any]:
    """One review, with your role in it and what its protocol asks for."""
    return showing.review_shown(member(request, slug))


@router.get("/reviews/{slug}/records", response=Page[s.RecordOut], tags=["Screening"])
def records(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """Every record of a complete search run, also copies."""
    found = member(request, slug).review.records.identified().select_related("search_run").defer("raw")
    return page_of(found, showing.record_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/citations", response=Page[s.CitationOut], tags=["Screening"])
def citations(
    request: HttpRequest,
    slug: s.Slug,
    words: s.text(200) = "",  # type: ignore[valid-type]
    title_abstract: Conclusion | None = None,
    full_text: Conclusion | None = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """The deduplicated citations, narrowed to words of title or abstract and to states where given."""
    wanted = Narrowing(text=words, title_abstract=title_abstract or "", full_text=full_text or "")
    found = listed(member(request, slug).review, request.user, wanted)
    rows = found.with_records().select_related("report")
    return page_of(rows, showing.citation_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/citations/{citation}", response=s.CitationOut, tags=["Screening"])
def citation(request: HttpRequest, slug: s.Slug, citation: s.Key) -> dict[str, Any]:
    """One citation; a copy that was merged is not found under its own number."""
    rows = member(request, slug).review.citations.live().with_records().select_related("report")
    return showing.citation_shown(get_object_or_404(rows, pk=citation))


@router.get("/reviews/{slug}/reasons", response=list[s.ReasonOut], tags=["Screening"])
def reasons(request: HttpRequest, slug: s.Slug) -> list[dict[str, Any]]:
    """The exclusion reasons that are offered now."""
    offered = member(request, slug).review.exclusion_reasons.filter(retired_at=None)
    return list(offered.order_by("stage", "position").values("id", "stage", "label"))


@router.get("/reviews/{slug}/decisions", response=Page[s.DecisionOut], tags=["Screening"])
def decisions(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """Your own decisions, with all that you changed."""
    mine = Decision.objects.filter(review=member(request, slug).review, reviewer=request.user)
    rows = mine.select_related("citation", "reason", "superseded_by")
    return page_of(rows, showing.decision_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/votes", response=Page[s.VoteOut], tags=["Screening"])
def votes(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """Everybody's decisions on citations that are no longer blind to you; your own always."""
    rows = readable_votes(member(request, slug).review, request.user)
    return page_of(rows, showing.vote_shown, cursor=cursor, limit=limit)


def readable_votes(review: Review, viewer: Any) -> Any:
    is_open = Q(reviewer=viewer)
    for stage in Stage.values:
        is_open |= Q(stage=stage) & ~Q(citation__in=blind_citations(review, stage))
    rows = Decision.objects.filter(is_open, review=review)
    return rows.select_related("citation", "reason", "reviewer", "superseded_by")


@router.get("/reviews/{slug}/conflicts", response=Page[s.ConflictOut], tags=["Screening"])
def conflicts(
    request: HttpRequest,
    slug: s.Slug,
    stage: s.StageName = "title_abstract",
    cursor: Cursor = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """The open conflicts of a stage with their votes; a citation in conflict is no longer blind."""
    found = pile(member(request, slug).review, Stage(stage))
    page = list_page_of(found.keys, int, lambda key: {"citation": key}, cursor=cursor, limit=limit)
    cases = found.listed([row["citation"] for row in page["items"]])
    return {"items": [showing.conflict_shown(case, stage) for case in cases], "next": page["next"]}


@router.get("/reviews/{slug}/conclusions", response=Page[s.ConclusionOut], tags=["Screening"])
def conclusions(
    request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100
) -> dict[str, Any]:
    """What the team has come to on each citation; undecided until every vote is in."""
    live = member(request, slug).review.citations.live().order_by()

    def shown(row: Any) -> dict[str, Any]:
        states = {"title_abstract": row.title_abstract_state, "full_text": row.full_text_state}
        return {"citation": row.pk, **states}

    return page_of(live, shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/reports", response=Page[s.ReportOut], tags=["Studies"])
def reports(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The reports of citations included on title and abstract, and where getting hold of each stands."""
    sought = Report.objects.filter(review=member(request, slug).review).sought()
    rows = sought.select_related("citation__representative")
    return page_of(rows, showing.report_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/studies", response=Page[s.StudyOut], tags=["Studies"])
def studies(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The studies with their reports, and whether each is included."""
    review = member(request, slug).review
    included = set(included_studies(review).values_list("pk", flat=True))
    rows = review.studies.prefetch_related("reports")
    return page_of(rows, lambda row: showing.study_shown(row, included), cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/vocabulary", response=s.Vocabulary, tags=["Extraction"])
def vocabulary(request: HttpRequest, slug: s.Slug) -> dict[str, Any]:
    """Outcomes and time points, by which results are named."""
    review = member(request, slug).review
    return {"outcomes": list(review.outcomes.all()), "time_points": list(review.time_points.all())}


@router.get("/reviews/{slug}/extractions", response=Page[s.ExtractionOut], tags=["Extraction"])
def extractions(
    request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100
) -> dict[str, Any]:
    """Your own, the agreed ones, and colleagues' once two people have submitted on the study."""
    rows = readable_extractions(member(request, slug).review, request.user)
    return page_of(rows, showing.extraction_shown, cursor=cursor, limit=limit)


def readable_extractions(review: Review, viewer: Any) -> Any:
    is_open = Q(extractor=viewer) | Q(kind="agreed") | Q(pk__in=no_longer_blind(review, Extraction))
    rows = Extraction.objects.filter(is_open, review=review)
    return rows.select_related("extractor", "form_version", "superseded_by").prefetch_related("arms")


@router.get("/reviews/{slug}/results", response=s.TableOut, tags=["Data"])
def results(request: HttpRequest, slug: s.Slug) -> Any:
    """The agreed results, one row an arm, outcome and time point: a data frame."""
    return long_results(member(request, slug).review)


@router.get("/reviews/{slug}/contrasts", response=s.TableOut, tags=["Data"])
def contrasts(request: HttpRequest, slug: s.Slug) -> Any:
    """The agreed comparisons between arms, as reported."""
    return long_contrasts(member(request, slug).review)


@router.get("/reviews/{slug}/analyses", response=Page[s.AnalysisOut], tags=["Data"])
def analyses(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The analyses with their settings, and whether the latest run still speaks for the present rows."""
    found = standings(member(request, slug).review)
    return list_page_of(found, lambda row: row.spec.pk, showing.analysis_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/runs", response=Page[s.RunOut], tags=["Data"])
def runs(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """Every run of every analysis, with its result as it was stored."""
    rows = AnalysisRun.objects.filter(spec__review=member(request, slug).review).select_related("snapshot")
    return page_of(rows, showing.run_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/flow", response=s.FlowOut, tags=["Data"])
def flow(request: HttpRequest, slug: s.Slug) -> dict[str, Any]:
    """The numbers of the PRISMA flow."""
    counts = asdict(flow_counts(member(request, slug).review))
    return {"on": timezone.localdate(), "counts": counts}
