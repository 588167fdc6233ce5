"""Forms to start from."""

from .fields import Field, FieldKind, FormDefinition

DESIGNS = (
    "Randomised trial",
    "Single-arm trial",
    "Non-randomised trial",
    "Prospective cohort",
    "Retrospective cohort",
    "Other",
)

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
