"""The WHO's trial register portal (ICTRP) as XML."""

import re

from . import cleaning
from .base import ImportProblem, RawRecord, Records, kept, untitled
from .encoding import Source
from .tagged import check_title
from .xml_records import XmlFile, XmlRecord, leaves, text_at

START = re.compile(r"<Trials_downloaded_from_ICTRP[\s>]|<Trial>\s*<(?:Export_date|Internal_Number|TrialID)>")
KNOWN = frozenset({"TrialID", "Scientific_title", "web_address"})


def looks_like(source: Source) -> bool:
    return START.search(source.head) is not None


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of a ICTRP export; what could not be read is added to `problems`.

    While they are taken, raises ImportRefused when the document is not well formed or defines entities.
    """
    file = XmlFile(source.text, "Trial")
    return Records(file.count(), (_record(each, problems) for each in file.records()))


def _record(trial: XmlRecord, problems: list[ImportProblem]) -> RawRecord:
    element = trial.element
    # The scientific title says what was done to whom; the public one is what is left without it.
    title = text_at(element, "Scientific_title") or text_at(element, "Public_title")
    if not title:
        problems.append(untitled(trial.line, "Scientific_title"))
    check_title(title, trial.line)
    registered = text_at(element, "Date_registration3") or text_at(element, "Date_registration")
    return RawRecord(
        title=title,
        authors=cleaning.texts([text_at(element, "Primary_sponsor")]),
        year=cleaning.year(registered),
        journal=text_at(element, "Source_Register"),
        abstract=_summary(trial),
        keywords=cleaning.texts(re.split(r";|\|", text_at(element, "Condition"))),
        publication_type="Trial registration",
        url=text_at(element, "web_address"),
        database_id=text_at(element, "TrialID"),
        extra=kept(leaves(element, KNOWN)),
        raw=trial.raw,
        line=trial.line,
    )


def _summary(trial: XmlRecord) -> str:
    """What a person screens a registration by; each part under the name that the portal gives it."""
    parts = (
        ("Condition", "Condition"),
        ("Intervention", "Intervention"),
        ("Primary outcome", "Primary_outcome"),
        ("Study design", "Study_design"),
        ("Inclusion criteria", "Inclusion_Criteria"),
    )
    return " ".join(f"{name}: {value}" for name, tag in parts if (value := text_at(trial.element, tag)))
