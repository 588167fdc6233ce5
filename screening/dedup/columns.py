"""Records as columns of numbers, so that many pairs are compared at once."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .normalise import Kind, Normal

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Objects = npt.NDArray[Any]
KINDS = {kind: number for number, kind in enumerate(Kind)}
NOT_GIVEN = -1
# A title of so many letters may be one that a database cut off.
CUT_TITLE = 30


@dataclass(frozen=True, slots=True)
class Columns:
    """One array a field, in the order of the records; text as codes, -1 (years, pages: 0) where not given."""

    records: Sequence[Normal]
    title: Codes
    title_text: Objects
    title_start: Codes
    title_size: Numbers
    year: Codes
    journal: Codes
    volume: Codes
    issue_as_volume: Codes
    first_page: Codes
    last_page: Codes
    page_letters: Codes
    is_electronic: Flags
    doi: Codes
    pmid: Codes
    abstract_text: Objects
    kind: Codes
    has_tongues: Flags
    is_translated: Flags
    is_comment: Flags
    is_cochrane: Flags
    is_in_supplement: Flags
    has_place: Flags
    has_names: Flags


def columns(records: Sequence[Normal]) -> Columns:
    volumes: dict[Hashable, int] = {}
    return Columns(
        records=records,
        title=_codes((r.title for r in records), {}),
        title_text=_objects(r.title for r in records),
        title_start=_codes((r.title[:CUT_TITLE] for r in records), {}),
        title_size=np.array([r.title_size for r in records], float),
        year=np.array([r.year for r in records], np.int64),
        journal=_codes((r.journals for r in records), {}),
        volume=_codes((r.volume for r in records), volumes),
        issue_as_volume=_codes((r.issue for r in records), volumes),
        first_page=np.array([r.pages.first for r in records], np.int64),
        last_page=np.array([r.pages.last for r in records], np.int64),
        page_letters=_codes((r.pages.letters for r in records), {}),
        is_electronic=_flags(r.pages.letters.startswith("e") for r in records),
        doi=_codes((r.doi for r in records), {}),
        pmid=_codes((r.pmid for r in records), {}),
        abstract_text=_objects(r.abstract for r in records),
        kind=np.array([KINDS[r.kind] for r in records], np.int64),
        has_tongues=_flags(r.tongues for r in records),
        is_translated=_flags(r.is_translated for r in records),
        is_comment=_flags(r.is_comment for r in records),
        is_cochrane=_flags(r.is_cochrane for r in records),
        is_in_supplement=_flags(r.is_in_supplement for r in records),
        has_place=_flags(r.issue or r.pages.first for r in records),
        has_names=_flags(r.names for r in records),
    )


def _codes(values: Iterable[Hashable], known: dict[Hashable, int]) -> Codes:
    """One number a value, -1 for an empty one; `known` is shared by columns that are compared."""
    return np.array(
        [known.setdefault(value, len(known)) if value else NOT_GIVEN for value in values], np.int64
    )


def _objects(values: Iterable[str]) -> Objects:
    return np.array([*values], dtype=object)


def _flags(values: Iterable[object]) -> Flags:
    return np.array([bool(value) for value in values], np.bool_)
