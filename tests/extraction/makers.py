"""Makers of studies and extractions through the real rules."""

from extraction.assessments import Given, save_judgements, start_assessment, submit_assessment
from extraction.consensus import LEFT, Choice, agree, compare, pair_of
from extraction.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import ArmResult, Extraction, Outcome
from extraction.risk_of_bias import MINORS
from extraction.vocabulary import add_outcome
from reviewsite.reviews.models import Review, Stage
from screening.models import Study
from screening.retrieval import record_retrieval
from screening.studies import create_study

from ..makers import decide, make_citation

ANSWERS = {"design": "Single-arm trial", "population": "Adults", "n": "40", "regimen": "Zorifen"}


def make_study(review: Review, reviewers, label: str = "Arden 2019") -> Study:
    """A study of one report that two people took through both stages."""
    citation = make_citation(review, f"Report of {label}")
    for person in reviewers:
        decide(citation, person, "include")
    record_retrieval(reports=[citation.report], state="obtained", by=reviewers[0])
    for person in reviewers:
        decide(citation, person, "include", Stage.FULL_TEXT)
    return create_study(review=review, label=label, reports=[citation.report], by=reviewers[0])


def make_outcome(review: Review, name: str = "Response") -> Outcome:
    return add_outcome(review=review, by=review.created_by, name=name)


def extract(study: Study, person, events: int, n: int, *, note: str = "", **row) -> Extraction:
    """A submitted extraction with one result row."""
    extraction = start_extraction(study=study, extractor=person)
    answers = {name: {"value": value} for name, value in {**ANSWERS, "note": note}.items()}
    save_answers(extraction=extraction, by=person, answers=answers)
    outcome = make_outcome(study.review)
    result = ArmResult(arm=extraction.arms.get(), outcome=outcome, events=events, n=n, **row)
    save_rows(extraction=extraction, by=person, rows=[result])
    return submit(extraction=extraction, by=person)


def agree_on_left(study: Study, person) -> Extraction:
    items = compare(*pair_of(study))
    return agree(
        study=study,
        settled_by=person,
        choices={item.number: Choice(LEFT) for item in items if not item.is_equal},
    )


def make_agreed(review: Review, reviewers, label: str, events: int, n: int) -> Extraction:
    study = make_study(review, reviewers, label)
    for person in reviewers:
        extract(study, person, events, n)
    return agree_on_left(study, reviewers[0])


def assess(study: Study, person, scores: str, support: str = ""):
    own = start_assessment(study=study, assessor=person, tool=MINORS)
    given = {item.number: Given(score, support) for item, score in zip(MINORS.items, scores, strict=True)}
    save_judgements(assessment=own, by=person, given=given)
    return submit_assessment(assessment=own, by=person)
