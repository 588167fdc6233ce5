"""RoB 2 by hand: rows read off the flow charts of the guidance of 22 August 2019 (riskofbias.info)."""

from itertools import product

import pytest

from extraction.risk_of_bias import AnswersRefused, tool
from extraction.risk_of_bias.judging import judge, parse_answers

ROB2 = tool("rob2")

HAND_PICKED = [
    # Randomisation: figure 1 of the guidance.
    ("D1", "1.1=Y;1.2=Y;1.3=N", "Low"),
    ("D1", "1.1=NI;1.2=PY;1.3=NI", "Low"),
    ("D1", "1.1=PY;1.2=Y;1.3=PY", "Some concerns"),
    ("D1", "1.1=N;1.2=Y;1.3=N", "Some concerns"),
    ("D1", "1.1=Y;1.2=NI;1.3=NI", "Some concerns"),
    ("D1", "1.1=Y;1.2=NI;1.3=PY", "High"),
    ("D1", "1.1=Y;1.2=PN;1.3=N", "High"),
    # Deviations, effect of assignment: both parts and the worse of them.
    ("D2A.part1", "2.1=N;2.2=PN;2.3=NA;2.4=NA;2.5=NA", "Low"),
    ("D2A.part1", "2.1=Y;2.2=N;2.3=PN;2.4=NA;2.5=NA", "Low"),
    ("D2A.part1", "2.1=Y;2.2=Y;2.3=NI;2.4=NA;2.5=NA", "Some concerns"),
    ("D2A.part1", "2.1=Y;2.2=Y;2.3=Y;2.4=N;2.5=NA", "Some concerns"),
    ("D2A.part1", "2.1=Y;2.2=Y;2.3=PY;2.4=NI;2.5=PY", "Some concerns"),
    ("D2A.part1", "2.1=NI;2.2=N;2.3=PY;2.4=Y;2.5=NI", "High"),
    ("D2A.part2", "2.6=PY;2.7=NA", "Low"),
    ("D2A.part2", "2.6=N;2.7=PN", "Some concerns"),
    ("D2A.part2", "2.6=NI;2.7=NI", "High"),
    ("D2A.combine", "part1=Some concerns;part2=Low", "Some concerns"),
    ("D2A.combine", "part1=Low;part2=High", "High"),
    ("D2A", "2.1=N;2.2=N;2.6=Y", "Low"),
    ("D2A", "2.1=Y;2.2=Y;2.3=NI;2.6=N;2.7=Y", "High"),
    # Deviations, effect of adhering.
    ("D2B", "2.1=N;2.2=N;2.3=NA;2.4=NA;2.5=PN;2.6=NA", "Low"),
    ("D2B", "2.1=Y;2.2=N;2.3=PY;2.4=N;2.5=N;2.6=NA", "Low"),
    ("D2B", "2.1=N;2.2=N;2.3=NA;2.4=NI;2.5=N;2.6=Y", "Some concerns"),
    ("D2B", "2.1=Y;2.2=N;2.3=NI;2.4=N;2.5=N;2.6=PY", "Some concerns"),
    ("D2B", "2.1=Y;2.2=N;2.3=NA;2.4=N;2.5=Y;2.6=NI", "High"),
    # Missing data.
    ("D3", "3.1=PY;3.2=NA;3.3=NA;3.4=NA", "Low"),
    ("D3", "3.1=NI;3.2=PN;3.3=N;3.4=NA", "Low"),
    ("D3", "3.1=N;3.2=N;3.3=NI;3.4=PN", "Some concerns"),
    ("D3", "3.1=N;3.2=N;3.3=Y;3.4=NI", "High"),
    # Measurement: with 4.2 unknown the result is at best of some concern.
    ("D4", "4.1=Y;4.2=NA;4.3=NA;4.4=NA;4.5=NA", "High"),
    ("D4", "4.1=N;4.2=PN;4.3=N;4.4=NA;4.5=NA", "Low"),
    ("D4", "4.1=NI;4.2=NI;4.3=PN;4.4=NA;4.5=NA", "Some concerns"),
    ("D4", "4.1=N;4.2=N;4.3=Y;4.4=PN;4.5=NA", "Low"),
    ("D4", "4.1=N;4.2=NI;4.3=Y;4.4=PN;4.5=NA", "Some concerns"),
    ("D4", "4.1=N;4.2=N;4.3=NI;4.4=Y;4.5=N", "Some concerns"),
    ("D4", "4.1=N;4.2=N;4.3=NI;4.4=NI;4.5=NI", "High"),
    # Reported result.
    ("D5", "5.1=Y;5.2=N;5.3=PN", "Low"),
    ("D5", "5.1=NI;5.2=N;5.3=N", "Some concerns"),
    ("D5", "5.1=Y;5.2=NI;5.3=N", "Some concerns"),
    ("D5", "5.1=Y;5.2=NI;5.3=PY", "High"),
    ("OVERALL", "D1=Low;D2=Low;D3=Low;D4=Low;D5=Low", "Low"),
    ("OVERALL", "D1=Low;D2=Some concerns;D3=Low;D4=Some concerns;D5=Low", "Some concerns"),
    ("OVERALL", "D1=Low;D2=Some concerns;D3=Low;D4=Low;D5=High", "High"),
]


@pytest.mark.parametrize(("where", "answers", "expected"), HAND_PICKED)
def test_answers_lead_where_the_guidance_says(where, answers, expected):
    assert judge(ROB2, where, parse_answers(answers)).judgement == expected


def test_the_path_names_the_answers_that_decided():
    path = ROB2.domain("D1").propose({"1.1": "Y", "1.2": "NI", "1.3": "PY"}).path

    assert [passed.read for passed in path] == [(("1.2", "NI"),), (("1.3", "PY"),)]
    assert path[-1].target == "High"


def test_a_judgement_is_proposed_as_soon_as_it_is_certain():
    proposal = ROB2.domain("D1").propose({"1.2": "N"})

    assert proposal.judgement == "High"
    assert ROB2.domain("D1").propose({"1.1": "Y"}).waits_for == ("1.2",)


def test_a_question_is_asked_only_when_it_is_reached():
    missing = ROB2.domain("D3")

    assert [q.number for q in missing.reached({})] == ["3.1"]
    assert [q.number for q in missing.reached({"3.1": "N", "3.2": "PN"})] == ["3.1", "3.2", "3.3"]
    assert [q.number for q in missing.missing({"3.1": "N", "3.2": "PN"})] == ["3.3"]


@pytest.mark.parametrize("key", ["D1", "D2A", "D2B", "D3", "D4", "D5"])
def test_every_combination_of_answers_has_a_judgement(key):
    """Also those with answers to questions that are not reached: they change nothing."""
    domain = ROB2.domain(key)
    choices = [
        ("Y", "N", "NI") if "NI" in {a.value for a in q.answers} else ("Y", "N") for q in domain.questions
    ]

    for combination in product(*choices):
        given = dict(zip([q.number for q in domain.questions], combination, strict=True))
        proposal = domain.propose(given)
        assert proposal.judgement in {"Low", "Some concerns", "High"}, given
        reached = {q.number for q in domain.reached(given)}
        assert domain.propose({n: a for n, a in given.items() if n in reached}) == proposal


@pytest.mark.parametrize(
    ("where", "answers", "told"),
    [
        ("D9", "1.1=Y", "no domain “D9”"),
        ("D1", "1.1=Y;1.2=Y;1.9=N", "no question “1.9”"),
        ("D1", "1.1=Y;1.2=Maybe;1.3=N", "1.2: “MAYBE” is no answer"),
        ("D1", "1.1=Y;1.2=NA;1.3=N", "1.2: the question is reached"),
        ("D3", "3.1=N;3.2=NI", "3.2: “NI” is no answer"),
        ("D1", "1.1=Y;1.2=Y", "1.3 has no answer"),
        ("D1", "1.1=Y;1.1=N", "answered twice"),
        ("D1", "yes", "not written as question=answer"),
        ("D2A.part3", "2.1=Y", "no part “part3”"),
        ("D2A.combine", "part1=Low", "part2 is missing"),
        ("OVERALL", "D1=Low;D2=Fine", "D2 is “Fine”"),
    ],
)
def test_what_cannot_be_judged_is_named(where, answers, told):
    with pytest.raises(AnswersRefused, match=told):
        judge(ROB2, where, parse_answers(answers))
