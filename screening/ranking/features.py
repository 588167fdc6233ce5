"""Citations as rows of numbers: what words, word stems and pairs of neighbours each one holds."""

import math
import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from .errors import NothingToRank

# Counted up whenever the same texts come to other features, so that kept ones are made anew.
FEATURES_VERSION = 1
WORD = re.compile(r"\w+")
# The first six letters stand for a stem: "randomised", "randomized" and "randomly" become one feature. With
# whole words beside it this found more on the labelled sets than either alone, and it suits any language.
STEM_LETTERS = 6
# A feature in one citation says nothing of others; one in nearly all of them says nothing either.
FEWEST_CITATIONS = 2
LARGEST_SHARE = 0.95

Ids = npt.NDArray[np.int64]


def features(titles: Sequence[str], abstracts: Sequence[str]) -> sparse.csr_matrix:
    """One row a citation: words and stems, alone and in pairs of neighbours, weighted by TF-IDF.

    titles, abstracts: n texts each; either may be empty, and a citation without a word gets a row of zeros.
    Returns shape (n, features), float64; words and stems weigh alike, and a row has length one.
    Raises NothingToRank when no two citations share a word.

    Counted as integers, because scikit-learn's vectoriser takes several times as long for pairs of words.
    """
    words = [
        WORD.findall(f"{title} {abstract}".lower()) for title, abstract in zip(titles, abstracts, strict=True)
    ]
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    rows = np.repeat(np.arange(len(words)), lengths)
    word_ids, stem_of = _numbered(words, len(rows))
    tables = [_weighted(rows, ids, len(words)) for ids in (word_ids, stem_of[word_ids])]
    table = sparse.hstack(tables, format="csr") / math.sqrt(len(tables))
    if table.shape[1] == 0:
        raise NothingToRank("No word occurs in two citations, so none can tell anything about another.")
    return table


def _numbered(words: Sequence[Sequence[str]], total: int) -> tuple[Ids, Ids]:
    """The words in reading order as numbers, and for each number that of its stem."""
    # Sorted, so that two runs number, and therefore add up, alike.
    vocabulary = sorted(set(chain.from_iterable(words)))
    number_of = {word: number for number, word in enumerate(vocabulary)}
    in_order = np.fromiter(
        map(number_of.__getitem__, chain.from_iterable(words)), dtype=np.int64, count=total
    )
    stems, _ = pd.factorize(np.array([word[:STEM_LETTERS] for word in vocabulary], dtype=object))
    return in_order, stems.astype(np.int64)


def _weighted(rows: Ids, ids: Ids, citations: int) -> sparse.csr_matrix:
    """TF-IDF of single terms and of pairs of neighbours, with sublinear counts; rows of length one."""
    # A pair must not begin in one citation and end in the next.
    inside = rows[1:] == rows[:-1]
    pairs = ids[:-1][inside] * (ids.max(initial=0) + 1) + ids[1:][inside]
    counts = [_counts(rows, ids, citations), _counts(rows[:-1][inside], pairs, citations)]
    counted = sparse.hstack(counts, format="csr")
    if counted.shape[1] == 0:
        return counted
    return TfidfTransformer(sublinear_tf=True).fit_transform(counted)


def _counts(rows: Ids, ids: Ids, citations: int) -> sparse.csr_matrix:
    """How often each term stands in each citation, without the terms in too few or too many."""
    columns, distinct = pd.factorize(ids)
    ones = np.ones(len(ids), dtype=np.float64)
    table = sparse.csr_matrix((ones, (rows, columns)), shape=(citations, len(distinct)))
    holding = np.bincount(table.indices, minlength=len(distinct))
    return table[:, (holding >= FEWEST_CITATIONS) & (holding <= LARGEST_SHARE * citations)]
