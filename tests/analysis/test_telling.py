"""A run's numbers in words."""

from analysis.estimate.plan import Plan
from analysis.estimate.results import as_json
from analysis.telling import in_words

from .test_run_figures import rows


def told(plan):
    return in_words("Tuberculosis", rows(), plan, as_json(rows(), plan))


def test_two_groups_are_named_and_their_effect_is_told_in_absolute_numbers():
    text = told(Plan("RR", interval="wald"))

    # Risks without the vaccine: 7.9%, 9.6%, 5.0%, 1.9% and 0.8%; their median is 5.0%.
    assert "5 studies with 38,664 participants report tuberculosis" in text
    assert "Of 1,000 persons of whom 50 would have the outcome with None" in text
    assert "fewer with BCG" in text


def test_one_group_is_told_as_a_proportion():
    text = told(Plan("PLO"))

    assert "the pooled proportion is" in text
    assert "Of 1,000" not in text


def test_a_common_effect_says_nothing_of_further_studies():
    assert "do not say what a further study would find" in told(Plan("RR", model="common", interval="wald"))
