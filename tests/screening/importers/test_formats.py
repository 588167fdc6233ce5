import pytest

from screening.importers import ImportRefused, cleaning, read_records

NBIB = """PMID- 30000001
OWN - NLM
DP  - 2019 Spring
TI  - Zorifen for chronic itch in adults: a trial with a title so long that it
      runs over the line.
LID - 10.1000/ITCH.101 [doi]
AB  - BACKGROUND: Itch is common. RESULTS: Less of it.
FAU - Arden, Paul
AU  - Arden P
JT  - Annals of itch
VI  - 12
PG  - 101-110
MH  - Pruritus

PMID- 30000002
TI  - A second paper.
DP  - 2020
"""

RIS = """TY  - JOUR
TI  - Zorifen for chronic itch
AU  - Arden, Paul
AU  - Birch, Quinn
PY  - 2019/03//
T2  - Annals of Itch
SP  - 101
EP  - 110
DO  - https://doi.org/10.1000/Itch.101
AB  - Itch is
 common.
XX  - something of its own
ER  -

TY  - JOUR
T1  - A second paper
Y1  - soon
ER  -
"""

XML = """<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>30000001</PMID><Article>
<Journal><JournalIssue><Volume>12</Volume><PubDate><MedlineDate>2019 Jan-Feb</MedlineDate></PubDate>
</JournalIssue>
<Title>Annals of itch</Title></Journal><ArticleTitle>H<sub>2</sub> and <i>itch</i></ArticleTitle>
<ELocationID EIdType="doi">10.1000/itch.101</ELocationID>
<Abstract><AbstractText Label="METHODS">We asked.</AbstractText>
<AbstractText Label="RESULTS">Yes.</AbstractText></Abstract>
<AuthorList><Author><LastName>Arden</LastName><ForeName>Paul</ForeName></Author>
<Author><CollectiveName>Itch Group</CollectiveName></Author></AuthorList></Article></MedlineCitation>
</PubmedArticle></PubmedArticleSet>
"""


def test_a_medline_file_is_read_whole():
    parsed = read_records(NBIB.encode())

    first, second = parsed.records
    assert parsed.format == "nbib"
    assert first.title.endswith("so long that it runs over the line.")
    assert (first.pmid, first.doi, first.year, first.pages) == (
        "30000001",
        "10.1000/itch.101",
        2019,
        "101-110",
    )
    assert first.authors == ("Arden, Paul",)
    assert first.extra["MH"] == ["Pruritus"]
    assert second.line == 15


def test_a_ris_file_is_read_whole_and_says_what_it_could_not_read():
    parsed = read_records(RIS.encode())

    first, second = parsed.records
    assert parsed.format == "ris"
    assert (first.journal, first.pages, first.doi, first.year) == (
        "Annals of Itch",
        "101-110",
        "10.1000/itch.101",
        2019,
    )
    assert first.abstract == "Itch is common."
    assert first.extra["XX"] == ["something of its own"]
    assert second.year is None
    (problem,) = parsed.problems
    assert (problem.line, problem.field) == (15, "PY")


def test_pubmed_xml_keeps_the_words_of_inline_markup_and_the_labels_of_abstracts():
    (record,) = read_records(XML.encode()).records

    assert record.title == "H2 and itch"
    assert record.abstract == "METHODS: We asked. RESULTS: Yes."
    assert record.authors == ("Arden, Paul", "Itch Group")
    assert record.year == 2019


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_gives_the_same_record(encoding, newline):
    text = RIS.replace("Arden", "Ardén").replace("\n", newline)

    parsed = read_records(text.encode(encoding))

    assert parsed.records[0].authors[0] == "Ardén, Paul"


def test_a_missing_end_mark_loses_no_record():
    parsed = read_records(RIS.replace("ER  -\n\n", "").encode())

    assert len(parsed.records) == 2
    assert [problem.field for problem in parsed.problems] == ["ER", "PY"]


def test_a_record_without_title_is_kept_and_flagged():
    parsed = read_records(b"TY  - JOUR\nAU  - Arden, P\nER  - \n")

    assert len(parsed.records) == 1
    assert parsed.problems[0].field == "TI"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04...", "zip"),
        (b"just some words", "none of the formats"),
        (bytes(range(256)) * 20 + b",,,\n,,,\n", "is not text"),
        (b"<PubmedArticleSet><PubmedArticle>", "broken"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><PubmedArticleSet>&a;</PubmedArticleSet>', "entities"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content, told):
    with pytest.raises(ImportRefused, match=told):
        read_records(content)


@pytest.mark.parametrize(
    ("value", "doi"),
    [
        ("https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi:10.1000/abc(1)2.", "10.1000/abc(1)2"),
        ("https://www.frontiersin.org/articles/10.3389/fonc.2025.1/full", "10.3389/fonc.2025.1"),
        ("no doi", ""),
    ],
)
def test_a_doi_is_bare_and_in_lower_case(value, doi):
    assert cleaning.doi(value) == doi
