"""The flow in the layout that the PRISMA2020 R package and web app read (their PRISMA.csv template).

Source: Haddaway NR et al. Campbell Syst Rev 2022;18:e1230. The package finds a row by its `data` name,
takes the number from `n`, and labels from `boxtext`; a list of reasons is one cell, "Reason, n; Reason, n".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from .flow import FlowCounts

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


def as_csv(counts: FlowCounts) -> str:
    """The template filled in: same rows in the same order, numbers of parts that this review has not as 0.

    The template has no place for what is not settled yet; in a running review the tooltip of the box says it.
    """
    numbers = _numbers(counts)
    open_work = _open_work(counts)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for name, node, box, label, part in _ROWS:
        description = f"{label} ({part})" if part else label
        tooltip = _MISSING if node == _MISSING else ". ".join([description, *open_work.get(name, ())])
        page = name if name != _MISSING else box
        table.writerow((name, node, box, description, label, tooltip, f"{page}.html", numbers.get(name, "0")))
    return out.getvalue()


def _numbers(counts: FlowCounts) -> dict[str, str]:
    databases = ((s.name, s.records) for s in counts.identified if s.kind == "database")
    registers = ((s.name, s.records) for s in counts.identified if s.kind == "register")
    reasons = ((each.reason, each.reports) for each in counts.excluded_by_reason)
    return {
        "database_results": str(counts.records_from("database")),
        "database_specific_results": _listed(databases),
        "register_results": str(counts.records_from("register")),
        "register_specific_results": _listed(registers),
        "duplicates": str(counts.duplicates_removed),
        "excluded_automatic": str(counts.removed_by_automation),
        "excluded_other": str(counts.removed_other),
        "records_screened": str(counts.screened),
        "records_excluded": str(counts.excluded_title_abstract),
        "dbr_sought_reports": str(counts.sought),
        "dbr_notretrieved_reports": str(counts.not_retrieved),
        "dbr_assessed": str(counts.assessed),
        "dbr_excluded": _listed(reasons),
        "new_studies": str(counts.included_studies),
        "new_reports": str(counts.included_reports),
        "total_studies": str(counts.included_studies),
        "total_reports": str(counts.included_reports),
    }


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
