"""manage.py judge: a CSV file in, the same with judgements out."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def judged(tmp_path, text, told=None):
    file, out = tmp_path / "answers.csv", tmp_path / "out.csv"
    file.write_text(text, encoding="utf-8")
    try:
        call_command("judge", "rob2", str(file), out=out, stdout=StringIO(), stderr=told or StringIO())
    finally:
        if out.exists():
            with out.open(encoding="utf-8", newline="") as source:
                judged.rows = list(csv.DictReader(source))
    return judged.rows


def test_rows_come_back_in_order_with_their_judgement_and_their_other_columns(tmp_path):
    rows = judged(
        tmp_path,
        "study,domain,answers\nA,D1,1.1=Y;1.2=PY;1.3=NI\nB,OVERALL,D1=Low;D2=High;D3=Low;D4=Low;D5=Low\n",
    )

    assert rows == [
        {"study": "A", "domain": "D1", "answers": "1.1=Y;1.2=PY;1.3=NI", "judgement": "Low"},
        {
            "study": "B",
            "domain": "OVERALL",
            "answers": "D1=Low;D2=High;D3=Low;D4=Low;D5=Low",
            "judgement": "High",
        },
    ]


def test_a_row_that_cannot_be_judged_is_named_and_the_others_are_written(tmp_path):
    told = StringIO()

    with pytest.raises(CommandError, match=r"1 of 2 rows judged.*1 could not be judged"):
        judged(tmp_path, "domain,answers\nD1,1.1=Y;1.2=Q;1.3=N\nD3,3.1=Y\n", told)

    assert (
        "answers.csv, line 2, D1: 1.2: “Q” is no answer to it; it takes Y, PY, PN, N, NI." in told.getvalue()
    )
    assert [row["judgement"] for row in judged.rows] == ["", "Low"]


def test_a_file_without_the_columns_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no column answers"):
        judged(tmp_path, "domain,answer\nD1,1.1=Y\n")
