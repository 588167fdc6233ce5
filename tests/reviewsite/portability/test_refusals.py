"""A file that is not whole, not ours or not true is refused in words, and nothing of it is kept."""

import json

import pytest

from reviewsite.portability.errors import CarryingRefused
from reviewsite.portability.exporting import export_review
from reviewsite.portability.importing import import_review
from reviewsite.portability.manifest import MANIFEST

from .making import archived, contents, counts, elsewhere, files_kept, rewritten, written_with

pytestmark = pytest.mark.django_db


def cut(path):
    target = path.with_name("cut.zip")
    target.write_bytes(path.read_bytes()[:-100])
    return target


def plain(path):
    target = path.with_name("plain.zip")
    target.write_text("Title,Year\n")
    return target


def newer(path, **changed):
    told = contents(path)
    manifest = {**json.loads(told[MANIFEST]), **changed}
    return archived(path, {**told, MANIFEST: json.dumps(manifest).encode()})


HARM = {
    "a hash that is not the file's": (
        lambda path: archived(path, {**contents(path), "data/screening.Decision.jsonl": b"{}\n"}),
        "damaged or was changed",
    ),
    "a file cut short": (lambda path: cut(path), "cut short"),
    "no ZIP at all": (lambda path: plain(path), "not a ZIP"),
    "another ZIP": (lambda path: archived(path, {"a.txt": b"a"}), "not a review"),
    "a newer format": (lambda path: newer(path, format_version=2), "newer Winnow"),
    "newer tables": (lambda path: newer(path, schema={"screening": "9999_from_next_year"}), "newer Winnow"),
    "a table that is missing": (
        lambda path: archived(
            path, {n: c for n, c in contents(path).items() if n != "data/screening.Record.jsonl"}
        ),
        "not those that it lists",
    ),
    "a verdict turned round, hashes set right": (
        lambda path: rewritten(path, "screening.Decision", verdict="include", reason=None),
        "does not come to what it was",
    ),
    "a verdict that does not exist": (
        lambda path: rewritten(path, "screening.Decision", verdict="perhaps"),
        "screening.Decision.verdict that cannot be",
    ),
    "a row that is not there": (
        lambda path: rewritten(path, "screening.Decision", citation=9999),
        "names row 9999 of screening.Citation",
    ),
    "a stranger": (
        lambda path: rewritten(path, "screening.Decision", reviewer="eve@example.org"),
        "eve@example.org",
    ),
    "a picture outside": (
        lambda path: rewritten(path, "screening.DocumentPage", picture="../../x"),
        "DocumentPage.picture that cannot be",
    ),
    "a file outside": (
        lambda path: rewritten(path, "screening.Document", file="../../etc/passwd"),
        "not the name of a file",
    ),
    "a hash that is a path": (
        lambda path: rewritten(path, "screening.Document", file_sha256="../../x"),
        "file_sha256 that cannot be",
    ),
    "a member outside": (
        lambda path: written_with(path, {"files/../../x": b"x"}),
        "not the name of a file",
    ),
    "a column from nowhere": (
        lambda path: rewritten(path, "screening.Decision", is_true=True),
        "does not know",
    ),
    "no text but a number that is none": (
        lambda path: written_with(
            path,
            {
                "data/screening.Place.jsonl": contents(path)["data/screening.Place.jsonl"].replace(
                    b'"score":0.30000000000000004', b'"score":NaN'
                )
            },
        ),
        "cannot be read",
    ),
    "a row that breaks a rule of the database": (
        lambda path: rewritten(path, "analysis.PlanDeviation", reason=""),
        "do not fit together",
    ),
    "two reviews": (
        lambda path: written_with(
            path, {"data/reviews.Review.jsonl": contents(path)["data/reviews.Review.jsonl"] * 2}
        ),
        "exactly one review",
    ),
}


def test_a_review_with_decisions_that_are_here_already_is_refused(review, exported):
    before, files = counts(), files_kept()

    with pytest.raises(CarryingRefused, match="brought in before"):
        import_review(path=exported, slug="a-copy")

    assert (counts(), files_kept()) == (before, files)


def test_the_address_of_another_review_is_not_taken_from_it(review, exported):
    with pytest.raises(CarryingRefused, match="already"):
        import_review(path=exported)


@pytest.mark.parametrize("harm", HARM)
def test_a_file_with_harm_is_refused_in_words_and_nothing_of_it_is_kept(review, exported, harm):
    make, words = HARM[harm]
    elsewhere(review)
    harmed = make(exported)
    before, files = counts(), files_kept()

    with pytest.raises(CarryingRefused, match=words):
        import_review(path=harmed)

    assert (counts(), files_kept()) == (before, files)


def test_what_stops_an_export_leaves_no_file(review, tmp_path):
    def stop(done, total):
        raise CarryingRefused("Stopped.")

    with pytest.raises(CarryingRefused, match="Stopped"):
        export_review(review=review, target=tmp_path / "none.zip", progress=stop)

    assert not list(tmp_path.glob("none*"))


def test_what_stops_an_import_keeps_nothing(review, exported):
    elsewhere(review)
    before, files = counts(), files_kept()

    def stop(done, total, step):
        if step == "Comparing with the original":
            raise CarryingRefused("Stopped.")

    with pytest.raises(CarryingRefused, match="Stopped"):
        import_review(path=exported, progress=stop)

    assert (counts(), files_kept()) == (before, files)
