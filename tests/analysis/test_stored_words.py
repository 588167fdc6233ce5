"""What runs hold and packages without Django say has its words in other languages, all of it."""

import importlib

import pytest
from django.utils.translation import gettext, override

from analysis.audit import AuditProblem, Severity, Verdict, read_table
from analysis.data import dataset
from analysis.estimate import results
from analysis.estimate.measures import MEASURES
from analysis.estimate.plan import Plan
from analysis.estimate.robustness import multiverse, small_study_tests
from analysis.estimate.rows import RowChange
from analysis.figures.run_pictures import ALL
from analysis.grade import DOMAINS
from analysis.grade.certainty import LEVELS, words
from analysis.grade.proposals import propose
from analysis.pooling.effect_sizes import records
from analysis.stored_words import SENTENCES, in_words

from .audit.test_audit import PUBLISHED, one, reports
from .certainty.test_grade import ratio
from .estimate.test_results import trials

engine = importlib.import_module("analysis.pooling.pool")
SAME_IN_SPANISH = {"Doi", "Baujat", "GOSH", "Drapery", "L'Abbé", "Radial", "no", "Mantel-Haenszel", "Peto"}


def in_spanish(text):
    with override("es"):
        return in_words(text)


def untold(texts):
    """The texts that stay English."""
    return [text for text in texts if text not in SAME_IN_SPANISH and in_spanish(text) == text]


def test_labels_of_measures_figures_domains_and_levels():
    assert untold(measure.label for measure in MEASURES.values()) == []
    assert untold(ALL.values()) == []
    assert untold(domain.label for domain in DOMAINS) == []
    assert untold(LEVELS.values()) == []
    assert untold(words(domain, steps) for domain in DOMAINS for steps in domain.choices) == []
    assert untold([*Severity, *Verdict]) == []


def test_notes_and_refusals_of_a_run():
    constants = [results.OUTSIDE, results.NO_ROWS, results.PETO_WHEN]
    names = ("ONE_STUDY", "NO_WIDTH", "SMALL_SCALE", "NO_TAU2", "NO_PREDICTION")
    reasons = (records.NOT_REPORTED, records.NO_EVENTS, records.TOO_SMALL, records.NO_PERSONS)

    assert untold([*constants, *(getattr(engine, name) for name in names), *reasons]) == []


def test_why_rows_are_left_out():
    told = (dataset.SECOND_ROW, dataset.NO_COMPARATOR, dataset.NO_INTERVENTION, *dataset.MISSING.values())

    assert untold(told) == []
    assert in_spanish("Reported as risk ratio, which is not what is pooled here.").startswith(
        "Publicado como"
    )
    assert in_spanish("No study has an effect to pool: a group has no persons.") == (
        "Ningún estudio tiene un efecto que combinar: un grupo no tiene personas."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"weight_by_tone": {"low": 70.0, "high": 20.0, "unknown": 10.0}},
        {"k": 1},
        {"i2": None},
        {"i2": 80.0, "prediction": (0.5, 1.3)},
        {"participants": 500, "baseline_risk": 0.2},
        {"low": 0.7, "high": 1.1},
        {"low": 0.7, "high": 1.4},
        {"low": 0.9, "high": 1.1},
        {"k": 12, "asymmetry_p": 0.01},
        {"k": 12},
        {"null": None, "is_ratio": False, "participants": 100, "k": 12, "asymmetry_p": 0.2},
        {"null": None, "is_ratio": False, "prediction": (0.1, 0.9)},
    ],
)
def test_proposals_for_certainty(changed):
    proposals = propose(ratio(**changed)).values()

    # "I² = 60%." is the same in every language.
    assert untold(s for each in proposals for s in each.because if not s.startswith("I² =")) == []


def test_findings_of_the_audit():
    found = [*reports(PUBLISHED).values(), *reports(PUBLISHED, persons=1068).values()]
    found += reports(PUBLISHED, most_studies=16).values()
    lines = (
        "survival,5.3,9.6,29.8,,,,,,,percent",
        "a,1.5,2.0,1.1,,,,,,,ratio",
        "a,104,90,108,,,,,,,percent",
        "a,-0.5,-1,2,,,,,,,OR",
        "a,1.5,1.1,2.0,,,120,,,,OR",
        "a,1.5,1.1,2.0,,,20,1.2,,,OR",
        "a,1.5,1.1,2.0,,,0,0.03,,,OR",
        "a,1.5,1.1,2.0,,,50,0.002,4,,OR",
        "bcg,0.49,0.34,0.70,0.16,1.54,92.2,<0.001,13,,RR",
    )
    found += [one(line) for line in lines]
    found += reports("outcome,time,est\noverall survival,1 year,40\noverall survival,24 months,55\n").values()
    found += reports("outcome,estimate\nObjective response,60\nComplete response,70\n").values()
    findings = [finding for report in found for finding in report.findings]

    assert len(findings) > 40
    assert untold({finding.sentence for finding in findings}) == []
    assert untold({finding.assumption for finding in findings} - {""}) == []
    assert untold(["Our result", "Printed elsewhere", "Extracted estimate"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "outcome,estimate\n",
        "outcome,ci_low\na,1\n",
        "outcome,estimate\na,many\n",
        "outcome,estimate,ci_low,ci_high\na,1,0.5,\n",
        "outcome,estimate,k\na,1,some\n",
        "outcome,estimate,scale\na,1,parsec\n",
        "outcome,estimate\na,1,2\n",
    ],
)
def test_tables_that_cannot_be_read(text):
    with pytest.raises(AuditProblem) as problem:
        read_table("t.csv", text)

    assert untold([str(problem.value)]) == []


def test_other_choices_and_tests_of_a_run():
    rows, plan = trials("rr-reml-z")[0], Plan("RR")

    assert untold({each.label for each in multiverse(rows, plan)}) == []
    tests = small_study_tests(rows, plan)[0]
    assert untold(text for test in tests for text in (test.name, test.says)) == []
    assert untold([small_study_tests(rows[:5], plan)[1]]) == []
    assert in_spanish("t = 2.10 on 11 df") == "t = 2.10 con 11 gl"


def test_changes_of_rows():
    row = trials("rr-reml-z")[0][0]

    assert in_spanish(RowChange("Arden", None, row).sentence).startswith("añadido: ")
    assert in_spanish(RowChange("Arden", row, None).sentence).startswith("ya no está: ")


@pytest.mark.parametrize("text", ["Zorifen v placebo", "Arden 2019", "", "1.5 [1.1, 2.0]"])
def test_words_of_people_stay_as_they_are(text):
    assert in_spanish(text) == text


def test_every_sentence_has_its_translation():
    with override("es"):
        assert [each for each in SENTENCES if gettext(each) == each and each not in SAME_IN_SPANISH] == [
            "{domain}: {reason}"
        ]
