"""Every tool that comes along, by hand-picked answers."""

import pytest

from extraction.risk_of_bias import tool, tools
from extraction.risk_of_bias.agreement import weighted_kappa
from extraction.risk_of_bias.judging import judge, parse_answers
from screening.agreement import cohen_kappa

HAND_PICKED = [
    # RoB 2 for clusters: the flow chart of domain 1b (18 March 2021), then what is as in the main tool.
    ("rob2_cluster", "D1a", "1a.1=NI;1a.2=Y;1a.3=N", "Low"),
    ("rob2_cluster", "D1b", "1b.1=Y;1b.2=NA;1b.3=NI", "Low"),
    ("rob2_cluster", "D1b", "1b.1=N;1b.2=PY;1b.3=N", "High"),
    ("rob2_cluster", "D1b", "1b.1=NI;1b.2=PN;1b.3=PY", "Some concerns"),
    ("rob2_cluster", "D1b", "1b.1=PN;1b.2=NI;1b.3=N", "Some concerns"),
    ("rob2_cluster", "D1b", "1b.1=PN;1b.2=NI;1b.3=Y", "High"),
    ("rob2_cluster", "D2A.part1", "2.1a=N;2.2=N", "Low"),
    ("rob2_cluster", "D2A.part1", "2.1a=Y;2.1b=Y;2.2=N;2.3=Y;2.4=Y;2.5=N", "High"),
    ("rob2_cluster", "D2A.part2", "2.6=N;2.7=N", "Some concerns"),
    ("rob2_cluster", "D3", "3.1a=Y;3.1b=N;3.2=N;3.3=PN", "Low"),
    ("rob2_cluster", "D4", "4.1=N;4.2=NI;4.3a=N", "Some concerns"),
    ("rob2_cluster", "D5", "5.1=Y;5.2=N;5.3=N", "Low"),
    ("rob2_cluster", "OVERALL", "D1a=Low;D1b=High;D2=Low;D3=Low;D4=Low;D5=Low", "High"),
    ("rob2_crossover", "D1", "1.1=Y;1.2=NI;1.3=N", "Some concerns"),
    ("rob2_crossover", "D3", "3.1=NI;3.2=Y", "Low"),
    # ROBINS-I 2016, table 2 of Sterne et al. 2016.
    (
        "robins_i",
        "OVERALL",
        "D1=Moderate;D2=Low;D3=Low;D4=Low;D5=Low;D6=Low;D7=Low",
        "Moderate",
    ),
    (
        "robins_i",
        "OVERALL",
        "D1=Moderate;D2=Low;D3=No information;D4=Low;D5=Low;D6=Low;D7=Low",
        "No information",
    ),
    (
        "robins_i",
        "OVERALL",
        "D1=Serious;D2=Low;D3=No information;D4=Low;D5=Low;D6=Low;D7=Critical",
        "Critical",
    ),
    (
        "robins_i_v2",
        "OVERALL",
        "D1=Low except confounding;D2=Low;D3=Low;D4=Low;D5=Low;D6=Low",
        "Low except confounding",
    ),
    ("robins_e", "OVERALL", "D1=Low;D2=High;D3=Low;D4=Low;D5=Some concerns;D6=Low;D7=Low", "High"),
    # QUADAS-2: all yes low, any no high, else unclear (Whiting 2011, "Judgments about bias").
    ("quadas2", "D1", "1.1=Y;1.2=Y;1.3=Y", "Low"),
    ("quadas2", "D1", "1.1=Y;1.2=U;1.3=N", "High"),
    ("quadas2", "D2", "2.1=Y;2.2=U", "Unclear"),
    ("quadas2", "D2", "2.1=Y;2.2=NA", "Low"),
    # Newcastle-Ottawa by the AHRQ thresholds.
    ("nos_cohort", "Selection", "S1=a;S2=a;S3=c;S4=a", "Good"),
    ("nos_cohort", "Selection", "S1=c;S2=a;S3=c;S4=a", "Fair"),
    ("nos_cohort", "Comparability", "C1=none", "Poor"),
    ("nos_cohort", "Outcome", "O1=a;O2=b;O3=d", "Poor"),
    ("nos_cohort", "OVERALL", "Selection=Fair;Comparability=Good;Outcome=Good", "Fair"),
    ("nos_case_control", "Exposure", "E1=b;E2=a;E3=b", "Good"),
    ("nos_case_control", "OVERALL", "Selection=Good;Comparability=Poor;Exposure=Good", "Poor"),
    # Cochrane 2011: high with any high, low with all low.
    ("rob1", "OVERALL", "D1=Low;D2=Unclear;D3=Low;D4=Low;D5=Low;D6=Low;D7=Low", "Unclear"),
    ("rob1", "OVERALL", "D1=Low;D2=Unclear;D3=High;D4=Low;D5=Low;D6=Low;D7=Low", "High"),
]


@pytest.mark.parametrize(("key", "where", "answers", "expected"), HAND_PICKED)
def test_answers_lead_where_the_tool_says(key, where, answers, expected):
    assert judge(tool(key), where, parse_answers(answers)).judgement == expected


@pytest.mark.parametrize(
    ("key", "items"),
    [
        ("minors", 8),
        ("minors_comparative", 12),
        ("jbi_prevalence", 9),
        ("jbi_case_series", 10),
        ("jbi_cohort", 11),
        ("jbi_rct", 13),
        ("rob1", 7),
        ("nos_cohort", 8),
        ("nos_case_control", 8),
        ("quadas2", 11),
        ("robins_i", 34),
    ],
)
def test_each_tool_has_as_many_questions_as_published(key, items):
    assert len(tool(key).items) == items


def test_the_newcastle_ottawa_scales_give_nine_stars():
    assert tool("nos_cohort").best_score == tool("nos_case_control").best_score == 9


def test_minors_with_a_comparison_group_ends_at_24():
    assert tool("minors_comparative").best_score == 24


def test_every_chart_ends_in_a_judgement_for_every_first_answer():
    for each in tools():
        for domain in each.domains:
            for answer in domain.questions[0].answers if domain.charts else ():
                given = {q.number: q.answers[0].value for q in domain.questions}
                given[domain.questions[0].number] = answer.value
                proposal = domain.propose(given)
                assert proposal.judgement in {level.value for level in each.levels}, (each.key, given)


def test_weighted_kappa_is_what_scikit_learn_prints():
    # The table of Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323 (200 cases). scikit-learn 1.9.1,
    # cohen_kappa_score(a, b, weights="linear") prints 0.49230769230769234, "quadratic" 0.5666666666666667.
    table = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]

    found = weighted_kappa(table)

    assert found.n == 200
    assert found.raw == pytest.approx(0.70)
    assert found.kappa == pytest.approx(0.49230769230769234)
    assert weighted_kappa(table, power=2).kappa == pytest.approx(0.5666666666666667)


def test_with_two_categories_it_is_cohens_kappa_with_the_same_interval():
    table = [[20, 5], [10, 15]]

    found, unweighted = weighted_kappa(table), cohen_kappa(table)

    assert found.kappa == pytest.approx(0.4)
    assert (found.kappa_low, found.kappa_high) == pytest.approx((unweighted.low, unweighted.high))
