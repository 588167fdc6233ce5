"""Tools as data: every file that comes along is read; a wrong definition says where it is wrong."""

import pytest

from extraction.risk_of_bias import MINORS, DefinitionRefused, tools
from extraction.risk_of_bias.catalogue import example_text
from extraction.risk_of_bias.reading import read_toml

SMALL = """
key = "own"
version = "1"
name = "Our tool"
about = "For tests."
source = "None"
url = "https://example.org"
[answers]
Y = "Yes"
N = "No"
[[levels]]
value = "Low"
tone = "low"
[[levels]]
value = "High"
tone = "high"
[[domains]]
key = "D1"
label = "First"
[[domains.questions]]
number = "1.1"
text = "Is it so?"
[[domains.questions]]
number = "1.2"
text = "And so?"
show_if = "1.1 = N"
[domains.charts.domain]
first = ["1.1 = Y -> Low", "1.1 = N -> second"]
second = ["1.2 = Y -> Low", "else -> High"]
[overall.chart]
worst = ["any * = High -> High", "else -> Low"]
"""


def test_a_small_definition_is_a_working_tool():
    own = read_toml(SMALL)

    assert own.domain("D1").propose({"1.1": "N", "1.2": "N"}).judgement == "High"
    assert own.propose_overall({"D1": "High"}).judgement == "High"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('name = "Our tool"', "", "the tool has no name"),
        ('tone = "low"', 'tone = "green"', "level Low: tone is “green”"),
        ('show_if = "1.1 = N"', 'show_if = "1.9 = N"', "question 1.2 of D1: .* 1.9, which is not defined"),
        ('show_if = "1.1 = N"', 'show_if = "1.1 N"', "“1.1 N” is no condition"),
        ("-> second", "-> third", "leads to no step and to no judgement"),
        ('number = "1.2"', 'number = "1.1"', "two of the question 1.1"),
        ('key = "own"', "key = ", "This is not TOML"),
    ],
)
def test_a_wrong_definition_says_where(was, becomes, told):
    with pytest.raises(DefinitionRefused, match=told):
        read_toml(SMALL.replace(was, becomes, 1))


def test_every_tool_that_comes_along_names_its_source():
    for each in tools():
        assert each.url.startswith("https://"), each.key
        assert each.source, each.key
        assert len({level.symbol for level in each.levels}) == len(each.levels), each.key


def test_the_example_to_begin_with_is_a_working_tool():
    own = read_toml(example_text())

    assert own.domain("D1").propose({"1.1": "N", "1.2": "Y"}).judgement == "Low"


def test_minors_has_the_eight_items_of_studies_without_comparison():
    # Slim et al. 2003, ANZ J Surg 73:712: eight items scored 0 to 2, ideal sum 16.
    assert len(MINORS.items) == 8
    assert MINORS.best_score == 16
    assert MINORS.score({str(n): "2" for n in range(1, 9)}) == 16
    assert MINORS.score({"1": "2"}) is None
