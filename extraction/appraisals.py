"""The rules of planning an appraisal (which tool, for what) and of writing a tool of one's own."""

import re

from django.db import IntegrityError, transaction

from reviewsite.reviews.models import Review, record_act

from .models import Appraisal, Outcome, OwnTool
from .risk_of_bias import DefinitionRefused, Tool, catalogue

# Words that the addresses of the tools' pages use themselves.
RESERVED = {"own"}
_KEY = re.compile(r"[a-z0-9_-]{1,40}")


class AppraisalRefused(Exception):
    """The appraisal cannot be planned as asked; the text is a sentence for the person."""


@transaction.atomic
def plan_appraisal(
    *,
    review: Review,
    by,
    tool: Tool,
    own_tool: OwnTool | None = None,
    effect: str = "",
    outcome: Outcome | None = None,
) -> Appraisal:
    """Put a tool to use: for every study, or for each study's result of one outcome and one effect."""
    if tool.unit == "result" and outcome is None:
        raise AppraisalRefused(f"{tool.name} judges results: choose the outcome.")
    effects = dict(tool.effects)
    if effects and effect not in effects:
        raise AppraisalRefused(f"{tool.name} needs the effect of interest: {'; or '.join(effects.values())}.")
    try:
        with transaction.atomic():
            appraisal = Appraisal.objects.create(
                review=review,
                tool_key=tool.key,
                tool_version=str(own_tool.number) if own_tool else tool.version,
                own_tool=own_tool,
                effect=effect if effects else "",
                outcome=outcome if tool.unit == "result" else None,
                created_by=by,
            )
    except IntegrityError:
        raise AppraisalRefused("This tool is in use for that already.") from None
    record_act(review, by, "appraisal planned", tool=tool.name, outcome=str(outcome or ""))
    return appraisal


@transaction.atomic
def drop_appraisal(*, appraisal: Appraisal, by) -> None:
    """Take a tool out of use before anything was judged with it."""
    if appraisal.assessments.exists():
        raise AppraisalRefused("Something was judged with this tool already, so it stays.")
    record_act(appraisal.review, by, "appraisal dropped", tool=appraisal.tool.name)
    appraisal.delete()


@transaction.atomic
def save_own_tool(*, review: Review, by, definition: str) -> OwnTool:
    """A tool of the team's own; with a key that it has already, a new version. Raises AppraisalRefused."""
    try:
        written = catalogue.read_own(definition)
    except DefinitionRefused as refusal:
        raise AppraisalRefused(str(refusal)) from None
    if not _KEY.fullmatch(written.key) or written.key in RESERVED:
        raise AppraisalRefused(
            f"The key “{written.key}” must be of at most 40 small letters, digits and dashes."
        )
    if written.key in catalogue.tool_keys():
        raise AppraisalRefused(
            f"“{written.key}” is the key of a tool that comes with Winnow; choose another."
        )
    latest = review.own_tools.filter(key=written.key).first()
    if latest and latest.definition == definition:
        return latest
    number = latest.number + 1 if latest else 1
    own = OwnTool.objects.create(
        review=review, key=written.key, number=number, definition=definition, created_by=by
    )
    record_act(review, by, "tool written", tool=written.name, version=number)
    return own
