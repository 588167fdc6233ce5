import pytest

from screening.eutils_standin import serve
from screening.eutils_standin.index import QueryError, find, load
from screening.importers import read_records
from screening.pubmed import EntrezAccess, PubMedError, fetch, search

ARTICLE = """<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue><PubDate>
<Year>{year}</Year></PubDate></JournalIssue><Title>Annals of itch</Title></Journal>
<ArticleTitle>{title}</ArticleTitle>
<Abstract><AbstractText>{abstract}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"""


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    path = tmp_path_factory.mktemp("standin") / "records.xml"
    articles = [
        ARTICLE.format(pmid=30000000 + n, year=2000 + n, title=f"Itch study {n}", abstract=words)
        for n, words in enumerate(
            ["zorifen in adults", "zorifen in children", "placebo", "zorifen again", "none"]
        )
    ]
    path.write_text(f"<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>")
    return path


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


@pytest.mark.parametrize("batch", [1, 2, 5, 200])
def test_every_record_is_fetched_once_whatever_the_batch(access, batch):
    answer = search(access, "itch")

    parts = [read_records(part).records for part in fetch(access, answer, batch=batch)]

    assert answer.count == 5
    assert sorted(r.pmid for part in parts for r in part) == [str(30000000 + n) for n in range(5)]


def test_the_answer_says_that_it_is_the_offline_example(access):
    assert "offline example" in search(access, "zorifen[tiab]").translation


def test_tool_and_email_go_with_every_request(stand_in, access):
    list(fetch(access, search(access, "itch")))

    assert all("tool=winnow" in asked and "email=team" in asked for asked in stand_in.requests)


@pytest.mark.parametrize("fault", ["429", "500", "error", "truncated"])
def test_a_passing_fault_is_asked_again(stand_in, access, fault):
    answer = search(access, "itch")
    stand_in.faults.ordered.append(fault)

    (content,) = fetch(access, answer, sleep=never_wait)

    assert len(read_records(content).records) == 5


def test_a_lasting_fault_ends_in_a_sentence(stand_in, access):
    stand_in.faults.ordered.extend(["500"] * 4)

    with pytest.raises(PubMedError, match="did not answer after 4 tries"):
        search(access, "itch", sleep=never_wait)


def test_without_an_address_ncbi_is_not_asked():
    with pytest.raises(PubMedError, match="WINNOW_ENTREZ_EMAIL"):
        search(EntrezAccess(email=""), "itch")


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
