"""The items of PRISMA 2020, of its abstract checklist and of PRISMA-S, in our own short words.

Sources: Page MJ et al. BMJ 2021;372:n71 (tables 1, 2); Rethlefsen ML et al. Syst Rev 2021;10:39. The numbers
are those of the sources, whose full wording belongs beside the manuscript; here stands what an item asks for.
An item's `anchor` is the section of the manuscript kit that answers it; without one only people can.
"""

from __future__ import annotations

from dataclasses import dataclass

MAIN, ABSTRACT, SEARCH = "prisma-2020", "prisma-2020-abstract", "prisma-s"
TITLES = {
    MAIN: "PRISMA 2020 checklist",
    ABSTRACT: "PRISMA 2020 checklist for abstracts",
    SEARCH: "PRISMA-S checklist of the searches",
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
        ("1", "Title", "Title", "Say in the title that it is a systematic review.", "",
         "Write “systematic review” into the title."),
        ("2", "Abstract", "Abstract", "Follow the checklist for abstracts.", "", "Write the abstract."),
        ("3", "Introduction", "Rationale", "Why the review is needed, given what is known.", "",
         "Write the background."),
        ("4", "Introduction", "Objectives", "The question that is answered.", "methods-question",
         "Fill in the question in the protocol."),
        ("5", "Methods", "Eligibility criteria", "Who gets in and how studies are grouped.",
         "methods-eligibility", "Write the criteria into the protocol."),
        ("6", "Methods", "Information sources", "Every source, and when each was last searched.",
         "methods-sources", "Bring in the searches."),
        ("7", "Methods", "Search strategy", "The full strategy of every source, with limits.",
         "appendix-search", "Keep the strategy with every search."),
        ("8", "Methods", "Selection process", "How many decided, whether independently, with which tools.",
         "methods-selection", "Screen, or import decisions."),
        ("9", "Methods", "Data collection process", "How many extracted, how it was confirmed.",
         "methods-extraction", "Extract the included studies."),
        ("10a", "Methods", "Outcomes sought", "The outcomes for which results were sought.",
         "methods-outcomes", "Name the outcomes."),
        ("10b", "Methods", "Other variables", "What else was extracted, and what was assumed.",
         "methods-variables", "Make an extraction form."),
        ("11", "Methods", "Risk of bias in studies", "Tool, how many assessed, whether independently.",
         "methods-bias", "Choose a tool and assess the studies."),
        ("12", "Methods", "Effect measures", "The measure of each outcome.", "methods-synthesis",
         "Plan the analyses."),
        ("13a", "Methods", "Which studies for a synthesis", "How it was decided which studies go in.",
         "methods-synthesis", "Plan the analyses."),
        ("13b", "Methods", "Preparing the data", "Conversions and missing statistics.",
         "methods-preparing", "Say how data were made ready."),
        ("13c", "Methods", "Displaying results", "How results are tabulated and drawn.",
         "methods-display", "Run an analysis."),
        ("13d", "Methods", "Synthesis methods", "Models, estimators, heterogeneity and software.",
         "methods-synthesis", "Plan the analyses."),
        ("13e", "Methods", "Exploring heterogeneity", "Subgroups or regressions.",
         "methods-heterogeneity", "Say whether causes of heterogeneity were explored."),
        ("13f", "Methods", "Sensitivity analyses", "What tests how robust results are.",
         "methods-sensitivity", "Say whether sensitivity analyses were done."),
        ("14", "Methods", "Reporting bias", "How bias from missing results was assessed.", "",
         "Describe how missing results were looked for."),
        ("15", "Methods", "Certainty", "How certainty of the evidence was assessed.",
         "methods-certainty", "Add outcomes to the summary of findings."),
        ("16a", "Results", "Study selection", "Numbers from search to inclusion, best as a diagram.",
         "results-selection", "Bring in the searches."),
        ("16b", "Results", "Near misses", "Studies that seem to fit and were excluded, and why.",
         "appendix-excluded", "Screen the full texts."),
        ("17", "Results", "Study characteristics", "Each study with its characteristics.",
         "results-characteristics", "Agree the extractions."),
        ("18", "Results", "Risk of bias in studies", "The judgement of each study.", "results-bias",
         "Agree the assessments."),
        ("19", "Results", "Results of studies", "Numbers and effect of each study.", "results-syntheses",
         "Run the analyses."),
        ("20a", "Results", "Body of each synthesis", "Characteristics and bias of those pooled.",
         "results-syntheses", "Run the analyses."),
        ("20b", "Results", "Results of syntheses", "Summary, interval and heterogeneity.",
         "results-syntheses", "Run the analyses."),
        ("20c", "Results", "Causes of heterogeneity", "What subgroups or regressions showed.",
         "results-heterogeneity", "Say what was found, or that nothing was explored."),
        ("20d", "Results", "Sensitivity analyses", "What they showed.", "results-sensitivity",
         "Say what was found, or that none was done."),
        ("21", "Results", "Reporting bias", "What was found on missing results.", "",
         "Write what was found."),
        ("22", "Results", "Certainty", "Certainty for each outcome.", "results-certainty",
         "Judge the certainty of each outcome."),
        ("23a", "Discussion", "Interpretation", "Results in the light of other evidence.", "",
         "Write the discussion."),
        ("23b", "Discussion", "Limits of the evidence", "What weakens the included evidence.", "",
         "Write the discussion."),
        ("23c", "Discussion", "Limits of the review", "What weakens the review's own work.", "",
         "Write the discussion."),
        ("23d", "Discussion", "Implications", "For practice, policy and research.", "",
         "Write the discussion."),
        ("24a", "Other", "Registration", "Register and number, or that there is none.",
         "methods-registration", "Enter the registration in the protocol."),
        ("24b", "Other", "Protocol", "Where the protocol can be read.", "",
         "Say where the protocol can be read."),
        ("24c", "Other", "Amendments", "What differs from registration or protocol.",
         "methods-amendments", "Describe deviations from the protocol."),
        ("25", "Other", "Support", "Funding, and what funders did.", "", "State the funding."),
        ("26", "Other", "Competing interests", "Those of the authors.", "", "State competing interests."),
        ("27", "Other", "Data and code", "What is available and where.", "other-data",
         "Say where data and code can be had."),
    ),
)  # fmt: skip
PRISMA_ABSTRACT = _items(
    ABSTRACT,
    (
        ("1", "Title", "Title", "Names it a systematic review.", "", "Write the title."),
        ("2", "Background", "Objectives", "The question that is answered.", "methods-question",
         "Fill in the question in the protocol."),
        ("3", "Methods", "Eligibility criteria", "Who gets in.", "methods-eligibility",
         "Write the criteria into the protocol."),
        ("4", "Methods", "Information sources", "Sources and last dates.", "methods-sources",
         "Bring in the searches."),
        ("5", "Methods", "Risk of bias", "How it was assessed.", "methods-bias",
         "Choose a tool and assess the studies."),
        ("6", "Methods", "Synthesis", "How results were put together.", "methods-synthesis",
         "Plan the analyses."),
        ("7", "Results", "Included studies", "How many studies and people.", "results-selection",
         "Include studies."),
        ("8", "Results", "Synthesis of results", "Main outcomes with interval and direction.",
         "results-syntheses", "Run the analyses."),
        ("9", "Discussion", "Limitations", "What weakens the evidence.", "", "Write it."),
        ("10", "Discussion", "Interpretation", "What follows from it.", "", "Write it."),
        ("11", "Other", "Funding", "The main source.", "", "State the funding."),
        ("12", "Other", "Registration", "Register and number.", "methods-registration",
         "Enter the registration in the protocol."),
    ),
)  # fmt: skip
PRISMA_S = _items(
    SEARCH,
    (
        ("1", "Sources", "Databases", "Each database with its platform.", "s-databases", "Name them."),
        ("2", "Sources", "Several at once", "Databases that one platform searched together.",
         "s-platforms", "Say on which platform each search ran, and whether several ran at once."),
        ("3", "Sources", "Registers", "Study registers that were searched.", "s-registers",
         "Say which registers were searched, or that none was."),
        ("4", "Sources", "Browsing online", "Websites and print sources searched or browsed.",
         "s-websites", "Say which were browsed, or that none was."),
        ("5", "Sources", "Citation searching", "References and citing works that were looked through.",
         "s-citations", "Say whether citations were searched."),
        ("6", "Sources", "Contacts", "People asked for further studies.", "s-contacts",
         "Say whom was asked, or that nobody was."),
        ("7", "Sources", "Other methods", "Anything else by which records were found.", "s-others",
         "Say so, or that there was nothing else."),
        ("8", "Strategies", "Full strategies", "Each strategy as it was run.", "s-strategies",
         "Keep the strategy of every search."),
        ("9", "Strategies", "Limits", "Limits, with why; or that there were none.", "s-limits",
         "State the limits of every search."),
        ("10", "Strategies", "Filters", "Published filters, cited.", "s-filters",
         "Say whether a published filter was used."),
        ("11", "Strategies", "Earlier work", "Strategies taken from other reviews.", "s-earlier",
         "Say whether a strategy was taken over."),
        ("12", "Strategies", "Updates", "How searches were brought up to date.", "s-updates",
         "Say whether searches were run again."),
        ("13", "Strategies", "Dates", "When each was last run.", "s-dates", "Enter the dates."),
        ("14", "Peer review", "Peer review", "Whether the search was reviewed.", "s-review",
         "Say who reviewed the search, or that nobody did."),
        ("15", "Records", "Total records", "How many each source gave.", "s-records",
         "Bring in the searches."),
        ("16", "Records", "Deduplication", "How duplicates were found.", "s-duplicates",
         "Bring in the searches."),
    ),
)  # fmt: skip
LISTS = {MAIN: PRISMA, ABSTRACT: PRISMA_ABSTRACT, SEARCH: PRISMA_S}
