"""Which reports are suggested as one study, and which studies as sharing participants."""

import pytest

from screening.studies.linking import facts, may_overlap, registrations_in, suggest

AUTHORS = ("Arden, Pia", "Birch, Quentin", "Cole, Rosa", "Dale, Sam")


def report(key, title="A trial of zorifen", *, authors=(), abstract="", year=2019, study=None, other=""):
    return facts(
        key=key, title=title, abstract=abstract, authors=authors, year=year, other=other, study=study
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(NCT01564784)", "NCT01564784"),
        ("ClinicalTrials.gov NCT 01564784.", "NCT01564784"),
        ("EudraCT number 2011-005491-41", "2011-005491-41"),
        ("EUCTR2011-005491-41-DE", "2011-005491-41"),
        ("EU CT 2022-501234-25-00", "2022-501234-25-00"),
        ("ChiCTR2400093987; abstract", "CHICTR2400093987"),
        ("UMIN000012345", "UMIN000012345"),
        ("ISRCTN 12345678", "ISRCTN12345678"),
        ("DRKS00012345", "DRKS00012345"),
    ],
)
def test_registration_numbers_are_read_as_papers_print_them(text, number):
    assert number in registrations_in(text)


def test_years_and_pages_are_no_registration_numbers():
    assert registrations_in("2011-2014, pages 123456-78, phone 2011-0054") == frozenset()


def test_reports_that_name_one_registration_are_one_study_whatever_else_differs():
    [found] = suggest(
        [
            report(1, "Zorifen in itch", abstract="NCT01564784"),
            report(2, "Quality of life after treatment", other="{'SI': ['NCT01564784']}"),
            report(3, "Sleep in eczema"),
        ]
    )

    assert (found.reports, found.study, found.is_strong) == ((1, 2), None, True)
    assert "both name NCT01564784" in found.evidence


def test_a_report_is_added_to_the_study_it_is_most_like():
    found = suggest(
        [
            report(1, "Final report of the ITCH-FREE study", study=7),
            report(2, "Quality of life in the ITCH-FREE study"),
            report(3, "Another trial", abstract="NCT00000001", study=8),
        ]
    )

    assert [(f.reports, f.study) for f in found] == [((2,), 7)]


def test_authors_titles_and_size_together_make_a_suggestion():
    title = "Zorifen once weekly for itch in adults"
    [found] = suggest(
        [
            report(1, title, authors=AUTHORS, abstract="We enrolled 164 patients."),
            report(2, f"{title}: final results", authors=AUTHORS[:3], abstract="(n = 164)"),
        ]
    )

    assert set(found.evidence) >= {"3 of 3 authors the same", "both tell of 164 participants"}


def test_different_registration_numbers_speak_against_it():
    title = "Zorifen once weekly for itch in adults"
    reports = [
        report(1, title, authors=AUTHORS, abstract="NCT01564784, 164 patients"),
        report(2, title, authors=AUTHORS, abstract="NCT02222222, 164 patients"),
    ]

    assert suggest(reports) == []


def test_titles_alone_are_not_enough():
    assert suggest([report(1, authors=("Arden, P.",)), report(2, authors=("Birch, Q.",))]) == []


def test_what_many_reports_share_is_no_trial_name():
    reports = [report(n, f"Study {n} of CD-22 in disease", authors=(f"Author{n}, A.",)) for n in range(12)]

    assert suggest(reports) == []


def test_a_group_never_joins_reports_that_a_person_has_set_apart():
    reports = [report(n, abstract="NCT01564784", year=2010 + n) for n in (1, 2, 3)]

    found = suggest(reports, apart=[frozenset({1, 2}), frozenset({1, 3})])

    assert [f.reports for f in found] == [(2, 3)]


def test_studies_with_most_authors_in_common_may_overlap_until_someone_says_no():
    reports = [
        report(1, "First cohort", authors=AUTHORS, study=7),
        report(2, "Second cohort", authors=AUTHORS, study=8),
        report(3, "Other people", authors=("Elm, T.", "Fern, U.", "Gale, V."), study=9),
    ]

    [found] = may_overlap(reports)
    assert (found.first, found.second, found.evidence) == (7, 8, ("4 of 4 authors the same",))
    assert may_overlap(reports, known=[frozenset({7, 8})]) == []


def test_a_trial_name_in_the_label_of_a_study_finds_its_other_reports():
    grouped = facts(
        key=1, title="Zorifen in itch", abstract="", authors=(), year=2020, names="Arden (ITCH-FREE)", study=7
    )

    [found] = suggest([grouped, report(2, "Sleep in the ITCH-FREE trial")])

    assert (found.reports, found.study) == ((2,), 7)
