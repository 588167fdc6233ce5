"""The flow in the layout that the PRISMA2020 R package and web app read (their PRISMA.csv template).

Source: Haddaway NR et al. Campbell Syst Rev 2022;18:e1230. The package finds a row by its `data` name,
takes the number from `n`, and labels from `boxtext`; a list of reasons is one cell, "Reason, n; Reason, n".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

from .flow import FlowCounts, ReasonCount, Stream

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
_MISSING = "NA"  # how R spells a cell without a value
_SEPARATORS = re.compile(r"\s*[,;]\s*")

# data, node, box, label, and which part of the search a label common to two boxes belongs to.
_ROWS = (
    (_MISSING, "node4", "prevstud", "Previous studies", ""),
    ("previous_studies", "node5", "box1", "Studies included in previous version of review", ""),
    ("previous_reports", _MISSING, "box1", "Reports of studies included in previous version of review", ""),
    (_MISSING, "node6", "newstud", "Identification of studies via databases and registers", ""),
    ("database_results", "node7", "box2", "Databases", "databases and registers"),
    ("database_specific_results", _MISSING, "box2", "Specific Databases", ""),
    ("register_results", _MISSING, "box2", "Registers", ""),
    ("register_specific_results", _MISSING, "box2", "Specific Registers", ""),
    (_MISSING, "node16", "othstud", "Identification of studies via other methods", ""),
    ("website_results", "node17", "box11", "Websites", ""),
    ("organisation_results", _MISSING, "box11", "Organisations", ""),
    ("citations_results", _MISSING, "box11", "Citation searching", ""),
    ("duplicates", "node8", "box3", "Duplicate records", ""),
    ("excluded_automatic", _MISSING, "box3", "Records marked as ineligible by automation tools", ""),
    ("excluded_other", _MISSING, "box3", "Records removed for other reasons", ""),
    ("records_screened", "node9", "box4", "Records screened", "databases and registers"),
    ("records_excluded", "node10", "box5", "Records excluded", "databases and registers"),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval", "databases and registers"),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved", "databases and registers"),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval", "other"),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved", "other"),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility", "databases and registers"),
    ("dbr_excluded", "node14", "box9", "Reports excluded", "databases and registers"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility", "other"),
    ("other_excluded", "node21", "box15", "Reports excluded", "other"),
    ("new_studies", "node15", "box10", "Studies included in review", ""),
    ("new_reports", _MISSING, "box10", "Reports of included studies", ""),
    ("total_studies", "node22", "box16", "Total studies included in review", ""),
    ("total_reports", _MISSING, "box16", "Reports of total included studies", ""),
    ("identification", "node1", "identification", "Identification", ""),
    ("screening", "node2", "screening", "Screening", ""),
    ("included", "node3", "included", "Included", ""),
)


# Which of the diagram's own numbers a row of the template is, where the team may have words of its own.
_WORDS_OF = {
    "previous_studies": "previous_studies",
    "previous_reports": "previous_reports",
    "database_results": "databases",
    "register_results": "registers",
    "website_results": "websites",
    "organisation_results": "organisations",
    "citations_results": "citation_searchs",
    "duplicates": "duplicates_removed",
    "excluded_automatic": "removed_by_automation",
    "excluded_other": "removed_other",
    "records_screened": "screened",
    "records_excluded": "excluded_title_abstract",
    "dbr_sought_reports": "sought",
    "dbr_notretrieved_reports": "not_retrieved",
    "other_sought_reports": "other_sought",
    "other_notretrieved_reports": "other_not_retrieved",
    "dbr_assessed": "assessed",
    "dbr_excluded": "excluded_full_text",
    "other_assessed": "other_assessed",
    "other_excluded": "other_excluded_full_text",
    "new_studies": "included_studies",
    "new_reports": "included_reports",
    "total_studies": "total_studies",
    "total_reports": "total_reports",
    "identification": "phase:identification",
    "screening": "phase:screening",
    "included": "phase:included",
}
_HEADERS = {"prevstud": "header:previous", "newstud": "header:main", "othstud": "header:other"}


def as_csv(counts: FlowCounts, words: Mapping[str, str] | None = None) -> str:
    """The template filled in: same rows in the same order, numbers of parts that this review has not as 0.

    words: the team's own wording by key, as in `boxes`. The template has no place for what is not settled
    yet; in a running review the tooltip of the box says it. What was left unread by a stopping rule is among
    what automation tools removed, and the tooltip says how many.
    """
    numbers, said = _numbers(counts), words or {}
    remarks = _remarks(counts)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for name, node, box, label, part in _ROWS:
        key = _HEADERS.get(box, "") if name == _MISSING else _WORDS_OF.get(name, "")
        own = said.get(key, label).lstrip("=+-@ \t")
        description = f"{label} ({part})" if part else label
        tooltip = _MISSING if node == _MISSING else ". ".join([description, *remarks.get(name, ())])
        page = name if name != _MISSING else box
        table.writerow((name, node, box, description, own, tooltip, f"{page}.html", numbers.get(name, "0")))
    return out.getvalue()


def _numbers(counts: FlowCounts) -> dict[str, str]:
    told = {
        "database_results": counts.records_from("database"),
        "register_results": counts.records_from("register"),
        "duplicates": counts.duplicates_removed,
        "excluded_automatic": counts.removed_by_automation + counts.not_screened,
        "excluded_other": counts.removed_other,
        "records_screened": counts.screened,
        "records_excluded": counts.excluded_title_abstract,
        "dbr_sought_reports": counts.sought,
        "dbr_notretrieved_reports": counts.not_retrieved,
        "dbr_assessed": counts.assessed,
        "new_studies": counts.included_studies,
        "new_reports": counts.new_reports,
        "total_studies": counts.included_studies if counts.total_studies is None else counts.total_studies,
        "total_reports": counts.new_reports if counts.total_reports is None else counts.total_reports,
    }
    lists = {
        "database_specific_results": _sources(counts, "database"),
        "register_specific_results": _sources(counts, "register"),
        "dbr_excluded": _reasons(counts.excluded_by_reason),
    }
    if counts.previous:
        told |= {"previous_studies": counts.previous.studies, "previous_reports": counts.previous.reports}
    if counts.other:
        other = counts.other
        told |= {
            # The template knows no other sources than these three.
            "website_results": other.records_from("website"),
            "organisation_results": other.records_from("organisation") + other.records_from("other"),
            "citations_results": other.records_from("citation_search"),
            "other_sought_reports": other.sought,
            "other_notretrieved_reports": other.not_retrieved,
            "other_assessed": other.assessed,
        }
        lists["other_excluded"] = _reasons(other.excluded_by_reason)
    return {**{name: str(n) for name, n in told.items()}, **lists}


def _sources(counts: Stream, kind: str) -> str:
    return _listed((s.name, s.records) for s in counts.identified if s.kind == kind)


def _reasons(reasons: Iterable[ReasonCount]) -> str:
    return _listed((each.reason, each.reports) for each in reasons)


def _remarks(counts: FlowCounts) -> dict[str, list[str]]:
    """What a box of the template cannot say by its number, by row."""
    said = _open_work(counts)
    if counts.not_screened:
        said["duplicates"] = [f"Not screened, stopping rule met: {counts.not_screened}"]
    if other := counts.other:
        unsought = (
            ("Duplicates", other.duplicates_removed),
            ("Removed by automation tools", other.removed_by_automation),
            ("Removed for other reasons", other.removed_other),
            ("Excluded on title and abstract", other.excluded_title_abstract),
            ("Of other sources, counted under organisations", other.records_from("other")),
        )
        said["website_results"] = [f"{label}: {n}" for label, n in unsought if n]
    return said


def _open_work(counts: FlowCounts) -> dict[str, list[str]]:
    by_row = {
        "records_screened": (
            ("Not yet screened", counts.awaiting_screening),
            ("Conflicts to settle", counts.title_abstract_conflicts),
        ),
        "dbr_sought_reports": (("Not yet retrieved", counts.awaiting_retrieval),),
        "dbr_assessed": (
            ("Not yet assessed", counts.awaiting_full_text),
            ("Conflicts to settle", counts.full_text_conflicts),
        ),
    }
    return {row: [f"{label}: {n}" for label, n in open_lines if n] for row, open_lines in by_row.items()}


def _listed(parts: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{_cell_safe(name)}, {count}" for name, count in parts) or "0"


def _cell_safe(name: str) -> str:
    """A name that neither the package (splits at commas and semicolons) nor a spreadsheet misreads."""
    return _SEPARATORS.sub(" - ", name).lstrip("=+-@ \t")
