"""The appendices: searches, reports excluded at full text, and where the data are."""

from collections.abc import Iterator

from reviewsite import __version__
from reviewsite.reviews.models import Review
from screening.models import FlowEvent, Report, Retrieval
from screening.prisma.counts import primary_reasons
from screening.searches import appendix as search_appendix

from .document import Block, Paragraph, Section, Subheading, Table, Verbatim
from .results import citation_line
from .words import count_of

# Items that are said once for every search or that stand by themselves below it.
STRATEGY = {"Full search strategy", "As the database read it"}


def appendices(review: Review) -> list[Section]:
    return [
        Section("appendix-search", "Searches", tuple(_searches(review))),
        Section("appendix-excluded", "Reports excluded at full text", tuple(_excluded(review))),
        Section("appendix-not-retrieved", "Reports not retrieved", tuple(_missing(review))),
        Section("other-data", "Data and code", tuple(_data(review))),
    ]


def _searches(review: Review) -> Iterator[Block]:
    for entry in search_appendix.entries(review):
        yield Subheading(f"{entry.run.database}, {entry.run.run_on.day} {entry.run.run_on:%B %Y}")
        stated = [item for item in entry.items if item.value != search_appendix.NOT_STATED]
        for item in stated:
            if item.label in STRATEGY:
                yield Paragraph(f"{item.label}:")
                yield Verbatim(item.value)
        rows = tuple(
            (str(item.number), item.label, item.value) for item in stated if item.label not in STRATEGY
        )
        yield Table(
            f"search-{entry.run.pk}",
            f"The search of {entry.run.database} by the items of PRISMA-S.",
            ("Item", "Asks for", "Answer"),
            rows,
            (1.3, 4, 9),
        )


def _excluded(review: Review) -> Iterator[Block]:
    assessed = Report.objects.filter(review=review).in_retrieval(Retrieval.OBTAINED)
    by_reason = primary_reasons(assessed)
    reason_of = {pk: reason for reason, pks in by_reason.items() for pk in pks}
    reports = Report.objects.filter(pk__in=reason_of).select_related("citation__representative", "study")
    rows = sorted((reason_of[report.pk], citation_line(report)) for report in reports)
    if rows:
        yield Table(
            "excluded-reports",
            f"{count_of(len(rows), 'report')} excluded at full text, with the reason that counts.",
            ("Reason", "Report"),
            tuple(rows),
            (3, 9),
        )
    events = FlowEvent.objects.filter(review=review, kind="records").standing()
    for event in events.exclude(excluded_full_text=[]):
        told = "; ".join(f"{reason} ({n})" for reason, n in event.excluded_full_text)
        yield Paragraph(f"{event.source}, {event.on:%Y-%m-%d}, entered without rows: {told}. {event.note}")


def _missing(review: Review) -> Iterator[Block]:
    reports = Report.objects.filter(review=review).in_retrieval(Retrieval.NOT_AVAILABLE)
    found = reports.select_related("citation__representative").prefetch_related("retrieval_events")
    rows = tuple((citation_line(report), _last_note(report)) for report in found.order_by("pk"))
    if rows:
        yield Table(
            "reports-not-retrieved",
            f"{count_of(len(rows), 'report')} not retrieved.",
            ("Report", "Why"),
            rows,
            (9, 4),
        )


def _last_note(report: Report) -> str:
    events = list(report.retrieval_events.all())
    return events[-1].note if events else ""


def _data(review: Review) -> Iterator[Block]:
    runs = review.search_runs.complete().count()
    if runs:
        yield Paragraph(
            "The folder that comes with this text holds every table as CSV, every figure as SVG, PDF and "
            "PNG, the extracted data in long form, and for each analysis its data with an R script that "
            f"repeats it (made with Winnow {__version__})."
        )
