"""Screens labelled sets in ranked order and prints the result beside ASReview 3.0.8's, set by set.

`--choose` chooses the classifier's settings anew with each set left out in turn: it prints what the settings
chosen on the other sets reach on the one that had no say. `--large` times 20,000 citations.

Needs the yardsticks: name their folder in WINNOW_YARDSTICKS, or put it at ../shared. Skips plainly without.
"""

import argparse
import itertools
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.ranking import StoppingRule, classifier, drawn_start, features, order_quality, simulate
from screening.ranking.labelled import LabelledSet, read_labelled

SHARED = Path(os.environ.get("WINNOW_YARDSTICKS", Path(__file__).resolve().parents[2] / "shared"))
FOLDER = SHARED / "screening"
# ASReview 3.0.8, ELAS u4, learning again after each label, one relevant and one irrelevant citation at the
# start, mean of three seeds: WSS@95, recall at 10% and 20%, average time to discovery.
ASREVIEW = {
    "cohen_triptans": (0.594, 0.638, 0.739, 0.130),
    "cohen_adhd": (0.528, 0.685, 0.889, 0.081),
    "cohen_proton_pump": (0.445, 0.700, 0.780, 0.142),
    "kitchenham_2010": (0.674, 0.689, 0.909, 0.084),
    "bannach_brown_2019": (0.411, 0.571, 0.853, 0.131),
    "nagtegaal_2019_nudging": (0.726, 0.643, 0.927, 0.089),
    "wilson_disease_2020": (0.813, 0.909, 1.000, 0.038),
    "cohen_ace_inhibitors": (0.750, 0.846, 0.957, 0.056),
}
LARGE = 20_000
GRID = {"COST": (0.005, 0.02, 0.1), "RELEVANT_WEIGHT": (10.0, 30.0), "PRESUMED_IRRELEVANT": (0, 100)}


@dataclass(frozen=True)
class Run:
    wss95: float
    recall10: float
    recall20: float
    atd: float
    recall_when_stopped: float
    saved: float

    @property
    def quality(self) -> tuple[float, float, float, float]:
        return self.wss95, self.recall10, self.recall20, self.atd


def play(labelled: LabelledSet, table, seed: int) -> Run:
    start = drawn_start(labelled.relevant, included=1, excluded=1, seed=seed)
    run = simulate(table, labelled.relevant, start, rule=StoppingRule(), seed=seed)
    order = order_quality([labelled.relevant[row] for row in run.order])
    saved = 1 - run.stopped_after / len(run.order)
    return Run(order.wss95, order.recall10, order.recall20, order.atd, run.recall_when_stopped, saved)


def read(name: str):
    labelled = read_labelled((FOLDER / f"{name}.csv").read_bytes(), "label_included")
    return labelled, features(labelled.titles, labelled.abstracts)


def compare(seeds: list[int]) -> None:
    print(f"{'set':24} WSS@95        recall10      recall20      ATD           stop: recall (worst)  saved")
    means, stops = [], []
    for name, theirs in ASREVIEW.items():
        labelled, table = read(name)
        runs = [play(labelled, table, seed) for seed in seeds]
        ours = np.mean([run.quality for run in runs], axis=0)
        recalls, saved = zip(*((run.recall_when_stopped, run.saved) for run in runs), strict=True)
        means.append(ours)
        stops.extend(zip(recalls, saved, strict=True))
        pairs = "".join(f"{own:.3f} / {their:.3f} " for own, their in zip(ours, theirs, strict=True))
        print(
            f"{name:24} {pairs} {np.mean(recalls):.3f} ({min(recalls):.3f})  {np.mean(saved):.1%}", flush=True
        )
    both = zip(np.mean(means, axis=0), np.mean(list(ASREVIEW.values()), axis=0), strict=True)
    reached = np.array([recall >= 0.95 for recall, _ in stops])
    print(f"{'macro mean':24} {''.join(f'{own:.3f} / {their:.3f} ' for own, their in both)}")
    print(f"rule kept its promise in {reached.mean():.1%} of {len(stops)} runs, ", end="")
    print(
        f"worst recall {min(r for r, _ in stops):.3f}, mean work saved {np.mean([s for _, s in stops]):.1%}"
    )


def choose(seeds: list[int]) -> None:
    """Which settings the other sets would choose, and what these reach on the set left out."""
    settings = [dict(zip(GRID, values, strict=True)) for values in itertools.product(*GRID.values())]
    reached = np.zeros((len(settings), len(ASREVIEW), 4))
    for column, name in enumerate(ASREVIEW):
        labelled, table = read(name)
        for row, setting in enumerate(settings):
            with patch.multiple(classifier, **setting):
                reached[row, column] = np.mean([play(labelled, table, s).quality for s in seeds], axis=0)
        print(f"{name}: {len(settings)} settings tried", flush=True)
    theirs = np.array(list(ASREVIEW.values()))
    # Gains over ASReview in the four measures, each in units of its own mean; time to discovery counts down.
    gains = ((reached - theirs) * [1, 1, 1, -1] / theirs.mean(axis=0)).mean(axis=2)
    left_out = []
    for column, name in enumerate(ASREVIEW):
        best = int(np.argmax(np.delete(gains, column, axis=1).mean(axis=1)))
        left_out.append(reached[best, column])
        print(f"without {name}: {settings[best]} -> {np.round(reached[best, column], 3)}")
    print(f"macro mean of the sets left out: {np.round(np.mean(left_out, axis=0), 3)}")
    print(f"ASReview:                        {np.round(theirs.mean(axis=0), 3)}")
    best = settings[int(np.argmax(gains.mean(axis=1)))]
    print(f"chosen on all: {best}")


def large() -> None:
    """Time to read the texts of 20,000 citations, to learn and to order all; and again from disk."""
    sets = [read_labelled((FOLDER / f"{name}.csv").read_bytes(), "label_included") for name in ASREVIEW]
    titles = [title for each in sets for title in each.titles]
    abstracts = [abstract for each in sets for abstract in each.abstracts]
    relevant = [label for each in sets for label in each.relevant]
    copies = -(-LARGE // len(titles))
    titles, abstracts, relevant = ((column * copies)[:LARGE] for column in (titles, abstracts, relevant))
    begin = time.perf_counter()
    table = features(titles, abstracts)
    counted = time.perf_counter()
    print(f"{LARGE:,} citations, {table.shape[1]:,} features: texts read in {counted - begin:.2f} s")
    for share in (0.01, 0.1, 0.5, 0.9):
        decided = np.random.default_rng(1).choice(LARGE, int(share * LARGE), replace=False)
        begin = time.perf_counter()
        scores = classifier.relevance_scores(table, decided, np.array(relevant)[decided], seed=1)
        np.argsort(-scores, kind="stable")
        print(f"learnt from {len(decided):,} and ordered all in {time.perf_counter() - begin:.2f} s")
    fresh_worker(titles, abstracts, np.array(relevant))


def fresh_worker(titles: list[str], abstracts: list[str], relevant) -> None:
    """The same by a worker that has just started and finds the features on disk."""
    os.environ["WINNOW_DATA_DIR"] = tempfile.mkdtemp(prefix="winnow-ranking-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "reviewsite.settings"
    import django

    django.setup()
    from screening.order import feature_store

    feature_store.features_of(1, titles, abstracts)
    feature_store._last.clear()
    decided = np.random.default_rng(1).choice(LARGE, LARGE // 2, replace=False)
    begin = time.perf_counter()
    table = feature_store.features_of(1, titles, abstracts)
    read = time.perf_counter()
    scores = classifier.relevance_scores(table, decided, relevant[decided], seed=1)
    np.argsort(-scores, kind="stable")
    end = time.perf_counter()
    print(f"fresh worker: features read from disk in {read - begin:.2f} s, all in {end - begin:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    if not FOLDER.exists():
        print("Skipped: the yardsticks are not here (set WINNOW_YARDSTICKS to their folder).")
        return
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    if arguments.large:
        large()
    elif arguments.choose:
        choose(seeds)
    else:
        compare(seeds)


if __name__ == "__main__":
    main()
