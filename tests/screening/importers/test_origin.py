"""Which database a file is from, told by the marks its exports bear."""

import pytest

from screening.importers.origin import Origin, origin_of

# As the databases' export pages write them; the records in them are made up.
EXPORTS = {
    "nbib": ("PMID- 1\nOWN - NLM\nTI  - One\n\nPMID- 2\nTI  - Two\n", Origin("PubMed")),
    "pubmed csv": ('"PMID","Title","Authors"\n"1","One","A B"\n', Origin("PubMed")),
    "embase": (
        "TY  - JOUR\nTI  - One\nDB  - Medline\nUR  - https://www.embase.com/search/results?id=L1\nER  - \n",
        Origin("Embase", "Embase.com"),
    ),
    "central": (
        "TY  -  JOUR\nAN  -  CN-00778158\nTI  -  One\nER  -  \n",
        Origin("CENTRAL", "Cochrane Library"),
    ),
    "scopus": ("TY  - JOUR\nTI  - One\nDB  - Scopus\nER  - \n", Origin("Scopus")),
    "ovid": (
        "TY  - JOUR\nDB  - Ovid MEDLINE(R) <1946 to 2024>\nTI  - One\nER  - \n",
        Origin("MEDLINE", "Ovid"),
    ),
    "ebsco": ("TY  - JOUR\nDP  - EBSCOhost\nDB  - rzh\nTI  - One\nER  - \n", Origin("CINAHL", "EBSCOhost")),
    "web of science": (
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI One\nER\n",
        Origin("Web of Science"),
    ),
    "register": ("NCT Number,Study Title\nNCT00000001,One\n", Origin("ClinicalTrials.gov", "", "register")),
    "ictrp": (
        "<Trials_downloaded_from_ICTRP></Trials_downloaded_from_ICTRP>",
        Origin("WHO ICTRP", "", "register"),
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_names_its_database(name):
    content, origin = EXPORTS[name]

    assert origin_of(content.encode()) == origin


def test_it_does_so_in_utf_16_and_with_windows_line_ends():
    content, origin = EXPORTS["embase"]

    assert origin_of(content.replace("\n", "\r\n").encode("utf-16")) == origin


@pytest.mark.parametrize(
    "content",
    [
        "TY  - JOUR\nTI  - One\nER  - \n",
        # A library's file: one record from here, one from there.
        "TY  - JOUR\nDB  - Scopus\nER  - \nTY  - JOUR\nAN  - CN-00778158\nER  - \n",
        "Title,Year\nOne,2020\n",
    ],
)
def test_a_file_without_a_mark_or_with_several_names_none(content):
    assert origin_of(content.encode()) is None
