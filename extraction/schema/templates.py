"""Forms to start from: what the reporting guidelines of each design ask for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..told import told
from .fields import Field, FieldKind, FormDefinition, ShowIf


@dataclass(frozen=True, slots=True)
class FormTemplate:
    """A form offered to a new review."""

    key: str
    title: str
    note: str
    form: FormDefinition


TEXT, NUMBER, CHOICE, YES_NO = FieldKind.TEXT, FieldKind.NUMBER, FieldKind.CHOICE, FieldKind.YES_NO
OTHER = ShowIf("design", ("Other",))
DESIGNS = (
    "Randomised trial",
    "Single-arm trial",
    "Non-randomised trial",
    "Prospective cohort",
    "Retrospective cohort",
    "Other",
)


def _form(*parts: tuple[str, Iterable[Field]]) -> FormDefinition:
    """A form of sections, each a title with its fields."""
    return FormDefinition(tuple(replace(field, section=title) for title, fields in parts for field in fields))


def _choice(key: str, label: str, *choices: str, **more: object) -> Field:
    return Field(key, label, CHOICE, choices=choices, **more)  # type: ignore[arg-type]


def _percent(key: str, label: str, **more: object) -> Field:
    return Field(key, label, NUMBER, unit="%", low=0, high=100, **more)  # type: ignore[arg-type]


COUNTRY = Field("country", "Country", FieldKind.COUNTRY, help="Several are set apart by semicolons.")
SETTING = Field("setting", "Setting", help="For example: 12 university hospitals.")
RECRUITED = (
    Field("recruited_from", "Recruitment began", FieldKind.DATE, help="Year, or year and month: 2019-04."),
    Field("recruited_to", "Recruitment ended", FieldKind.DATE),
)
REGISTRATION = Field("registration", "Registration number")
MONEY = (
    Field("funding", "Funding"),
    _choice(
        "funding_source",
        "Source of funding",
        "Public",
        "Non-profit",
        "Industry",
        "Mixed",
        "None",
        "Not reported",
    ),
    Field("interests", "Conflicts of interest declared by the authors"),
)
AGE = (
    Field("age", "Age", help="As printed: mean with SD, or median with range, in years."),
    _percent("women", "Women"),
)
ELIGIBLE = (
    Field("included_were", "Inclusion criteria"),
    Field("excluded_were", "Exclusion criteria"),
)
NOTES = (Field("note", "Notes"),)

SINGLE_ARM_TRIAL = FormDefinition(
    (
        Field("design", "Design", FieldKind.CHOICE, required=True, choices=DESIGNS, section="Study"),
        Field(
            "setting",
            "Setting and country",
            help="As reported; leave empty when not reported.",
            section="Study",
        ),
        Field("recruitment", "Recruitment period", section="Study"),
        Field("registration", "Trial registration", section="Study"),
        Field("funding", "Funding", section="Study"),
        Field("population", "Population", required=True, section="Participants"),
        Field("n", "Participants analysed", FieldKind.NUMBER, required=True, low=1, section="Participants"),
        Field("age", "Age", help="Median with range, or mean with SD, as reported.", section="Participants"),
        Field("regimen", "Treatment", required=True, section="Treatment"),
        Field("follow_up", "Follow-up", section="Treatment"),
        Field("note", "Notes", section="Notes"),
    )
)

RANDOMISED_TRIAL = _form(
    (
        "Study",
        (
            _choice(
                "design", "Design", "Parallel", "Crossover", "Cluster", "Factorial", "Other", required=True
            ),
            Field("design_other", "Which design", required=True, show_if=OTHER),
            Field("clusters", "Clusters randomised", NUMBER, low=2, show_if=ShowIf("design", ("Cluster",))),
            Field(
                "icc",
                "Intracluster correlation",
                NUMBER,
                low=0,
                high=1,
                help="As printed, or the assumption with its source in the quote.",
                show_if=ShowIf("design", ("Cluster",)),
            ),
            Field("washout", "Washout between periods", show_if=ShowIf("design", ("Crossover",))),
            COUNTRY,
            SETTING,
            *RECRUITED,
            REGISTRATION,
            *MONEY,
        ),
    ),
    (
        "Participants",
        (
            Field("population", "Population", required=True),
            *ELIGIBLE,
            Field("n_randomised", "Participants randomised", NUMBER, required=True, low=1, is_total=True),
            Field("n_lost", "Lost to follow-up", NUMBER, low=0),
            *AGE,
            Field("severity", "Severity or stage at baseline"),
        ),
    ),
    (
        "Interventions",
        (
            Field(
                "interventions",
                "Arms and what they received",
                FieldKind.TABLE,
                columns=("Arm", "Intervention", "Dose and schedule", "Duration", "Co-interventions"),
            ),
            Field("follow_up", "Follow-up", help="Longest time at which an outcome was measured."),
            _choice(
                "analysis_population", "Analysed", "As randomised", "Modified", "Per protocol", "Not reported"
            ),
        ),
    ),
    ("Notes", NOTES),
)

COHORT = _form(
    (
        "Study",
        (
            _choice("design", "Design", "Prospective cohort", "Retrospective cohort", "Other", required=True),
            Field("design_other", "Which design", required=True, show_if=OTHER),
            COUNTRY,
            SETTING,
            Field("data_source", "Data source", help="Name of the registry, database or cohort."),
            *RECRUITED,
            *MONEY,
        ),
    ),
    (
        "Participants",
        (
            Field("population", "Population", required=True),
            *ELIGIBLE,
            Field("n_enrolled", "Participants at the start", NUMBER, low=1),
            Field("n_analysed", "Participants analysed", NUMBER, required=True, low=1, is_total=True),
            *AGE,
        ),
    ),
    (
        "Exposure and outcome",
        (
            Field("exposure", "Exposure", required=True),
            Field("exposure_measured", "How the exposure was measured"),
            Field("comparator", "Compared with"),
            Field("outcome_measured", "How outcomes were ascertained"),
            Field("follow_up", "Follow-up", help="Mean or median, as printed."),
            Field("completeness", "Followed to the end", NUMBER, unit="%", low=0, high=100),
        ),
    ),
    (
        "Confounding",
        (
            Field("is_adjusted", "Estimates adjusted", YES_NO, required=True),
            _choice(
                "adjusted_by",
                "Method",
                "Regression",
                "Matching",
                "Propensity score",
                "Stratification",
                "Several",
                show_if=ShowIf("is_adjusted", ("Yes",)),
            ),
            Field("covariates", "Covariates", show_if=ShowIf("is_adjusted", ("Yes",))),
            Field("missing_data", "Handling of missing data"),
        ),
    ),
    ("Notes", NOTES),
)

DIAGNOSTIC_ACCURACY = _form(
    (
        "Study",
        (
            _choice(
                "design",
                "Design",
                "Cross-sectional, one gate",
                "Case-control, two gates",
                "Cohort",
                "Randomised comparison of tests",
                required=True,
            ),
            _choice("sampling", "Enrolment", "Consecutive", "Random", "Convenience", "Not reported"),
            _choice("direction", "Data collected", "Prospectively", "Retrospectively", "Not reported"),
            COUNTRY,
            SETTING,
            *RECRUITED,
            *MONEY,
        ),
    ),
    (
        "Participants",
        (
            Field("population", "Population and presentation", required=True),
            *ELIGIBLE,
            Field(
                "n_analysed", "Participants in the 2 by 2 table", NUMBER, required=True, low=1, is_total=True
            ),
            Field("n_uninterpretable", "Uninterpretable or missing results", NUMBER, low=0),
            *AGE,
            _percent("prevalence", "Prevalence of the condition"),
        ),
    ),
    (
        "Tests",
        (
            Field("condition", "Target condition", required=True),
            Field("index_test", "Index test", required=True, help="Name, maker, version, who read it."),
            Field("threshold", "Threshold"),
            Field("threshold_before", "Threshold set beforehand", YES_NO),
            Field("reference", "Reference standard", required=True),
            Field("index_blinded", "Index test read without the reference", YES_NO),
            Field("reference_blinded", "Reference read without the index test", YES_NO),
            Field("interval", "Time between the tests"),
            Field("all_verified", "All received the same reference standard", YES_NO),
        ),
    ),
    (
        "Notes",
        (
            Field(
                "note",
                "Notes",
                help="Type the 2 by 2 table below: with an arm for those with and one for those without the "
                "condition, positive tests out of participants.",
            ),
        ),
    ),
)

PREVALENCE = _form(
    (
        "Study",
        (
            _choice(
                "design",
                "Design",
                "Cross-sectional",
                "Cohort, at baseline",
                "Registry",
                "Other",
                required=True,
            ),
            Field("design_other", "Which design", required=True, show_if=OTHER),
            COUNTRY,
            _choice("area", "Area", "Urban", "Rural", "Both", "Not reported"),
            _choice("level", "Population", "National", "Regional", "Community", "Institution", required=True),
            *RECRUITED,
            *MONEY,
        ),
    ),
    (
        "Sample",
        (
            Field("population", "Population", required=True),
            _choice(
                "sampling",
                "Sampling",
                "Simple random",
                "Stratified",
                "Cluster or multistage",
                "Census",
                "Convenience",
                "Not reported",
                required=True,
            ),
            Field(
                "design_effect",
                "Design effect",
                NUMBER,
                low=1,
                show_if=ShowIf("sampling", ("Cluster or multistage",)),
            ),
            Field("n_invited", "Invited", NUMBER, low=1),
            _percent("response", "Response rate"),
            Field("n_analysed", "Participants analysed", NUMBER, required=True, low=1, is_total=True),
            *AGE,
        ),
    ),
    (
        "Measurement",
        (
            Field("condition", "Condition", required=True),
            Field("definition", "Case definition", required=True),
            _choice(
                "measured_by",
                "Measured by",
                "Test",
                "Examination",
                "Interview",
                "Self-report",
                "Records",
                "Several",
            ),
            _choice("period", "Period", "Point prevalence", "Period prevalence", "Lifetime prevalence"),
            Field("is_weighted", "Estimate weighted to the population", YES_NO),
        ),
    ),
    ("Notes", NOTES),
)

TEMPLATES = (
    FormTemplate(
        "rct",
        told("Randomised trial"),
        told("Design, participants, arms, funding; clusters and crossover."),
        RANDOMISED_TRIAL,
    ),
    FormTemplate(
        "single_arm",
        told("Single-arm trial"),
        told("Short: study, participants, treatment."),
        SINGLE_ARM_TRIAL,
    ),
    FormTemplate("cohort", told("Cohort study"), told("Exposure, ascertainment, confounding."), COHORT),
    FormTemplate(
        "accuracy",
        told("Diagnostic accuracy"),
        told("Index test, reference standard, flow."),
        DIAGNOSTIC_ACCURACY,
    ),
    FormTemplate("prevalence", told("Prevalence"), told("Sampling, response, case definition."), PREVALENCE),
)
