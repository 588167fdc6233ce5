"""What the readers of exports and the PubMed client say to people, listed for their translation."""

from django.utils.translation import gettext_noop as _

NOT_READ = (
    _("The file looks like {format}, but holds no whole record. Export the search again."),
    _(
        "This is a web page, not an export of records: the database may have asked for a sign-in. "
        "Sign in there and export again."
    ),
    _("This is a PDF, not an export of records. In the database choose export as RIS or .nbib."),
    _("This is a zip archive or an Office document. Unpack it, or export as RIS, .nbib, XML or .xlsx."),
    _("This is an old Office document (.xls or .doc). Save it as .xlsx or CSV and import that."),
    _("This is a compressed file. Unpack it first."),
    _("This is a database file. Export the records as RIS first."),
    _("This file is not text, so it is no export of records. In the database choose export as RIS or .nbib."),
    _("The file is empty: no records were found. Export the search again and check that it holds records."),
    _("The file ends inside a letter: the export was probably cut off. Export it again."),
    _(
        "The JSON is broken at line {line}: it was probably cut off, so nothing of it was kept. "
        "Export it again."
    ),
    _("The JSON is nested deeper than any database writes it, so it is not read."),
    _("The JSON cannot be read ({error}). Export it again."),
    _(
        "This JSON does not hold studies as ClinicalTrials.gov gives them (version 2 of its API). "
        "Export RIS, .nbib or CSV instead."
    ),
    _("The XML at line {line} is nested deeper than any database writes it, so it is not read."),
    _(
        "The XML is broken at line {line}: it was probably cut off, so nothing of it was kept. "
        "Export it again."
    ),
    _(
        "The XML defines entities of its own, which no database does, so it is not read. "
        "Export it again from the database."
    ),
    _("The workbook cannot be read ({error}). Save it again as .xlsx, or as CSV."),
    _("No sheet of the workbook holds a header and a row below it."),
    _(
        "The workbook unpacks to {size} MB, far more than a table of records does, so it is not read. "
        "Export the records again, or in parts."
    ),
    _(
        "This is a list of references as running text (PubMed's Summary or Abstract format), in which no "
        "field has a name. In PubMed choose Save or Send to, then the format PubMed (.nbib)."
    ),
    _(
        "The file is none of the formats Winnow reads: PubMed .nbib or XML, RIS, EndNote XML or .enw, Web "
        "of Science, BibTeX, CSV, TSV, XLSX, ClinicalTrials.gov or ICTRP. In the database choose one of "
        "these."
    ),
    _("The table has a header at most and no row below it. Export the search again."),
    _("No column of the table looks like the title (its columns: {columns}). Name it first."),
    _("The table cannot be read at line {line}: {error}."),
    _(
        "The quotation mark that opens at line {line} is never closed, so that all after it would become "
        "one record. Mend that line, or export the table again."
    ),
    _(
        "The row at line {line} has a cell of more than {number} characters: a quotation mark is probably "
        "not closed. Mend that line, or export the table again."
    ),
    _(
        "The record at line {line} has {number} characters: the file is broken, or not an export of "
        "records. Export it again."
    ),
    _(
        "The record at line {line} has a title of {number} characters: the file is broken, or not an "
        "export of records. Export it again."
    ),
)
PROBLEMS = (
    _("The record has no title. It is kept, because PRISMA counts it."),
    _(
        "The record says no year; the record is kept without one. "
        "Mend the file and import it again if the year matters."
    ),
    _(
        "“{printed}” holds no year from 1500 to 2099; the record is kept without one. "
        "Mend the file and import it again if the year matters."
    ),
    _("The field {field} stands twice; all its values are kept."),
    _("The entry breaks the rules of BibTeX; it was read field by field. Compare it with its source."),
    _(
        "The file ends inside a letter, shown as �: the export was probably cut off. Compare the number of "
        "records with the database's, and export it again."
    ),
    _(
        "Lines {lines} and {number} more are not UTF-8 as the rest of the file is; they were read as "
        "Windows-1252. Check letters with accents there."
    ),
    _(
        "Lines {lines} are not UTF-8 as the rest of the file is; they were read as Windows-1252. "
        "Check letters with accents there."
    ),
    _("The record has no PubMed number; the record is kept without one."),
    _("“{printed}” is not a PubMed number; the record is kept without one."),
    _("A record here has no type (TY), with which each begins; it was read all the same."),
    _("These lines belong to no record and were left out: {lines}"),
    _(
        "The file ends before this record does (unterminated, no ER): the export may have been cut off. "
        "The record is kept; compare the number of records with the database's."
    ),
    _("This record has no end mark (ER); it was read all the same."),
    _("This record has no end mark (ER); it was read all the same. Was the file cut off?"),
    _("The sheet “{name}” was not read, only “{read}”. Save it as a file of its own to import it."),
    _("A quotation mark inside a cell is not doubled; check that this row was read as meant."),
    _("The row has {given} of {width} columns; those missing are left empty. Is a delimiter missing?"),
    _(
        "The row has {given} cells under {width} headers; those beyond are kept by number. "
        "Is a cell with a delimiter in it not quoted?"
    ),
)
PUBMED = (
    _(
        "PubMed reported {reported} hits and listed {listed} of them by date. Nothing was imported; "
        "search again, or split the query yourself."
    ),
    _(
        "PubMed entered {number} of the hits on {day} alone, more than it lists at once. Narrow the query, "
        "for example by language or publication type."
    ),
    _("PubMed does not understand the query: {said}. Mend it and search again."),
    _("NCBI asks everybody for an e-mail address. Set WINNOW_ENTREZ_EMAIL and start Winnow again."),
    _("PubMed refused the request (status {status}): {reason}."),
    _(
        "PubMed did not answer as it should, asked {tries} time: {said}. "
        "Nothing is lost; look at the query, or try again later."
    ),
    _(
        "PubMed did not answer as it should, asked {tries} times: {said}. "
        "Nothing is lost; look at the query, or try again later."
    ),
    _("Not found: {words}"),
    _("Left out: {words}"),
    _("Phrase not found: {words}"),
    _("PubMed says: {words}"),
    _("PubMed listed this number and gave no record for it: it was probably merged or deleted."),
    _("PubMed gives no record for this number any more"),
    _("PubMed gives PMID {now} for this number"),
)
IMPORTS = (*NOT_READ, *PROBLEMS, *PUBMED)
