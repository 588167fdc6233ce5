"""Judgements in robvis' layout, out and in."""

from io import BytesIO

import pytest
from django.urls import reverse

from extraction.bias.assessments import start_assessment, submit_assessment
from extraction.bias.taking_in import import_judgements
from extraction.risk_of_bias import AnswersRefused, tool
from extraction.risk_of_bias.robvis import StudyJudgements, read, write

from ..makers import make_appraisal, make_outcome, make_study

ROB2 = tool("rob2")
HEADER = "Study,D1,D2,D3,D4,D5,Overall,Weight"


def test_the_table_has_the_columns_that_robvis_reads():
    judged = {"D1": "Low", "D2": "Some concerns", "D3": "Low", "D4": "High", "D5": "Low", "overall": "High"}

    text = write(ROB2, "assignment", [StudyJudgements("Arden 2019", judged, 12.5)])

    assert text.splitlines() == [HEADER, "Arden 2019,Low,Some concerns,Low,High,Low,High,12.5"]


def test_what_is_written_is_read_back_with_any_headings_for_the_domains():
    header = "Study,Randomisation,Deviations,Missing,Measurement,Reporting,Overall"
    text = f"{header}\nA,low,HIGH RISK,Low,,Low,High\n"

    (row,) = read(ROB2, "assignment", text)

    assert row.study == "A"
    assert row.judgements == {"D1": "Low", "D2": "High", "D3": "Low", "D5": "Low", "overall": "High"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Line 1: the columns are Study, 5 domains"),
        ("Study,D1,Overall\nA,Low,Low\n", "Line 1: the columns are Study, 5 domains"),
        (
            f"{HEADER}\nA,Low,Low,Low,Low,Lowish,Low,1\n",
            "Line 2, column D5: “Lowish” is not one of Low, Some",
        ),
        (f"{HEADER}\nA,Low\n", "Line 2 has 2 fields; the header has 8"),
        (f'{HEADER}\n"A,Low\n', "The file is no CSV"),
    ],
)
def test_a_wrong_table_is_refused_with_line_and_column(text, told):
    with pytest.raises(AnswersRefused, match=told):
        read(ROB2, "assignment", text)


@pytest.fixture
def rob2(review):
    return make_appraisal(review, ROB2, effect="assignment", outcome=make_outcome(review))


def test_a_table_becomes_ones_own_assessment_which_can_be_submitted(review, people, rob2):
    study = make_study(review, people, "Arden 2019")
    text = f"{HEADER}\nArden 2019,Low,Some concerns,Low,High,Low,High,1\n"

    assert import_judgements(appraisal=rob2, by=people[0], text=text, name="ours.csv") == 1

    own = start_assessment(study=study, assessor=people[0], appraisal=rob2)
    submit_assessment(assessment=own, by=people[0])
    assert own.domain_judgements.get(domain="D4").judgement == "High"
    assert own.domain_judgements.get(domain="D4").reason == "From ours.csv, line 2."


def test_nothing_is_taken_in_when_one_line_is_wrong(client, review, people, rob2):
    make_study(review, people, "Arden 2019")
    text = f"{HEADER}\nArden 2019,Low,Low,Low,Low,Low,Low,1\nNobody 1999,Low,Low,Low,Low,Low,Low,1\n"
    client.force_login(people[0])
    file = BytesIO(text.encode())
    file.name = "ours.csv"

    address = reverse("analysis:robvis_import", args=[review.slug, rob2.pk])
    page = client.post(address, {"file": file}, follow=True).content.decode()

    assert "Line 3: there is no included study called “Nobody 1999”" in page
    assert rob2.assessments.count() == 0
