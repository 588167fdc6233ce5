"""The manuscript kit: one Word file, and one ZIP with every table, figure, dataset and script."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator

from django.utils import timezone

from analysis.bundle.packing import bundle_of
from analysis.estimate.plan import plan_from
from analysis.models import AnalysisRun
from analysis.revman import as_csv as revman_csv
from analysis.runs import rows_of_run
from extraction.tables.files import as_csv as data_csv
from extraction.tables.outputs import long_contrasts, long_results
from reviewsite import __version__
from reviewsite.reviews.models import Review
from reviewsite.web.english import in_english
from screening.prisma.report import file_of, flow_of
from screening.searches import appendix as search_appendix

from .appendix import appendices
from .checklist_fill import as_manuscript, as_table, filled
from .checklists import LISTS, TITLES
from .document import Manuscript, Picture, Section, Table
from .methods import latest_runs, methods
from .results import Pen, results
from .word import as_docx

Step = Callable[[str], None]
STAMP = (1980, 1, 1, 0, 0, 0)  # equal contents give equal bytes


def quiet(step: str) -> None:
    """For callers that do not report."""


def manuscript_of(review: Review, step: Step = quiet) -> Manuscript:
    """Methods, results and appendices from the rows as they are now; sections without rows stay empty."""
    step("Writing the methods")
    parts = [Section("methods", "Methods", (), level=1), *methods(review)]
    parts += [Section("results", "Results", (), level=1), *results(review, Pen(step))]
    step("Writing the appendices")
    parts += [Section("appendices", "Appendices", (), level=1), *appendices(review)]
    note = f"Written from the review's rows on {timezone.localdate():%d %B %Y} with Winnow {__version__}."
    whole = Manuscript(review.title, tuple(parts), note)
    return Manuscript(review.title, (*parts, *_checklists(review, whole)), note)


@in_english()
def anchors_of(review: Review) -> dict[str, str]:
    """Which sections have something to say, without drawing a figure."""
    parts = (*methods(review), *results(review, Pen(quiet, is_dry=True)), *appendices(review))
    return Manuscript(review.title, parts).anchors


def _checklists(review: Review, whole: Manuscript) -> Iterator[Section]:
    yield Section("checklists", "Checklists", (), level=1)
    for name in LISTS:
        items = filled(review, name, whole.anchors)
        yield Section(name, TITLES[name], (as_table(name, items, with_pages=True),))


def steps_in(review: Review) -> int:
    """About how many steps the making has, for the bar."""
    return 5 + 2 * review.appraisals.count() + 2 * len(latest_runs(review))


def make_kit(review: Review, step: Step = quiet) -> tuple[bytes, bytes]:
    """The Word file and the ZIP. step: told before each part; what it raises ends the making."""
    text = manuscript_of(review, step)
    step("Writing the Word file")
    word = as_docx(text)
    files = {"manuscript.docx": word, **dict(_files_of(review, text))}
    for run in latest_runs(review):
        step(f"Packing {run.spec.title}")
        files[f"analyses/{run.spec_id}.zip"] = _bundle(run)
    step("Packing")
    return word, _packed(review, files)


def _files_of(review: Review, text: Manuscript) -> Iterator[tuple[str, bytes]]:
    for block in text.blocks():
        if isinstance(block, Table):
            yield f"tables/{block.name}.csv", block.as_csv().encode()
        elif isinstance(block, Picture):
            for kind, content in block.files.items():
                yield f"figures/{block.name}.{kind}", content
    for name in LISTS:
        items = filled(review, name, text.anchors)
        yield f"checklists/{name}.docx", as_docx(as_manuscript(review, name, items))
    flow = flow_of(review)
    yield "figures/prisma-flow-for-PRISMA2020.csv", str(file_of(flow, "csv")).encode()
    yield "data/results-long.csv", data_csv(long_results(review))
    yield "data/contrasts-long.csv", data_csv(long_contrasts(review))
    yield "data/revman.csv", revman_csv(review).encode()
    yield "searches.txt", search_appendix.as_text(review).encode()


def _bundle(run: AnalysisRun) -> bytes:
    return bundle_of(
        str(run.spec),
        rows_of_run(run),
        plan_from(run.plan),
        run.result,
        stored=run.plan,
        software=f"Winnow {run.versions.get('winnow', '')}".strip(),
        folder=f"analysis-{run.spec_id}",
        further={"left_out.json": json.dumps(run.snapshot.left_out, indent=1, ensure_ascii=False)},
    )


def _packed(review: Review, files: dict[str, bytes]) -> bytes:
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files = {**files, "SHA256SUMS.txt": sums.encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{review.slug}-kit/{name}", STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])
    return out.getvalue()
