"""GRADE arithmetic: absolute effects, optimal information size, proposals and the level they lead to."""

import pytest

from analysis.grade import Evidence, RelativeMeasure, absolute_effect, certainty, propose
from analysis.grade.absolute import risk_with
from analysis.grade.proposals import optimal_information_size, single_arm_size


@pytest.mark.parametrize(
    ("measure", "effect", "fewer"),
    [
        # Cochrane Handbook 5.1, 12.5.4.2 and 12.5.4.3: at an assumed risk of 0.3, a risk ratio of 0.92
        # means 24 # fewer per 1,000, and an odds ratio of 0.73 means 62 fewer.
        (RelativeMeasure.RR, 0.92, 24),
        (RelativeMeasure.OR, 0.73, 62),
    ],
)
def test_absolute_effects_are_those_of_the_handbook(measure, effect, fewer):
    found = absolute_effect(measure, effect, effect, effect, 300)

    assert round(-found.difference) == fewer


def test_a_hazard_ratio_of_one_and_a_risk_difference_do_what_they_say():
    assert risk_with(RelativeMeasure.HR, 1.0, 0.4) == pytest.approx(0.4)
    # Half the hazard: the share without the event is its square root, 1 - sqrt(0.64) = 0.2.
    assert risk_with(RelativeMeasure.HR, 0.5, 0.36) == pytest.approx(0.2)
    assert risk_with(RelativeMeasure.RD, -0.5, 0.36) == 0
    assert risk_with(RelativeMeasure.RR, 4, 0.36) == 1


def test_what_is_no_risk_or_no_ratio_is_refused():
    with pytest.raises(ValueError, match="baseline risk"):
        risk_with(RelativeMeasure.RR, 1, 1.2)
    with pytest.raises(ValueError, match="ratio"):
        risk_with(RelativeMeasure.OR, 0, 0.2)


def test_the_optimal_information_size_is_the_textbook_sample_size():
    # Two proportions 0.2 and 0.15, two-sided 5%, power 80%: power.prop.test(p1=.2, p2=.15, power=.8) of R
    # 4.2.2 prints n = 905.3658 an arm.
    assert optimal_information_size(0.2) == 2 * 906
    # A half of a population to within 5 points needs 385 people in every textbook.
    assert single_arm_size(0.5) == 385


def ratio(**changed):
    told = {"k": 5, "estimate": 0.8, "low": 0.7, "high": 0.9, "i2": 10.0, "null": 1.0, "is_ratio": True}
    return Evidence(**{**told, **changed})


def test_consistent_precise_evidence_at_low_risk_is_not_rated_down():
    evidence = ratio(participants=4000, baseline_risk=0.2, weight_by_tone={"low": 90.0, "some": 10.0})

    steps = {key: each.steps for key, each in propose(evidence).items()}

    assert (steps["risk_of_bias"], steps["inconsistency"], steps["imprecision"]) == (0, 0, 0)
    assert steps["indirectness"] is None


@pytest.mark.parametrize(
    ("changed", "domain", "steps"),
    [
        ({"weight_by_tone": {"low": 70.0, "high": 30.0}}, "risk_of_bias", -1),
        ({"weight_by_tone": {"low": 30.0, "high": 50.0, "critical": 20.0}}, "risk_of_bias", -2),
        ({"weight_by_tone": {}}, "risk_of_bias", None),
        ({"i2": 60.0}, "inconsistency", -1),
        ({"i2": 80.0, "prediction": (0.5, 1.3)}, "inconsistency", -2),
        ({"i2": 80.0, "prediction": (0.6, 0.95)}, "inconsistency", -1),
        ({"participants": 500, "baseline_risk": 0.2}, "imprecision", -1),
        ({"low": 0.7, "high": 1.1}, "imprecision", -1),
        ({"low": 0.7, "high": 1.4}, "imprecision", -2),
        ({"k": 9, "asymmetry_p": 0.01}, "publication_bias", None),
        ({"k": 12, "asymmetry_p": 0.01}, "publication_bias", -1),
        ({"k": 12, "asymmetry_p": 0.4}, "publication_bias", 0),
        ({"estimate": 0.4}, "large_effect", 1),
        ({"estimate": 6.0}, "large_effect", 2),
    ],
)
def test_each_number_proposes_what_its_rule_says(changed, domain, steps):
    proposal = propose(ratio(**changed))[domain]

    assert proposal.steps == steps
    assert proposal.because


def test_certainty_goes_down_and_up_and_stays_within_its_four_levels():
    judged = dict.fromkeys(("risk_of_bias", "inconsistency", "indirectness", "publication_bias"), 0)

    assert certainty(4, {**judged, "imprecision": -1}).label == "Moderate"
    assert certainty(2, {**judged, "imprecision": 0, "large_effect": 2}).label == "High"
    assert certainty(4, {**judged, "imprecision": -3, "inconsistency": -2}).label == "Very low"
    assert not certainty(4, judged).is_complete
