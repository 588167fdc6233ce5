import re
from dataclasses import replace
from urllib.request import urlopen

import pytest

from screening.eutils_standin import serve
from screening.eutils_standin.index import QueryError, find, load
from screening.importers import read_records
from screening.searches.pubmed import EntrezAccess, PubMedError, fetch, present, retracted, search, understand

from ..pubmed_articles import article, article_set


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    words = ["zorifen in adults", "zorifen in children", "placebo", "zorifen again", "none"]
    articles = [
        article(
            30000000 + n,
            year=2000 + n,
            title=f"Itch study {n}",
            abstract=each,
            kind="Retracted Publication" if n == 2 else "Journal Article",
        )
        for n, each in enumerate(words)
    ]
    return article_set(tmp_path_factory.mktemp("standin") / "records.xml", *articles)


@pytest.fixture
def stand_in(records):
    running = serve(records)
    yield running
    running.close()


@pytest.fixture
def access(stand_in):
    return EntrezAccess(email="team@example.org", base_url=stand_in.base_url)


def never_wait(seconds):
    return None


def test_a_search_lists_every_hit_and_says_how_it_was_read(access):
    answer = search(access, "zorifen[tiab]")

    assert answer.pmids == ("30000003", "30000001", "30000000")
    assert answer.understanding.count == 3
    assert "offline example" in answer.understanding.translation


def test_a_live_count_lists_nothing(stand_in, access):
    assert understand(access, "itch").count == 5
    assert "retmax=0" in stand_in.requests[-1]


@pytest.mark.parametrize("most_listed", [1, 2, 4, 5])
def test_more_hits_than_are_listed_at_once_are_split_by_date_and_none_is_lost(records, most_listed):
    stand_in = serve(records, most_listed=most_listed)
    seen = []
    try:
        access = EntrezAccess(email="t@example.org", base_url=stand_in.base_url, most_listed=most_listed)
        answer = search(access, "itch", progress=lambda done, total: seen.append((done, total)))
    finally:
        stand_in.close()

    assert sorted(answer.pmids) == [str(30000000 + n) for n in range(5)]
    assert answer.understanding.count == 5
    assert not seen or seen[-1] == (5, 5)


def test_a_day_with_too_many_hits_asks_for_a_narrower_query(tmp_path):
    same_day = (article(30000000 + n, year=2020, title="Itch", abstract="") for n in range(3))
    path = article_set(tmp_path / "records.xml", *same_day)
    stand_in = serve(path, most_listed=2)
    try:
        access = EntrezAccess(email="t@example.org", base_url=stand_in.base_url, most_listed=2)
        with pytest.raises(PubMedError, match="01 January 2020 alone"):
            search(access, "itch")
    finally:
        stand_in.close()


def test_records_come_by_number_whatever_else_pubmed_has(access):
    content = fetch(access, ["30000004", "30000001"])

    assert sorted(r.pmid for r in read_records(content).records) == ["30000001", "30000004"]


def test_tool_and_email_go_with_every_request(stand_in, access):
    fetch(access, search(access, "itch").pmids)

    assert all("tool=winnow" in asked and "email=team" in asked for asked in stand_in.requests)


@pytest.mark.parametrize("fault", ["429", "500", "error", "truncated", "slow"])
def test_a_passing_fault_is_asked_again(stand_in, access, fault):
    impatient = replace(access, timeout=0.3)
    pmids = search(access, "itch").pmids
    stand_in.faults.ordered.append(fault)

    content = fetch(impatient, pmids, sleep=never_wait)

    assert len(read_records(content).records) == 5
    assert len(stand_in.requests) == 3


@pytest.mark.parametrize("fault", ["429", "500", "error", "truncated", "slow"])
def test_a_passing_fault_while_listing_is_asked_again(stand_in, access, fault):
    stand_in.faults.ordered.append(fault)

    assert len(search(replace(access, timeout=0.3), "itch", sleep=never_wait).pmids) == 5


def test_a_lasting_fault_ends_in_a_sentence(stand_in, access):
    stand_in.faults.ordered.extend(["500"] * 4)

    with pytest.raises(PubMedError, match="asked 4 times: status 500"):
        search(access, "itch", sleep=never_wait)


def test_without_an_address_ncbi_is_not_asked():
    with pytest.raises(PubMedError, match="WINNOW_ENTREZ_EMAIL"):
        search(EntrezAccess(email=""), "itch")


def test_retracted_and_vanished_records_are_told_apart(access):
    pmids = ["30000000", "30000002", "39999999"]

    assert retracted(access, pmids) == {"30000002"}
    assert present(access, pmids) == {"30000000", "30000002"}


def test_the_stand_in_keeps_a_history_and_hands_out_no_more_than_asked(stand_in):
    found = urlopen(f"{stand_in.base_url}esearch.fcgi?db=pubmed&term=itch&usehistory=y&retmax=2").read()
    assert found.count(b"<Id>") == 2
    key = re.search(rb"<QueryKey>(\d+)</QueryKey><WebEnv>(\w+)</WebEnv>", found)

    part = urlopen(
        f"{stand_in.base_url}efetch.fcgi?db=pubmed&query_key={key[1].decode()}&WebEnv={key[2].decode()}"
        "&retstart=3&retmax=10"
    ).read()

    assert len(read_records(part).records) == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zorifen", [3, 1, 0]),
        ("zorifen AND adults", [0]),
        ("zorifen NOT children", [3, 0]),
        ("(placebo OR children) AND itch", [2, 1]),
        ('"zorifen in"[tiab]', [1, 0]),
        ("zorif*", [3, 1, 0]),
        ("2001:2002[dp]", [2, 1]),
        ("30000004[pmid]", [4]),
    ],
)
def test_the_stand_in_reads_a_useful_part_of_the_query_language(records, query, found):
    assert [int(a.pmid) - 30000000 for a in find(load(records), query)] == found


@pytest.mark.parametrize("query", ["", "(itch", "itch AND", "itch)"])
def test_a_query_that_cannot_be_read_is_an_error(records, query):
    with pytest.raises(QueryError):
        find(load(records), query)
