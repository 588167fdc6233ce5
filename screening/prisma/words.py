"""The labels of the PRISMA flow in other languages, to be taken as the team's own wording.

The flow itself is in English until somebody words it otherwise: it goes into papers, and its words must not
depend on who looks. These are what a team that writes in another language begins with.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import get_language, pgettext, pgettext_lazy

from .report import Wording

USUAL = (
    pgettext_lazy("flow", "Identification"),
    pgettext_lazy("flow", "Screening"),
    pgettext_lazy("flow", "Included"),
    pgettext_lazy("flow", "Identification of studies via databases and registers"),
    pgettext_lazy("flow", "Identification of new studies via databases and registers"),
    pgettext_lazy("flow", "Identification of studies via other methods"),
    pgettext_lazy("flow", "Identification of new studies via other methods"),
    pgettext_lazy("flow", "Previous studies"),
    pgettext_lazy("flow", "Studies included in previous version of review"),
    pgettext_lazy("flow", "Reports of studies included in previous version of review"),
    pgettext_lazy("flow", "Records identified from:"),
    pgettext_lazy("flow", "Databases"),
    pgettext_lazy("flow", "Registers"),
    pgettext_lazy("flow", "Websites"),
    pgettext_lazy("flow", "Organisations"),
    pgettext_lazy("flow", "Citation searching"),
    pgettext_lazy("flow", "Other sources"),
    pgettext_lazy("flow", "Records removed before screening:"),
    pgettext_lazy("flow", "Duplicate records removed"),
    pgettext_lazy("flow", "Records marked as ineligible by automation tools"),
    pgettext_lazy("flow", "Records not screened: stopping rule met"),
    pgettext_lazy("flow", "Records removed for other reasons"),
    pgettext_lazy("flow", "Not sought:"),
    pgettext_lazy("flow", "Records screened"),
    pgettext_lazy("flow", "Records excluded"),
    pgettext_lazy("flow", "Not yet screened"),
    pgettext_lazy("flow", "Conflicts to settle"),
    pgettext_lazy("flow", "Reports sought for retrieval"),
    pgettext_lazy("flow", "Not yet retrieved"),
    pgettext_lazy("flow", "Reports not retrieved"),
    pgettext_lazy("flow", "Reports assessed for eligibility"),
    pgettext_lazy("flow", "Not yet assessed"),
    pgettext_lazy("flow", "Reports excluded"),
    pgettext_lazy("flow", "Studies included in review"),
    pgettext_lazy("flow", "Reports of included studies"),
    pgettext_lazy("flow", "New studies included in review"),
    pgettext_lazy("flow", "Reports of new studies included"),
    pgettext_lazy("flow", "Reports not yet in a study"),
    pgettext_lazy("flow", "Total studies included in review"),
    pgettext_lazy("flow", "Reports of total included studies"),
    pgettext_lazy("flow", "Studies of the previous version no longer included"),
)


def are_there() -> bool:
    """Whether the page is in a language other than that of the flow."""
    return not (get_language() or "en").startswith("en")


def filled(wordings: Sequence[Wording]) -> list[Wording]:
    """With the usual words of the page's language where the team has none of its own."""
    return [each if each.own else _worded(each) for each in wordings]


def in_language(label: str) -> str:
    """A usual label of the flow in the language of the page; every other text as it is."""
    return pgettext("flow", label) if label else ""


def _worded(wording: Wording) -> Wording:
    said = in_language(wording.usual)
    return wording if said == wording.usual else replace(wording, own=said)
