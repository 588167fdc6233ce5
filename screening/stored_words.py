"""Sentences of screening that rows hold or pure packages say; pages show them through `in_words`."""

from django.utils.translation import gettext_noop as _

from reviewsite.reviews.job_words import JOBS
from reviewsite.web.phrases import Phrases

from .searches.import_words import IMPORTS

# Fields of a record and columns of a table, as the pages name them in the middle of a sentence.
FIELDS = (
    *(_("title"), _("authors"), _("journal"), _("year"), _("volume"), _("issue"), _("pages")),
    *(_("abstract"), _("keywords"), _("language"), _("publication type"), _("article number")),
    *(_("start page"), _("end page")),
)
# Numbers of the flow that no box names at the moment.
NUMBERS = (
    *(_("records"), _("citations"), _("other citations"), _("not screened"), _("awaiting screening")),
    *(_("title abstract conflicts"), _("awaiting retrieval"), _("awaiting full text")),
    *(_("full text conflicts"), _("reports in studies"), _("reports without study")),
)
STATES = (_("undecided"), _("conflict"), _("included"), _("excluded"))
# What speaks for and against two records being one, and the rules named after it.
PAIRS = (
    *(_("same PMID"), _("different PMIDs"), _("same DOI"), _("different DOIs"), _("titles differ")),
    *(_("titles in different languages"), _("words differ"), _("words added"), _("authors agree")),
    *(_("some authors agree"), _("few authors agree"), _("authors differ"), _("same year")),
    *(_("neighbouring years"), _("years differ"), _("same journal"), _("journals differ")),
    *(_("same volume"), _("volumes differ"), _("same pages"), _("same first page"), _("pages differ")),
    *(_("pages overlap"), _("page styles differ"), _("one is in a supplement"), _("same abstract")),
    *(_("similar abstract"), _("abstracts differ"), _("equal in all that is given")),
    *(_("one is a preprint"), _("one is a trial registration"), _("one is a conference abstract")),
    *(_("different editions"), _("another report of the study"), _("one is a correction or comment")),
    *(_("numbers in the titles differ"), _("different parts"), _("different registrations")),
    *(_("same registration"), _("one DOI for several documents"), _("published in another place")),
)
RULES = (
    *(_("same pmid"), _("same doi"), _("same title and pages"), _("same title and place")),
    *(_("same title and abstract"), _("same title authors and journal"), _("same title and authors")),
    *(_("translated title same place"), _("sum of evidence"), _("same title elsewhere"), _("unsure")),
    *(_("unlike"), _("different pmids"), _("one doi for several documents"), _("person")),
)
# Why a PDF, or two reports, are held to belong together.
DOCUMENTS = (
    _("another report fits nearly as well"),
    _("no text on its first page, and its name says nothing"),
    _("neither DOI nor title of a report found in it"),
    _("DOI {doi} in the file's description"),
    _("DOI {doi} on page {page}"),
    _("title on its first page"),
    _("title in the file's description"),
    _("title in the file's name"),
    _("PubMed number {number} in the file's name"),
    _("“{author}” in the file's name"),
    _("Only the first {read} of its {pages} pages are shown here."),
    _("This PDF has no page."),
    _("This PDF asks for a password. Save a copy without one and upload that."),
    _("Reading this PDF took longer than {minutes} minutes and was stopped."),
    _(
        "This PDF could not be read to its end (the reader stopped with code {code}). "
        "Print it to a new PDF and upload that."
    ),
    _(
        "This file is damaged or no PDF, though its name and first bytes say so. Open it in a PDF reader; "
        "if that works, print it to a new PDF and upload that."
    ),
)
STUDIES = (
    _("both name {number}"),
    _("different registration numbers"),
    _("both named {name}"),
    _("{shared} of {number} authors the same"),
    _("the same first author"),
    _("both tell of {number} participants"),
    _("titles {percent}% alike"),
)
ORDER = (
    _("At random, from the seed of the plan."),
    _("Nothing relevant is known yet, so the order is random until something is."),
    _("Learnt from {citations} citations, {relevant} of them relevant."),
    _("{number} new citation came from {run} after the stop."),
    _("{number} new citations came from {run} after the stop."),
)
ROUNDS = (_("Main round"), _("Pilot {number}"))
SEARCHES = (
    _("(not stated)"),
    _("None planned"),
    _("{read} brought in"),
    _("{reported} reported by the database, {read} brought in"),
    _(
        "Records were compared by identifiers, title, authors, year, journal and pages in Winnow; pairs that "
        "its rules were not sure of were judged by a person. Links between copies are kept with rule and "
        "score."
    ),
    _("Run again as “{name}”: {schedule}; only records that no earlier run had found were brought in."),
    _("Study register"),
    _("Website or print source"),
    _("Contact"),
    _("Other method"),
    _("Platform"),
    _("Full search strategy"),
    _("As the database read it"),
    _("Limits, restrictions and filters"),
    _("Prior work the strategy was adapted from"),
    _("Updates"),
    _("Date of search"),
    _("Peer review of the search"),
    _("Total records"),
    _("Deduplication"),
)
KEYS = (
    *(_("Include"), _("Exclude without a reason"), _("Maybe"), _("Exclude with reason {number}")),
    *(_("Undo my last decision"), _("Write a note (Esc leaves it)"), _("Labels")),
    *(_("Skip to the end of my queue"), _("Duplicate of another citation"), _("Open the PDF or the DOI")),
    *(_("Highlighted words on or off"), _("Criteria"), _("These keys")),
    _("“{word}” is no key that can be used: one character, or one of {names}."),
    _("“{key}” already stands for “{act}”."),
)
SCHEDULES = (_("when someone asks"), _("every week"), _("every month"))
NOTICES = (_("Publication type “{name}”"), _("Marked so in its title"), _("Marked so by PubMed"))
SENTENCES = (*DOCUMENTS, *STUDIES, *ORDER, *ROUNDS, *SEARCHES, *KEYS, *NOTICES, *IMPORTS, *JOBS)
_book = Phrases(SENTENCES, with_words=("act", "schedule", "more"))
in_words = _book.in_words
