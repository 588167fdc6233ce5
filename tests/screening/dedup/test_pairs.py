from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dedup import DedupRecord, Verdict, cluster, compare, find_matches

PAPER = DedupRecord(
    key=1,
    title="Zorifen for chronic itch in adults: a randomised trial of forty weeks",
    authors=("Arden, Paul", "Birch, Quinn"),
    year=2019,
    journal="Annals of Internal Itch",
    volume="12",
    issue="3",
    pages="101-110",
    doi="10.1000/itch.2019.101",
    pmid="30000001",
)


def copy(**changes):
    return replace(PAPER, key=2, **changes)


@pytest.mark.parametrize(
    "as_another_database_has_it",
    [
        {"title": PAPER.title + ".", "doi": "", "pmid": ""},
        {"title": PAPER.title.upper(), "pmid": ""},
        {"authors": ("Arden P", "Birch Q"), "doi": "", "pmid": ""},
        {"journal": "Ann Intern Itch", "doi": "", "pmid": "", "pages": "101-10"},
        {"year": 2018, "doi": "", "pmid": ""},
        {"title": "Zorifen for chronic itch in adults", "pmid": ""},
        {"title": PAPER.title.replace("randomised", "randomized"), "doi": "", "pmid": ""},
        {"journal": "Annals of Internal Itch. Conference: Itch Society Meeting 2019", "doi": "", "pmid": ""},
    ],
)
def test_copies_as_databases_write_them_are_the_same(as_another_database_has_it):
    assert compare(PAPER, copy(**as_another_database_has_it)).verdict is Verdict.SAME


@pytest.mark.parametrize(
    "false_friend",
    [
        {"title": "Erratum: " + PAPER.title, "pmid": "30000002", "pages": "400"},
        {"title": "Comment: " + PAPER.title, "pmid": "", "doi": ""},
        {"title": PAPER.title + ", part 2", "pmid": "", "doi": "", "pages": "111-120"},
        {"pmid": "30000002"},
        {"publication_type": "Trial registration", "journal": "ClinicalTrials.gov", "doi": "", "pmid": ""},
        {"publication_type": "Preprint", "journal": "medRxiv", "doi": "10.1101/2019.01.01", "pmid": ""},
        {"publication_type": "Conference abstract", "doi": "", "pmid": "", "volume": "9", "pages": "5"},
        {
            "title": "Zorifen for chronic itch in adults: a randomised trial of 80 weeks",
            "doi": "",
            "pmid": "",
        },
    ],
)
def test_false_friends_are_never_linked_by_rule(false_friend):
    assert compare(PAPER, copy(**false_friend)).verdict is not Verdict.SAME


def test_every_verdict_names_its_evidence():
    match = compare(PAPER, copy(pages="400-410"))

    told = {(each.name, each.supports) for each in match.evidence}
    assert {("same DOI", True), ("pages differ", False)} <= told


def test_short_common_titles_alone_link_nothing():
    editorial = DedupRecord(key=1, title="Editorial", year=2019)

    assert compare(editorial, replace(editorial, key=2)).verdict is not Verdict.SAME


def test_only_pairs_with_a_new_record_are_compared():
    earlier = [PAPER, copy()]
    new = replace(PAPER, key=3)

    found = {(match.first, match.second) for match in find_matches([new], earlier)}

    assert found == {(3, 1), (3, 2)}


def test_the_order_of_the_records_changes_no_verdict():
    records = [
        PAPER,
        copy(doi="", pmid=""),
        replace(PAPER, key=3, title="Something else entirely, in five words"),
    ]

    def pairs(order):
        return {(frozenset((m.first, m.second)), m.verdict) for m in find_matches(order)}

    assert pairs(records) == pairs(records[::-1])


KEYS = st.integers(0, 8)
PAIRS = st.lists(st.tuples(KEYS, KEYS).filter(lambda pair: pair[0] != pair[1]), max_size=12)


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_no_cluster_holds_a_pair_that_is_held_different(same, different):
    groups = cluster(range(9), same, different)

    assert sorted(key for group in groups for key in group) == list(range(9))
    assert not any(a in group and b in group for a, b in different for group in groups)


def test_a_chain_of_likenesses_joins_all_when_nothing_speaks_against():
    assert cluster([1, 2, 3, 4], [(1, 2), (2, 3)]) == [[1, 2, 3], [4]]
