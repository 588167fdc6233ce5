"""Features, classifier, batches and the quality of an order."""

import numpy as np
import pytest

from screening.ranking import (
    NothingToLearn,
    NothingToRank,
    RankingRefused,
    batch_size,
    best_first,
    drawn_start,
    features,
    order_quality,
    relevance_scores,
    with_random_share,
)

from .makers import labelled


def test_words_and_stems_in_two_citations_are_features_and_a_row_has_length_one():
    table = features(["Randomised trial", "Randomized trial", "Cohort"], ["", "", ""])

    # The word "trial"; the stems "random" and "trial", and the pair "random trial".
    assert table.shape == (3, 4)
    assert np.allclose(np.sqrt(table.multiply(table).sum(axis=1))[:2], 1)
    assert table[2].nnz == 0


def test_a_pair_of_words_does_not_reach_into_the_next_citation():
    table = features(["alpha beta", "beta alpha", "alpha beta"] + ["gamma"] * 9, [""] * 12)

    pairs_of_the_first = set(table[0].indices) - set(table[1].indices)
    assert pairs_of_the_first == set(table[2].indices) - set(table[1].indices)
    assert len(pairs_of_the_first) == 2


def test_texts_without_a_common_word_are_refused():
    with pytest.raises(NothingToRank, match="No word occurs in two citations"):
        features(["alpha", "beta"], ["", ""])


def test_what_resembles_the_relevant_comes_first():
    titles, abstracts, relevant = labelled()
    start = drawn_start(relevant, included=1, excluded=1, seed=3)

    scores = relevance_scores(features(titles, abstracts), start, [True, False], seed=1)

    undecided = np.array([row for row in range(len(titles)) if row not in start])
    first = best_first(scores, undecided)[:8]
    assert sum(relevant[row] for row in first) == 8


def test_the_same_seed_gives_the_same_scores():
    titles, abstracts, _ = labelled(200)
    table = features(titles, abstracts)

    first, second = (relevance_scores(table, [6, 0], [True, False], seed=4) for _ in range(2))

    assert (first == second).all()


def test_what_is_irrelevant_teaches_nothing_by_itself():
    titles, abstracts, _ = labelled()

    with pytest.raises(NothingToLearn):
        relevance_scores(features(titles, abstracts), [0, 1], [False, False], seed=1)


def test_a_seed_paper_alone_brings_its_like_forward():
    titles, abstracts, relevant = labelled()

    scores = relevance_scores(features(titles, abstracts), [6], [True], seed=1)

    best = np.argsort(-scores)[:9]
    assert sum(relevant[row] for row in best) == 9


def test_batches_grow_from_one_to_their_limit():
    assert [batch_size(n) for n in (2, 39, 40, 200, 10_000)] == [1, 1, 2, 10, 25]


def test_equal_scores_keep_the_order_of_import():
    assert best_first(np.array([1.0, 2.0, 1.0, 2.0]), np.arange(4)).tolist() == [1, 3, 0, 2]


def test_a_random_share_moves_citations_forward_and_loses_none():
    ordered = np.arange(1000)

    mixed, is_random = with_random_share(ordered, share=0.05, seed=9)

    assert sorted(mixed) == ordered.tolist()
    assert 20 <= is_random.sum() <= 85
    assert (np.diff(mixed[~is_random]) > 0).all()


def test_the_quality_of_an_order_by_hand():
    # 20 citations, relevant ones at 1, 2, 4 and 10: all four are needed for 95%, so 10 of 20 were read.
    labels = [rank in {1, 2, 4, 10} for rank in range(1, 21)]

    quality = order_quality(labels)

    assert quality.wss95 == pytest.approx(1 - 10 / 20 - 0.05)
    assert (quality.recall10, quality.recall20) == (0.5, 0.75)
    assert quality.atd == pytest.approx((1 + 2 + 4 + 10) / 4 / 20)


def test_an_order_without_a_relevant_citation_has_no_quality():
    with pytest.raises(RankingRefused):
        order_quality([False, False])
