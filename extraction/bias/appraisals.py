"""The rules of planning an appraisal (which tool, for what) and of writing a tool of one's own."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act

from ..models import Appraisal, Outcome, OwnTool
from ..risk_of_bias import DefinitionRefused, Tool, catalogue
from ..wording import in_words

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
        raise AppraisalRefused(gettext("%(tool)s judges results: choose the outcome.") % {"tool": tool.name})
    effects = dict(tool.effects)
    if effects and effect not in effects:
        raise AppraisalRefused(
            gettext("%(tool)s needs the effect of interest: %(effects)s.")
            % {"tool": tool.name, "effects": gettext("; or ").join(effects.values())}
        )
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
        raise AppraisalRefused(gettext("This tool is in use for that already.")) from None
    record_act(review, by, "appraisal planned", tool=tool.name, outcome=str(outcome or ""))
    return appraisal


@transaction.atomic
def drop_appraisal(*, appraisal: Appraisal, by) -> None:
    """Take a tool out of use before anything was judged with it."""
    if appraisal.assessments.exists():
        raise AppraisalRefused(gettext("Something was judged with this tool already, so it stays."))
    record_act(appraisal.review, by, "appraisal dropped", tool=appraisal.tool.name)
    appraisal.delete()


@transaction.atomic
def save_own_tool(*, review: Review, by, definition: str) -> OwnTool:
    """A tool of the team's own; with a key that it has already, a new version. Raises AppraisalRefused."""
    try:
        written = catalogue.read_own(definition)
    except DefinitionRefused as refusal:
        raise AppraisalRefused(in_words(refusal)) from None
    if not _KEY.fullmatch(written.key) or written.key in RESERVED:
        raise AppraisalRefused(
            gettext("The key “%(key)s” must be of at most 40 small letters, digits and dashes.")
            % {"key": written.key}
        )
    if written.key in catalogue.tool_keys():
        raise AppraisalRefused(
            gettext("“%(key)s” is the key of a tool that comes with Winnow; choose another.")
            % {"key": written.key}
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
