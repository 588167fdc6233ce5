"""What background work says of itself, and so what its rows hold: titles, steps and outcomes, in English.

Pages show them in the reader's language by `screening.stored_words.in_words`. What is not here is shown as it
was stored, so a new sentence is readable before it has a translation.
"""

from django.utils.translation import gettext_noop as _

TITLES = (
    _("Reading {file}"),
    _("Searching PubMed: {query}"),
    _("Looking for new records: {name}"),
    _("Include {count} citation at once"),
    _("Include {count} citations at once"),
    _("Exclude {count} citation at once"),
    _("Exclude {count} citations at once"),
    _("Maybe {count} citation at once"),
    _("Maybe {count} citations at once"),
    _("Take back decisions on {count} citation at once"),
    _("Take back decisions on {count} citations at once"),
    _("Reading {count} PDF"),
    _("Reading {count} PDFs"),
    _("Taking over decisions of {tool}"),
    _("Running all analyses that changed"),
)
STEPS = (
    _("Reading records"),
    _("Storing records"),
    _("Comparing records"),
    _("Deciding"),
    _("Reading"),
    _("Reading {file}, page {page} of {pages}"),
    _("Taking over decisions"),
    _("Running analyses"),
    _("Writing the methods"),
    _("Writing the appendices"),
    _("Writing the Word file"),
    _("Packing {analysis}"),
    _("Packing"),
    _("Writing rows and files"),
    _("Comparing with the original"),
    _("The background worker ended; it is taken up again (attempt {attempt} of {most})"),
)
OUTCOMES = (
    _("{records} records read, {links} possible duplicates found among all records."),
    _(
        "{records} records read, {links} possible duplicates found among all records. {held} hits were held "
        "already and not read again."
    ),
    _(
        "{records} records read, {links} possible duplicates found among all records. {flagged} records have "
        "been retracted or merged in PubMed since."
    ),
    _(
        "{records} records read, {links} possible duplicates found among all records. {held} hits were held "
        "already and not read again. {flagged} records have been retracted or merged in PubMed since."
    ),
    _("{count} record that no earlier run brought in."),
    _("{count} records that no earlier run brought in."),
    _("{count} done."),
    _("{read} of {count} read."),
    _(
        "{read} of {count} read; of {without} without a report {sure} are matched for sure, the others need "
        "a look."
    ),
    _("{decisions} decisions and {labels} labels taken over."),
    _("{decisions} decisions and {labels} labels taken over. {already} were here already."),
    _("{count} analysis run on the present rows."),
    _("{count} analyses run on the present rows."),
    _("The kit is ready."),
    _("{rows} rows and {files} files written."),
    _("“{title}” is here and comes to the same counts, hashes and estimates."),
    _("Cancelled."),
    _("Cancelled; nothing was kept."),
    _("Cancelled; what was decided until then stays and can be taken back."),
    _("Cancelled; what was taken over until then stays."),
    _("Something went wrong that should not have ({kind}). {more}"),
    _("Something went wrong that should not have ({kind}). Report it if it happens twice."),
    _("Nothing was kept."),
    _("What was decided until then stays and can be taken back."),
    _("The PDFs are kept; start reading again, and report it if it happens twice."),
    _("Nothing of this import was kept; please report it with the file, and try again."),
    _("No kit was made; please report it."),
    _(
        "The background worker ended while it was at this, {attempts} times in a row, so it was given up. "
        "Nothing half-done is shown. Tell the person who runs this site: the cause is mostly too little "
        "memory, a full disk, or a database that is away. It can be started again."
    ),
)
JOBS = (*TITLES, *STEPS, *OUTCOMES)
