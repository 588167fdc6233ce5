"""Makers of studies and extractions through the real rules."""

from extraction.agreeing.consensus import LEFT, Choice, agree, compare, pair_of
from extraction.bias.appraisals import plan_appraisal
from extraction.bias.assessments import save_assessment, start_assessment, submit_assessment
from extraction.bias.sheet import Given, Sheet
from extraction.building.vocabulary import add_outcome
from extraction.entering.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import Appraisal, ArmResult, Extraction, Outcome
from extraction.risk_of_bias import MINORS, Tool
from reviewsite.reviews.models import Review, Stage
from screening.full_text.retrieval import record_retrieval
from screening.models import Study
from screening.studies.grouping import create_study

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
        choices={item.key: Choice(LEFT) for item in items if not item.is_equal},
    )


def make_agreed(review: Review, reviewers, label: str, events: int, n: int) -> Extraction:
    study = make_study(review, reviewers, label)
    for person in reviewers:
        extract(study, person, events, n)
    return agree_on_left(study, reviewers[0])


def make_appraisal(review: Review, tool: Tool = MINORS, **fields) -> Appraisal:
    """The tool in use in the review, planned when it is not yet."""
    found = review.appraisals.filter(tool_key=tool.key).first()
    return found or plan_appraisal(review=review, by=review.created_by, tool=tool, **fields)


def minors_sheet(scores: str, support: str = "") -> Sheet:
    given = zip(MINORS.items, scores, strict=True)
    return Sheet({item.number: Given(score, support) for item, score in given})


def assess_with(appraisal: Appraisal, study: Study, person, sheet: Sheet):
    """A submitted assessment of what the sheet says."""
    own = start_assessment(study=study, assessor=person, appraisal=appraisal)
    save_assessment(assessment=own, by=person, sheet=sheet)
    return submit_assessment(assessment=own, by=person)


def assess(study: Study, person, scores: str, support: str = ""):
    """A submitted MINORS assessment."""
    return assess_with(make_appraisal(study.review), study, person, minors_sheet(scores, support))
