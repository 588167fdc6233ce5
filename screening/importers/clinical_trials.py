"""ClinicalTrials.gov studies as its API (version 2) gives them in JSON."""

import json
import re
from typing import Any

from . import cleaning
from .base import ImportProblem, ImportRefused, RawRecord, Records, kept, untitled
from .encoding import Source
from .tagged import check_title

PART = "protocolSection"
# What a person screens a registration by, with the name it gets in the text.
SUMMARY = (
    ("", ("descriptionModule", "briefSummary")),
    ("Conditions", ("conditionsModule", "conditions")),
    ("Interventions", ("armsInterventionsModule", "interventions")),
    ("Primary outcomes", ("outcomesModule", "primaryOutcomes")),
    ("Eligibility", ("eligibilityModule", "eligibilityCriteria")),
)


def looks_like(source: Source) -> bool:
    return source.head.lstrip()[:1] in {"{", "["}


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The studies of a JSON document. Raises ImportRefused when it is none of theirs."""
    studies = _studies(source.text)
    return Records(len(studies), (_record(study, n, problems) for n, study in enumerate(studies, 1)))


def _studies(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ImportRefused(
            f"The JSON is broken at line {error.lineno}: it was probably cut off, so nothing of it was kept. "
            "Export it again."
        ) from None
    except RecursionError:
        raise ImportRefused(
            "The JSON is nested deeper than any database writes it, so it is not read."
        ) from None
    except ValueError as error:
        raise ImportRefused(f"The JSON cannot be read ({error}). Export it again.") from None
    found = document.get("studies", [document]) if isinstance(document, dict) else document
    studies = found if isinstance(found, list) else []
    if not studies or not all(
        isinstance(each, dict) and isinstance(each.get(PART), dict) for each in studies
    ):
        raise ImportRefused(
            "This JSON does not hold studies as ClinicalTrials.gov gives them (version 2 of its API). "
            "Export RIS, .nbib or CSV instead."
        )
    return studies


def _record(study: dict[str, Any], number: int, problems: list[ImportProblem]) -> RawRecord:
    protocol = study[PART]
    registered = _said(_at(protocol, "identificationModule", "nctId"))
    title = _said(_at(protocol, "identificationModule", "officialTitle")) or _said(
        _at(protocol, "identificationModule", "briefTitle")
    )
    if not title:
        problems.append(untitled(number, "officialTitle"))
    check_title(title, number)
    return RawRecord(
        title=title,
        authors=cleaning.texts([_said(_at(protocol, "sponsorCollaboratorsModule", "leadSponsor", "name"))]),
        year=_year(protocol),
        journal="ClinicalTrials.gov",
        abstract=_summary(protocol),
        keywords=cleaning.texts(map(_said, _listed(_at(protocol, "conditionsModule", "keywords")))),
        publication_type="Trial registration",
        url=f"https://clinicaltrials.gov/study/{registered}" if registered else "",
        database_id=registered,
        extra=kept((name, _said(part)) for name, part in protocol.items()),
        raw=json.dumps(study, ensure_ascii=False, indent=1),
        line=number,
    )


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(value: Any) -> str:
    """The texts inside a value of any make, one after another."""
    if isinstance(value, dict):
        return "; ".join(said for each in value.values() if (said := _said(each)))
    if isinstance(value, list):
        return "; ".join(said for each in value if (said := _said(each)))
    return "" if value is None or isinstance(value, bool) else cleaning.text(str(value))


def _year(protocol: dict[str, Any]) -> int | None:
    dates = ("studyFirstPostDateStruct", "studyFirstSubmitDate", "startDateStruct")
    found = (_said(_at(protocol, "statusModule", date)) for date in dates)
    return next((year for date in found if (year := cleaning.year(date)) is not None), None)


def _summary(protocol: dict[str, Any]) -> str:
    said = ((name, _said(_at(protocol, *path))) for name, path in SUMMARY)
    return re.sub(r"\s+", " ", " ".join(f"{name}: {text}" if name else text for name, text in said if text))
