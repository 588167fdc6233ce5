"""The features of a review's texts, kept as a file so that a fresh worker need not read all texts again.

One file a review, named by the hash of what it was made from: the texts, and the code that reads them. A file
that is gone, cut off or altered is made anew; none is ever trusted without its own checksum.
"""

import hashlib
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from scipy import sparse

from ..ranking import FEATURES_VERSION, features

FOLDER = "ranking"
DIGEST_BYTES = 32
_last: dict[str, sparse.csr_matrix] = {}


def features_of(review_pk: int, titles: Sequence[str], abstracts: Sequence[str]) -> sparse.csr_matrix:
    """The features of these texts: those of the last call, else those of the file, else made and kept."""
    key = _hash_of(titles, abstracts)
    if key not in _last:
        # First, so that the table before it need not be held beside the new one.
        _last.clear()
        table = _read(review_pk, key, rows=len(titles))
        if table is None:
            table = features(titles, abstracts)
            _keep(review_pk, key, table)
        _last[key] = table
    return _last[key]


def _hash_of(titles: Sequence[str], abstracts: Sequence[str]) -> str:
    digest = hashlib.sha256(f"{FEATURES_VERSION}\0".encode())
    for title, abstract in zip(titles, abstracts, strict=True):
        digest.update(f"{title}\0{abstract}\0".encode())
    return digest.hexdigest()


def _folder(review_pk: int) -> str:
    return f"{FOLDER}/{review_pk}"


def _read(review_pk: int, key: str, *, rows: int) -> sparse.csr_matrix | None:
    try:
        with default_storage.open(f"{_folder(review_pk)}/{key}.npz") as file:
            body = file.read()
    except OSError:
        return None
    told, body = body[:DIGEST_BYTES], body[DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != told:
        return None
    with np.load(io.BytesIO(body), allow_pickle=False) as parts:
        shape = tuple(int(n) for n in parts["shape"])
        table = sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=shape)
    return table if table.shape[0] == rows else None


def _keep(review_pk: int, key: str, table: sparse.csr_matrix) -> None:
    """In place of what was kept before; the checksum goes first, so that a file cut off is known as one."""
    folder = _folder(review_pk)
    packed = io.BytesIO()
    shape: npt.NDArray[np.int64] = np.array(table.shape, dtype=np.int64)
    np.savez(packed, data=table.data, indices=table.indices, indptr=table.indptr, shape=shape)
    body = packed.getvalue()
    try:
        for name in _names_in(folder):
            default_storage.delete(f"{folder}/{name}")
        default_storage.save(f"{folder}/{key}.npz", ContentFile(hashlib.sha256(body).digest() + body))
    except OSError:
        # A full disk makes the next worker slower, and nothing wrong.
        return


def _names_in(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[1]
    except OSError:
        return []
