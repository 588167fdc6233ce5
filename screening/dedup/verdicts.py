"""What the evidence comes to: two thresholds, and the guards that no sum overrules."""

import numpy as np
import numpy.typing as npt

from .columns import Codes, Columns, Flags, Numbers
from .evidence import Pairs, weigh
from .guards import NEVER_LINKED, OF_ONE_WORK, guard
from .records import Match, Verdict

# In points of evidence. From SURE on a pair is linked by rule; below UNSURE it stays apart.
SURE = 10.0
UNSURE = 6.5
# What titles must have in common for a preprint and an article to be versions rather than strangers.
OF_ONE_WORK_WORDS, OF_ONE_WORK_LIKENESS = 4, 0.90
# A pair so far below zero is held to be two documents even when a third record resembles both.
STRONGLY_APART = 2.0
SAME_LIKENESS = 0.95
MIDDLE = 8.0
VERDICTS = (Verdict.DIFFERENT, Verdict.UNSURE, Verdict.VERSION, Verdict.SAME)
# The rule that is named for a sure pair: the first whose evidence holds.
RULES = (
    ("same_pmid", ("same PMID",)),
    ("same_doi", ("same DOI",)),
    ("same_registration", ("same registration",)),
    ("same_title_and_pages", ("title", "same pages")),
    ("same_title_and_place", ("title", "same volume", "same first page")),
    ("same_title_and_abstract", ("title", "same abstract")),
    ("same_title_authors_and_journal", ("title", "authors agree", "same journal")),
    ("same_title_and_authors", ("title", "authors agree")),
    ("translated_title_same_place", ("titles in different languages",)),
)
# Where a guard spoke, the rule has its name: such a pair stays apart even when a third record resembles both.
GUARD_RULES = frozenset(name.replace(" ", "_").lower() for name in NEVER_LINKED)


class Judged:
    """Pairs with their verdicts; the evidence is put into words only when a match is asked for."""

    def __init__(self, columns: Columns, a: Codes, b: Codes) -> None:
        self.pairs = weigh(columns, a, b)
        guard(self.pairs)
        self.verdict = _verdicts(self.pairs)

    def where(self, *verdicts: Verdict) -> list[int]:
        wanted = [VERDICTS.index(verdict) for verdict in verdicts]
        return np.flatnonzero(np.isin(self.verdict, wanted)).tolist()

    def strongly_apart(self) -> Flags:
        """Pairs that no third record may bring together."""
        ledger = self.pairs.ledger
        guarded = ledger.any_of(NEVER_LINKED) | (self.verdict == VERDICTS.index(Verdict.VERSION))
        apart = guarded | (ledger.total < STRONGLY_APART)
        return np.asarray(apart & (self.verdict != VERDICTS.index(Verdict.SAME)))

    def match(self, n: int) -> Match:
        pairs = self.pairs
        verdict = VERDICTS[self.verdict[n]]
        records = pairs.columns.records
        return Match(
            records[pairs.a[n]].key,
            records[pairs.b[n]].key,
            round(float(score(pairs.ledger.total[n])), 4),
            self._rule(n, verdict),
            verdict,
            pairs.ledger.told(n),
        )

    def _rule(self, n: int, verdict: Verdict) -> str:
        named = self.pairs.ledger.named
        if verdict is Verdict.SAME:
            return next(
                (rule for rule, all_of in RULES if all(named[name][n] for name in all_of)), "sum_of_evidence"
            )
        guards = sorted(name for name in NEVER_LINKED & named.keys() if named[name][n])
        if guards:
            return guards[0].replace(" ", "_").lower()
        return {Verdict.VERSION: "same_title_elsewhere", Verdict.UNSURE: "unsure"}.get(verdict, "unlike")


def score(total: Numbers | float) -> npt.NDArray[np.float64]:
    """Points on a scale from 0 to 1: a half in the middle of what is unsure, 0.8 where pairs are linked."""
    return np.asarray(1 / (1 + np.exp2(MIDDLE - np.asarray(total, float))))


def _verdicts(pairs: Pairs) -> npt.NDArray[np.int64]:
    ledger, named = pairs.ledger, pairs.ledger.named
    guarded = ledger.any_of(NEVER_LINKED)
    verdict = np.where(
        ledger.total >= UNSURE, VERDICTS.index(Verdict.UNSURE), VERDICTS.index(Verdict.DIFFERENT)
    )
    verdict[(ledger.total >= SURE) & ~guarded] = VERDICTS.index(Verdict.SAME)
    verdict[_of_one_work(pairs) & ~named["different PMIDs"]] = VERDICTS.index(Verdict.VERSION)
    return verdict


def _of_one_work(pairs: Pairs) -> Flags:
    """Two documents of one work: a guard that says so, or one title by the same authors in two places."""
    ledger, named = pairs.ledger, pairs.ledger.named
    likeness = np.nan_to_num(pairs.titles.likeness)
    telling = named["title"] & (pairs.shorter_title >= OF_ONE_WORK_WORDS) & (likeness >= OF_ONE_WORK_LIKENESS)
    strangers = named["authors differ"] | named["few authors agree"]
    by_guard = ledger.any_of(OF_ONE_WORK) & telling & ~strangers & ~named["words differ"]
    placed_apart = named["journals differ"] & (
        named["pages differ"] | named["volumes differ"] | named["years differ"]
    )
    elsewhere = placed_apart & named["authors agree"] & telling & (likeness >= SAME_LIKENESS)
    elsewhere &= ledger.total < UNSURE
    other_guard = ledger.any_of(NEVER_LINKED - OF_ONE_WORK - {"published in another place"})
    return (by_guard | elsewhere) & ~other_guard
