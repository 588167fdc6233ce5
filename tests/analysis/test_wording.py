"""The paragraph on a result's page."""

from dataclasses import replace

from analysis.wording import Certainty, Read, Statement, result_paragraph

PROPORTION = Statement(
    outcome="overall response",
    measure="proportion",
    read=Read.PERCENT,
    k=9,
    persons=1068,
    estimate=0.734,
    ci_low=0.65,
    ci_high=0.81,
    prediction_low=0.41,
    prediction_high=0.94,
    i2=85.2,
    tau2=0.31,
)
# Cochrane Handbook 14.1.5.1: a risk ratio of 0.92 (0.85 to 0.99) and 200 of 1,000 with the comparator: 16
# fewer.
RATIO = Statement(
    outcome="mortality",
    measure="risk ratio",
    read=Read.RATIO,
    k=6,
    estimate=0.92,
    ci_low=0.85,
    ci_high=0.99,
    prediction_low=0.70,
    prediction_high=1.21,
    null=1.0,
    i2=20.0,
    assumed_risk=0.2,
    groups=("the vaccine", "placebo"),
)


def test_a_proportion_is_told_with_interval_heterogeneity_and_prediction():
    text = result_paragraph(PROPORTION)

    assert "9 studies with 1,068 participants" in text
    assert "73.4% (95% CI 65.0% to 81.0%)" in text
    assert "considerable (I\u00b2 = 85%" in text
    assert "between 41.0% and 94.0%" in text
    assert "has not been judged" in text


def test_a_ratio_is_told_in_absolute_numbers_too():
    text = result_paragraph(RATIO)

    assert "16 fewer with the vaccine (from 30 fewer to 2 fewer)" in text
    assert "some settings may see the opposite" in text


def test_an_interval_with_no_difference_in_it_claims_no_effect_either_way():
    text = result_paragraph(replace(RATIO, ci_high=1.04))

    assert "not the same as no effect" in text
    assert "lowers" not in text


def test_certainty_decides_how_strongly_it_is_said():
    def said(certainty):
        return result_paragraph(replace(RATIO, certainty=certainty))

    assert "The vaccine lowers mortality compared with placebo." in said(Certainty.HIGH)
    assert "The vaccine probably lowers mortality" in said(Certainty.MODERATE)
    assert "The vaccine may lower mortality" in said(Certainty.LOW)
    assert "the evidence is very uncertain" in said(Certainty.VERY_LOW)


def test_one_study_is_not_called_pooled():
    text = result_paragraph(replace(PROPORTION, k=1, i2=None, prediction_low=None, prediction_high=None))

    assert "nothing was pooled" in text
    assert "pooled proportion" not in text
    assert "Heterogeneity" not in text


def test_without_a_prediction_interval_nothing_is_said_of_further_studies():
    text = result_paragraph(replace(PROPORTION, prediction_low=None, prediction_high=None))

    assert "do not say what a further study would find" in text


def test_limits_beyond_the_scale_end_with_it_in_words():
    assert "to 100.0%" in result_paragraph(replace(PROPORTION, ci_high=1.04))
