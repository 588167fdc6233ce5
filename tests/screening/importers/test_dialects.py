"""Ways in which single platforms depart from the format that they claim to write."""

import pytest

from screening.importers import ImportRefused, read_records


def records_of(text: str):
    return read_records(text.encode()).records


def test_numbers_and_headings_between_ris_records_belong_to_none():
    first, second = records_of(
        "1.\nTY  - JOUR\nTI  - First\nER  -\n\nProvider: A platform\nDatabase: A\n\n"
        "2.\nTY  - JOUR\nSP  -\nTI  - Second\nER  -\n"
    )

    assert (first.title, second.title, second.pages) == ("First", "Second", "")


def test_of_two_title_tags_in_ris_the_first_written_counts():
    (record,) = records_of("TY  - JOUR\nT1  - Itch in adults\nTI  - Itch\nER  - \n")

    assert record.title == "Itch in adults"
    assert record.extra == {}


def test_ovid_medline_counts_its_records_and_calls_the_number_ui():
    first, second = records_of(
        "\n<1>\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - 30000001\nTI  - Itch\nYR  - 2019\n"
        "\n<2>\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - 30000002\nTI  - Ache\n"
    )

    assert (first.title, first.pmid, first.year) == ("Itch", "30000001", 2019)
    assert (second.title, second.pmid) == ("Ache", "30000002")


def test_a_table_with_a_row_a_field_is_turned_upright():
    first, second = records_of(
        '"TITLE","Itch in adults"\n"AUTHOR NAMES","Arden P.","Birch Q."\n"PUBLICATION YEAR","2019"\n\n'
        '"TITLE","Ache in adults"\n"AUTHOR NAMES","Cole R."\n"PUBLICATION YEAR","2020"\n'
    )

    assert (first.title, first.authors, first.year) == ("Itch in adults", ("Arden P.", "Birch Q."), 2019)
    assert (second.title, second.year, second.line) == ("Ache in adults", 2020, 5)


@pytest.mark.parametrize(
    "header",
    [
        "Título;Autores;Revista;Año",
        "Titre;Auteurs;Revue;Année",
        "Titel;Autoren;Zeitschrift;Jahr",
        "Title Primary;Authors, Primary;Periodical Full;Pub Year",
    ],
)
def test_headers_of_other_languages_and_programs_are_known(header):
    (record,) = records_of(f'{header}\nItch;"Arden, P";Annals of Itch;2019\n')

    assert (record.title, record.authors, record.year) == ("Itch", ("Arden, P",), 2019)
    assert record.journal == "Annals of Itch"


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ('"Arden, P.Q.\n and Birch, R.\n"', ("Arden, P.Q.", "Birch, R.")),
        ('"Brown, C.D."', ("Brown, C.D.",)),
        ('"Arden P, Birch QR."', ("Arden P", "Birch QR")),
        ('"P. Arden, Q. R. Birch"', ("P. Arden", "Q. R. Birch")),
    ],
)
def test_authors_in_one_cell_are_told_apart(cell, authors):
    assert records_of(f"Title,Authors,Year\nItch,{cell},2019\n")[0].authors == authors


@pytest.mark.parametrize(
    ("cell", "pmid"), [("PUBMED 30000001", "30000001"), ("30000001.0", "30000001"), ("0", "")]
)
def test_a_pubmed_number_in_a_table_is_read_without_what_stands_around_it(cell, pmid):
    assert records_of(f"Title,Year,PubMed ID\nItch,2019,{cell}\n")[0].pmid == pmid


def test_a_list_of_references_as_running_text_is_refused_with_the_way_out():
    text = "1: Arden P. Itch in adults. Ann Itch. 2019 Jan;1(1):2-3. PMID: 30000001.\n\n2: Birch Q.\n"

    with pytest.raises(ImportRefused, match=r"choose Save or Send to, then the format PubMed"):
        read_records(text.encode())


def test_refer_lines_behind_other_text_are_read_all_the_same():
    (record,) = records_of("Exported\n%T Itch in adults\n%A Arden, P\n%0 Journal Article\n%D 2019\n")

    assert record.publication_type == "Journal Article"
