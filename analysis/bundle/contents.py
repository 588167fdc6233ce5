"""The files of a bundle, and the bundle as one zip that has the same bytes each time."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from analysis.bundle.methods import methods_text
from analysis.bundle.r_script import CannotReproduce, r_script
from analysis.bundle.settings import Settings

# Zip files hold a date for each file; a fixed one makes equal contents equal bytes.
STAMP = (1980, 1, 1, 0, 0, 0)
RESULT_NAMES = ("k", "estimate", "se", "ci_low", "ci_high", "tau2", "q", "prediction_low", "prediction_high")
README = """\
{title}

data.csv       what was pooled, a study a line, in the columns of R's metafor
settings.json  how it was pooled
results.csv    the pooled result on the analysis scale; results.json has everything
methods.txt    the methods as a paragraph, with references
reproduce.R    pools data.csv with metafor and compares: Rscript reproduce.R
figures/       as drawn on the page
"""


@dataclass(frozen=True)
class Analysis:
    """One analysis to be bundled.

    rows: a mapping for each study, "study" and metafor's columns. results: everything that is known of the
    result; `scale` in it (or itself) holds k, estimate, se, ... on the analysis scale. figures: file name to
    bytes.
    further: files such as a plan or a list of rows left out, name to text.
    """

    title: str
    settings: Settings
    rows: Sequence[Mapping[str, Any]]
    results: Mapping[str, Any]
    figures: Mapping[str, bytes] = field(default_factory=dict)
    further: Mapping[str, str] = field(default_factory=dict)
    software: str = "Winnow"


def files_of(analysis: Analysis) -> dict[str, bytes]:
    """The bundle's files by name. The R script is left out where metafor has no such model, and the README
    says so.
    """
    columns = list(dict.fromkeys(name for row in analysis.rows for name in row))
    scale = analysis.results.get("scale", analysis.results)
    readme = README.format(title=analysis.title)
    texts = {
        "data.csv": _table(columns, [[row.get(name) for name in columns] for row in analysis.rows]),
        "settings.json": _json(asdict(analysis.settings)),
        "results.csv": _table(("name", "value"), [(name, scale.get(name)) for name in RESULT_NAMES]),
        "results.json": _json(analysis.results),
        "methods.txt": methods_text(
            analysis.settings,
            k=int(scale.get("k", len(analysis.rows))),
            corrected=sum(bool(study.get("corrected")) for study in analysis.results.get("studies", ())),
            software=analysis.software,
        ),
        **analysis.further,
    }
    try:
        texts["reproduce.R"] = r_script(analysis.title, analysis.settings, columns)
    except CannotReproduce as problem:
        readme = readme.replace("reproduce.R    pools", f"(no R script: {problem}; else it pools")
    texts["README.txt"] = readme
    files = {name: text.encode() for name, text in texts.items()}
    return {**files, **{f"figures/{name}": content for name, content in analysis.figures.items()}}


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["NA" if value is None else _cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Numbers whole, with every digit; text that a spreadsheet would run as a formula is kept from it."""
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def zip_of(files: Mapping[str, bytes], *, folder: str = "") -> bytes:
    """The files as one zip, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}" if folder else name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


class _Outlet:
    """What a zip is written to while it is handed on: keeps only what was not taken yet."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._waiting.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def zip_in_pieces(files: Iterable[tuple[str, bytes]], *, folder: str) -> Iterator[bytes]:
    """A zip piece by piece, each file as soon as it is made, so that no one waits for the last of many."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, content in files:
            entry = zipfile.ZipInfo(f"{folder}/{name}", STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
            yield outlet.take()
    yield outlet.take()
