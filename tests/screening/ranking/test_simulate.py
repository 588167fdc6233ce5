"""The command `simulate` on a small set of our own."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from screening.ranking import StoppingRule, drawn_start, features, simulate

from .makers import labelled


@pytest.fixture
def labelled_file(tmp_path):
    file = tmp_path / "set.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(["record_id", "title", "abstract", "label_included"])
        for number, (title, abstract, relevant) in enumerate(zip(*labelled(), strict=True), 1):
            rows.writerow([f"r{number}", title, abstract, int(relevant)])
    return file


def run(capsys, file, *arguments):
    call_command("simulate", str(file), *arguments)
    return json.loads(capsys.readouterr().out)


def test_it_prints_the_quality_and_writes_every_citation_but_the_start_once(labelled_file, tmp_path, capsys):
    out = tmp_path / "order.csv"

    printed = run(capsys, labelled_file, "--priors", "1,1", "--seed", "1", "--out", str(out))

    with out.open(encoding="utf-8") as opened:
        order = list(csv.DictReader(opened))
    assert [row["rank"] for row in order] == [str(rank) for rank in range(1, 68)]
    assert {row["record_id"] for row in order} | set(printed["priors"]) == {f"r{n}" for n in range(1, 70)}
    assert (printed["n"], printed["relevant"]) == (67, 8)
    # The eight look alike and nothing else does.
    assert printed["atd"] == pytest.approx((1 + 8) / 2 / 67, abs=5e-5)
    assert printed["recall20"] == 1.0
    assert printed["stop"]["recall"] == 1.0


def test_the_same_seed_gives_the_same_run_and_another_one_another_start(labelled_file, capsys):
    first = run(capsys, labelled_file, "--seed", "1")

    assert run(capsys, labelled_file, "--seed", "1") == first
    assert run(capsys, labelled_file, "--seed", "2")["priors"] != first["priors"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("label_included", "label", "Line 1: no column label_included"),
        ("r3,", "r2,", 'Line 4, column record_id: "r2" already stands on line 3'),
        ("r3,", ",", "Line 4, column record_id: empty"),
        ("clinic 0.,0", "clinic 0.,perhaps", 'Line 2, column label_included: "perhaps" is neither'),
        ("clinic 0.,0", "clinic 0.,0,0", "Line 2: more values than there are columns"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_line_and_column(labelled_file, old, new, sentence):
    text = labelled_file.read_text(encoding="utf-8")
    labelled_file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(CommandError, match=sentence):
        call_command("simulate", str(labelled_file))


def test_a_file_that_is_not_text_is_refused(tmp_path):
    file = tmp_path / "set.csv"
    file.write_bytes(b"record_id,title,abstract,label_included\n1,\xff,a,1\n")

    with pytest.raises(CommandError, match="Line 2: not UTF-8"):
        call_command("simulate", str(file))


@pytest.mark.parametrize("priors", ["1", "one,1", "0,1", "1,500"])
def test_a_start_that_cannot_be_drawn_is_refused(labelled_file, priors):
    with pytest.raises(CommandError):
        call_command("simulate", str(labelled_file), "--priors", priors)


def test_reading_goes_on_to_the_end_after_the_rule_was_met():
    titles, abstracts, relevant = labelled(200)
    start = drawn_start(relevant, included=1, excluded=1, seed=1)

    played = simulate(
        features(titles, abstracts), relevant, start, rule=StoppingRule(target=0.7, confidence=0.8), seed=1
    )

    assert sorted((*played.start, *played.order)) == list(range(209))
    assert played.stopped_after < len(played.order)
    assert played.recall_when_stopped >= 0.7
