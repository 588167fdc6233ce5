"""The items of PRISMA 2020, of its abstract checklist and of PRISMA-S, in our own short words.

Sources: Page MJ et al. BMJ 2021;372:n71 (tables 1, 2); Rethlefsen ML et al. Syst Rev 2021;10:39. The numbers
are those of the sources, whose full wording belongs beside the manuscript; here stands what an item asks for.
An item's `anchor` is the section of the manuscript kit that answers it; without one only people can. The
texts are English, and a page may say them in another language (`told`).
"""

from __future__ import annotations

from dataclasses import dataclass

from extraction.told import told as _

MAIN, ABSTRACT, SEARCH = "prisma-2020", "prisma-2020-abstract", "prisma-s"
TITLES = {
    MAIN: _("PRISMA 2020 checklist"),
    ABSTRACT: _("PRISMA 2020 checklist for abstracts"),
    SEARCH: _("PRISMA-S checklist of the searches"),
}


@dataclass(frozen=True)
class Item:
    """One item. todo: what remains for people to do where the data say nothing."""

    list: str
    number: str
    part: str
    topic: str
    asks: str
    anchor: str = ""
    todo: str = ""

    @property
    def key(self) -> str:
        return f"{self.list}:{self.number}"


def _items(name: str, rows: tuple[tuple[str, ...], ...]) -> tuple[Item, ...]:
    return tuple(Item(name, *row) for row in rows)


# number, part, topic, what it asks for, section that answers it, what people do otherwise
PRISMA = _items(
    MAIN,
    (
        ("1", _("Title"), _("Title"), _("Say in the title that it is a systematic review."), "",
         _("Write “systematic review” into the title.")),
        ("2", _("Abstract"), _("Abstract"), _("Follow the checklist for abstracts."), "",
         _("Write the abstract.")),
        ("3", _("Introduction"), _("Rationale"), _("Why the review is needed, given what is known."), "",
         _("Write the background.")),
        ("4", _("Introduction"), _("Objectives"), _("The question that is answered."), "methods-question",
         _("Fill in the question in the protocol.")),
        ("5", _("Methods"), _("Eligibility criteria"), _("Who gets in and how studies are grouped."),
         "methods-eligibility", _("Write the criteria into the protocol.")),
        ("6", _("Methods"), _("Information sources"), _("Every source, and when each was last searched."),
         "methods-sources", _("Bring in the searches.")),
        ("7", _("Methods"), _("Search strategy"), _("The full strategy of every source, with limits."),
         "appendix-search", _("Keep the strategy with every search.")),
        ("8", _("Methods"), _("Selection process"),
         _("How many decided, whether independently, with which tools."), "methods-selection",
         _("Screen, or import decisions.")),
        ("9", _("Methods"), _("Data collection process"), _("How many extracted, how it was confirmed."),
         "methods-extraction", _("Extract the included studies.")),
        ("10a", _("Methods"), _("Outcomes sought"), _("The outcomes for which results were sought."),
         "methods-outcomes", _("Name the outcomes.")),
        ("10b", _("Methods"), _("Other variables"), _("What else was extracted, and what was assumed."),
         "methods-variables", _("Make an extraction form.")),
        ("11", _("Methods"), _("Risk of bias in studies"),
         _("Tool, how many assessed, whether independently."), "methods-bias",
         _("Choose a tool and assess the studies.")),
        ("12", _("Methods"), _("Effect measures"), _("The measure of each outcome."), "methods-synthesis",
         _("Plan the analyses.")),
        ("13a", _("Methods"), _("Which studies for a synthesis"),
         _("How it was decided which studies go in."), "methods-synthesis", _("Plan the analyses.")),
        ("13b", _("Methods"), _("Preparing the data"), _("Conversions and missing statistics."),
         "methods-preparing", _("Say how data were made ready.")),
        ("13c", _("Methods"), _("Displaying results"), _("How results are tabulated and drawn."),
         "methods-display", _("Run an analysis.")),
        ("13d", _("Methods"), _("Synthesis methods"), _("Models, estimators, heterogeneity and software."),
         "methods-synthesis", _("Plan the analyses.")),
        ("13e", _("Methods"), _("Exploring heterogeneity"), _("Subgroups or regressions."),
         "methods-heterogeneity", _("Say whether causes of heterogeneity were explored.")),
        ("13f", _("Methods"), _("Sensitivity analyses"), _("What tests how robust results are."),
         "methods-sensitivity", _("Say whether sensitivity analyses were done.")),
        ("14", _("Methods"), _("Reporting bias"), _("How bias from missing results was assessed."), "",
         _("Describe how missing results were looked for.")),
        ("15", _("Methods"), _("Certainty"), _("How certainty of the evidence was assessed."),
         "methods-certainty", _("Add outcomes to the summary of findings.")),
        ("16a", _("Results"), _("Study selection"), _("Numbers from search to inclusion, best as a diagram."),
         "results-selection", _("Bring in the searches.")),
        ("16b", _("Results"), _("Near misses"), _("Studies that seem to fit and were excluded, and why."),
         "appendix-excluded", _("Screen the full texts.")),
        ("17", _("Results"), _("Study characteristics"), _("Each study with its characteristics."),
         "results-characteristics", _("Agree the extractions.")),
        ("18", _("Results"), _("Risk of bias in studies"), _("The judgement of each study."), "results-bias",
         _("Agree the assessments.")),
        ("19", _("Results"), _("Results of studies"), _("Numbers and effect of each study."),
         "results-syntheses", _("Run the analyses.")),
        ("20a", _("Results"), _("Body of each synthesis"), _("Characteristics and bias of those pooled."),
         "results-syntheses", _("Run the analyses.")),
        ("20b", _("Results"), _("Results of syntheses"), _("Summary, interval and heterogeneity."),
         "results-syntheses", _("Run the analyses.")),
        ("20c", _("Results"), _("Causes of heterogeneity"), _("What subgroups or regressions showed."),
         "results-heterogeneity", _("Say what was found, or that nothing was explored.")),
        ("20d", _("Results"), _("Sensitivity analyses"), _("What they showed."), "results-sensitivity",
         _("Say what was found, or that none was done.")),
        ("21", _("Results"), _("Reporting bias"), _("What was found on missing results."), "",
         _("Write what was found.")),
        ("22", _("Results"), _("Certainty"), _("Certainty for each outcome."), "results-certainty",
         _("Judge the certainty of each outcome.")),
        ("23a", _("Discussion"), _("Interpretation"), _("Results in the light of other evidence."), "",
         _("Write the discussion.")),
        ("23b", _("Discussion"), _("Limits of the evidence"), _("What weakens the included evidence."), "",
         _("Write the discussion.")),
        ("23c", _("Discussion"), _("Limits of the review"), _("What weakens the review's own work."), "",
         _("Write the discussion.")),
        ("23d", _("Discussion"), _("Implications"), _("For practice, policy and research."), "",
         _("Write the discussion.")),
        ("24a", _("Other"), _("Registration"), _("Register and number, or that there is none."),
         "methods-registration", _("Enter the registration in the protocol.")),
        ("24b", _("Other"), _("Protocol"), _("Where the protocol can be read."), "",
         _("Say where the protocol can be read.")),
        ("24c", _("Other"), _("Amendments"), _("What differs from registration or protocol."),
         "methods-amendments", _("Describe deviations from the protocol.")),
        ("25", _("Other"), _("Support"), _("Funding, and what funders did."), "", _("State the funding.")),
        ("26", _("Other"), _("Competing interests"), _("Those of the authors."), "",
         _("State competing interests.")),
        ("27", _("Other"), _("Data and code"), _("What is available and where."), "other-data",
         _("Say where data and code can be had.")),
    ),
)  # fmt: skip
PRISMA_ABSTRACT = _items(
    ABSTRACT,
    (
        ("1", _("Title"), _("Title"), _("Names it a systematic review."), "", _("Write the title.")),
        ("2", _("Background"), _("Objectives"), _("The question that is answered."), "methods-question",
         _("Fill in the question in the protocol.")),
        ("3", _("Methods"), _("Eligibility criteria"), _("Who gets in."), "methods-eligibility",
         _("Write the criteria into the protocol.")),
        ("4", _("Methods"), _("Information sources"), _("Sources and last dates."), "methods-sources",
         _("Bring in the searches.")),
        ("5", _("Methods"), _("Risk of bias"), _("How it was assessed."), "methods-bias",
         _("Choose a tool and assess the studies.")),
        ("6", _("Methods"), _("Synthesis"), _("How results were put together."), "methods-synthesis",
         _("Plan the analyses.")),
        ("7", _("Results"), _("Included studies"), _("How many studies and people."), "results-selection",
         _("Include studies.")),
        ("8", _("Results"), _("Synthesis of results"), _("Main outcomes with interval and direction."),
         "results-syntheses", _("Run the analyses.")),
        ("9", _("Discussion"), _("Limitations"), _("What weakens the evidence."), "", _("Write it.")),
        ("10", _("Discussion"), _("Interpretation"), _("What follows from it."), "", _("Write it.")),
        ("11", _("Other"), _("Funding"), _("The main source."), "", _("State the funding.")),
        ("12", _("Other"), _("Registration"), _("Register and number."), "methods-registration",
         _("Enter the registration in the protocol.")),
    ),
)  # fmt: skip
PRISMA_S = _items(
    SEARCH,
    (
        ("1", _("Sources"), _("Databases"), _("Each database with its platform."), "s-databases",
         _("Name them.")),
        ("2", _("Sources"), _("Several at once"), _("Databases that one platform searched together."),
         "s-platforms", _("Say on which platform each search ran, and whether several ran at once.")),
        ("3", _("Sources"), _("Registers"), _("Study registers that were searched."), "s-registers",
         _("Say which registers were searched, or that none was.")),
        ("4", _("Sources"), _("Browsing online"), _("Websites and print sources searched or browsed."),
         "s-websites", _("Say which were browsed, or that none was.")),
        ("5", _("Sources"), _("Citation searching"),
         _("References and citing works that were looked through."), "s-citations",
         _("Say whether citations were searched.")),
        ("6", _("Sources"), _("Contacts"), _("People asked for further studies."), "s-contacts",
         _("Say whom was asked, or that nobody was.")),
        ("7", _("Sources"), _("Other methods"), _("Anything else by which records were found."), "s-others",
         _("Say so, or that there was nothing else.")),
        ("8", _("Strategies"), _("Full strategies"), _("Each strategy as it was run."), "s-strategies",
         _("Keep the strategy of every search.")),
        ("9", _("Strategies"), _("Limits"), _("Limits, with why; or that there were none."), "s-limits",
         _("State the limits of every search.")),
        ("10", _("Strategies"), _("Filters"), _("Published filters, cited."), "s-filters",
         _("Say whether a published filter was used.")),
        ("11", _("Strategies"), _("Earlier work"), _("Strategies taken from other reviews."), "s-earlier",
         _("Say whether a strategy was taken over.")),
        ("12", _("Strategies"), _("Updates"), _("How searches were brought up to date."), "s-updates",
         _("Say whether searches were run again.")),
        ("13", _("Strategies"), _("Dates"), _("When each was last run."), "s-dates", _("Enter the dates.")),
        ("14", _("Peer review"), _("Peer review"), _("Whether the search was reviewed."), "s-review",
         _("Say who reviewed the search, or that nobody did.")),
        ("15", _("Records"), _("Total records"), _("How many each source gave."), "s-records",
         _("Bring in the searches.")),
        ("16", _("Records"), _("Deduplication"), _("How duplicates were found."), "s-duplicates",
         _("Bring in the searches.")),
    ),
)  # fmt: skip
LISTS = {MAIN: PRISMA, ABSTRACT: PRISMA_ABSTRACT, SEARCH: PRISMA_S}
