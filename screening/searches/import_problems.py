"""What could not be read of a file, to take away and mend: a list, and the records in their own format."""

import csv
import io

from ..exporters import safe
from ..importers import table_in
from ..models import SearchRun


def as_csv(run: SearchRun) -> str:
    """One row a problem: line, field and reason, and the title of the record that it is in."""
    titles = dict(_with_problems(run).values_list("line", "title"))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["line", "field", "reason", "title"])
    for problem in run.problems:
        line = problem["line"]
        writer.writerow([line, safe(problem["field"]), problem["reason"], safe(titles.get(line, ""))])
    return out.getvalue()


def as_records(run: SearchRun) -> str:
    """The text of the records with problems as it came, a table's below its header."""
    texts = list(_with_problems(run).values_list("raw", flat=True))
    if not run.columns:
        return "\n\n".join(texts) + "\n"
    with run.file.open("rb") as file:
        table = table_in(file.read())
    return "\n".join([table.header_line, *texts]) + "\n" if table else ""


def _with_problems(run: SearchRun):
    lines = {problem["line"] for problem in run.problems} - {0}
    return run.records.filter(line__in=lines).order_by("position")
