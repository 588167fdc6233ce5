import csv

import pytest
from django.core.management import CommandError, call_command

HEADER = "record_id,title,authors,year,journal,volume,issue,pages,doi,pmid,abstract\n"
ROWS = (
    "a1,Zorifen for chronic itch in adults: a randomised trial,\"Arden, Paul; Birch, Quinn\",2019,"
    "Annals of Internal Itch,12,3,101-110,10.1000/itch.2019.101,,\n"
    "a2,ZORIFEN FOR CHRONIC ITCH IN ADULTS: A RANDOMIZED TRIAL.,Arden P; Birch Q,2019,Ann Intern Itch,12,3,"
    "101-10,,30000001,\n"
    "a3,Zorifen for chronic itch in adults: study protocol,\"Arden, Paul; Birch, Quinn\",2016,"
    "Annals of Internal Itch,9,1,1-8,,,\n"
)  # fmt: skip
RIS = """TY  - JOUR
TI  - Zorifen for chronic itch in adults: a randomised trial
AU  - Arden, P.
AU  - Birch, Q.
PY  - 2019
JO  - Annals of Internal Itch
VL  - 12
SP  - 101
ER  -
"""


def clusters(path):
    with path.open(newline="") as file:
        return {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}


def test_copies_get_one_cluster_and_records_without_a_name_are_called_by_file_and_number(tmp_path, capsys):
    table, export = tmp_path / "a.csv", tmp_path / "b.ris"
    table.write_text(HEADER + ROWS)
    export.write_text(RIS)

    call_command("dedupe", str(table), str(export), out=tmp_path / "out.csv")

    told = clusters(tmp_path / "out.csv")
    assert set(told) == {"a1", "a2", "a3", "b.ris:1"}
    assert told["a1"] == told["a2"] == told["b.ris:1"] != told["a3"]
    assert "4 records, 2 of them copies" in capsys.readouterr().out


def test_pairs_that_are_not_sure_are_written_with_their_evidence_and_make_no_cluster(tmp_path):
    table, unsure = tmp_path / "a.csv", tmp_path / "pairs.csv"
    table.write_text(
        HEADER
        + "x,[Zorifen for chronic itch in adults with eczema],Arden P,2019,,,,,,,\n"
        + "y,Zorifen for chronic itch in adults with eczema,Arden P,2018,,,,,,,\n"
    )

    call_command("dedupe", str(table), out=tmp_path / "out.csv", unsure=unsure)

    with unsure.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(set(clusters(tmp_path / "out.csv").values())) == 2
    assert [(row["first"], row["second"], row["verdict"]) for row in rows] == [("x", "y", "unsure")]
    assert "neighbouring years (2019, 2018)" in rows[0]["against"]


def test_a_name_given_twice_is_told_and_replaced_by_file_and_number(tmp_path, capsys):
    table = tmp_path / "a.csv"
    table.write_text(HEADER + ROWS.replace("a2,", "a1,").replace("a3,", "a1,"))

    call_command("dedupe", str(table), out=tmp_path / "out.csv")

    assert set(clusters(tmp_path / "out.csv")) == {f"{table}:{n}" for n in (1, 2, 3)}
    assert "named FILE:NUMBER instead" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "told"), [("", "file is empty"), ("<html>Sign in</html>", "web page")])
def test_a_file_that_is_no_export_is_named_in_the_refusal(tmp_path, content, told):
    file = tmp_path / "bad.txt"
    file.write_text(content)

    with pytest.raises(CommandError, match=told) as refusal:
        call_command("dedupe", str(file), out=tmp_path / "out.csv")

    assert "bad.txt" in str(refusal.value)


def test_a_file_that_is_read_is_never_written_over(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text(HEADER + ROWS)

    with pytest.raises(CommandError, match="one of the files to read"):
        call_command("dedupe", str(table), out=table)

    assert table.read_text() == HEADER + ROWS
