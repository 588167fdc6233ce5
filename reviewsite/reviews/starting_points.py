"""What a new review of a usual kind begins with: designs that fit it, and reasons to exclude."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A protocol's first words; `reasons` are for both stages, in the order of their keys."""

    label: str
    study_designs: str
    reasons: tuple[str, ...]


STARTING_POINTS = {
    "intervention": StartingPoint(
        _("Effects of an intervention, compared"),
        _("Randomised controlled trials"),
        (
            _("Wrong population"),
            _("Wrong intervention"),
            _("Wrong comparator"),
            _("Wrong outcome"),
            _("Not a randomised trial"),
            _("No results of its own"),
        ),
    ),
    "one_group": StartingPoint(
        _("One group: response, survival or prevalence"),
        _("Single-arm trials, cohorts and case series"),
        (
            _("Wrong population"),
            _("Wrong intervention or condition"),
            _("Wrong outcome"),
            _("No group of its own"),
            _("Case report"),
            _("No results of its own"),
        ),
    ),
    "exposure": StartingPoint(
        _("An exposure or risk factor"),
        _("Cohort and case-control studies"),
        (
            _("Wrong population"),
            _("Wrong exposure"),
            _("No unexposed comparison"),
            _("Wrong outcome"),
            _("Wrong study design"),
            _("No results of its own"),
        ),
    ),
    "accuracy": StartingPoint(
        _("Accuracy of a test"),
        _("Cross-sectional and cohort studies of diagnostic accuracy"),
        (
            _("Wrong population"),
            _("Wrong index test"),
            _("Wrong or no reference standard"),
            _("Wrong target condition"),
            _("No two-by-two counts"),
            _("No results of its own"),
        ),
    ),
    PLAIN: StartingPoint(
        _("Something else"),
        "",
        (
            _("Wrong population"),
            _("Wrong intervention"),
            _("Wrong outcome"),
            _("Wrong study design"),
            _("Wrong publication type"),
        ),
    ),
}
