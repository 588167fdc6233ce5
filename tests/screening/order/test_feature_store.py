"""Features kept on disk: read again by a worker that has just started, and never trusted when damaged."""

from pathlib import Path

import numpy as np
import pytest
from django.core.files.storage import default_storage

from screening.order import feature_store
from screening.order.feature_store import features_of

from ..ranking.makers import labelled

TITLES, ABSTRACTS, _ = labelled(30)


@pytest.fixture(autouse=True)
def _worker(monkeypatch):
    monkeypatch.setattr(feature_store, "_last", {})


def fresh_worker():
    feature_store._last.clear()


def kept():
    return [f"ranking/7/{name}" for name in default_storage.listdir("ranking/7")[1]]


def no_reading(*_):
    raise AssertionError("the texts were read again")


def test_a_fresh_worker_takes_the_features_from_the_file(monkeypatch):
    made = features_of(7, TITLES, ABSTRACTS)
    fresh_worker()
    monkeypatch.setattr(feature_store, "features", no_reading)

    again = features_of(7, TITLES, ABSTRACTS)

    assert again.shape == made.shape
    assert (again != made).nnz == 0


def test_other_texts_take_the_place_of_the_old_file():
    features_of(7, TITLES, ABSTRACTS)
    (first,) = kept()

    features_of(7, [*TITLES, "Metoprolol once more"], [*ABSTRACTS, ""])

    assert len(kept()) == 1
    assert kept() != [first]


@pytest.mark.parametrize(
    "damage", [lambda body: body[: len(body) // 2], lambda body: b"", lambda body: body[:-9] + b"x" * 9]
)
def test_a_damaged_file_is_made_anew(damage):
    made = features_of(7, TITLES, ABSTRACTS)
    (name,) = kept()
    path = Path(default_storage.path(name))
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    fresh_worker()

    again = features_of(7, TITLES, ABSTRACTS)

    assert np.allclose(again.toarray(), made.toarray())
    assert path.read_bytes() == whole
