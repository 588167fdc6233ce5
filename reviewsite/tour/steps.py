"""What the tour says, and where. Each step stands on a page that every member may open."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Step:
    """One stop: the page, and in few words what to see there and what to try."""

    title: str | Promise
    text: str | Promise
    page: str


STEPS = (
    Step(
        _("One review, from search to plot"),
        _(
            "Every number below is counted from rows, and opens them. What awaits you stands above; each "
            "member sees their own work."
        ),
        "dashboard:dashboard",
    ),
    Step(
        _("Searches"),
        _(
            "Each run of a query in a database keeps its records as they came. Open one to see what was "
            "read, what was filled and what had problems. Files of any database, or PubMed from here, come "
            "in at the foot of the page."
        ),
        "screening:searches",
    ),
    Step(
        _("Duplicates"),
        _(
            "Copies share one citation. Every link says what speaks for and against it, and can be undone; "
            "what the rules are not sure of waits here for a person."
        ),
        "screening:duplicates",
    ),
    Step(
        _("The screening room"),
        _(
            "One citation, the criteria beside it, one key a decision: i includes, e excludes, m is a "
            "maybe, u takes back. Press ? for all keys. Nobody sees how a colleague voted until all have."
        ),
        "screening:citations",
    ),
    Step(
        _("Conflicts"),
        _(
            "Where reviewers differ, a further decision settles it by one key. All votes stay, with their "
            "reasons and notes."
        ),
        "screening:conflicts",
    ),
    Step(
        _("Studies"),
        _(
            "Several reports can be one study. Data are extracted once a study, and cohorts that share "
            "people are never pooled together in silence."
        ),
        "screening:studies",
    ),
    Step(
        _("Extraction in duplicate"),
        _(
            "Two people type the same study, each blind to the other, with page and quote from the PDF. "
            "What differs is settled cell by cell."
        ),
        "extraction:index",
    ),
    Step(
        _("Risk of bias"),
        _(
            "Tools are readable files with their algorithms: the proposal comes with the path that led to "
            "it, and an override with its reason."
        ),
        "extraction:risk_of_bias",
    ),
    Step(
        _("Analyses"),
        _(
            "Open one: a plot, every statistic with its formula, and a way from each square back to the "
            "sentence it was read from. When an agreed number changes, the analyses that used it say so."
        ),
        "analysis:index",
    ),
    Step(
        _("The PRISMA flow"),
        _(
            "Counted, never typed in: each number opens its rows, and a flow that does not add up is "
            "refused. That is the tour; the help above has the rest."
        ),
        "screening:prisma",
    ),
)
