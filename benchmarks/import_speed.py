"""Time to read RIS and MEDLINE files, beside rispy and Bio.Medline alone, in one run.

The peers split lines into tags. Winnow also cleans, finds identifiers and years, keeps each record's text and
line, and reports what it could not read. rispy is no dependency of Winnow: `pip install rispy` to compare.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.made_records import records
from screening.exporters import write_nbib, write_ris
from screening.importers import read_records

RECORDS = 20_000
ROUNDS = 5


def seconds(act: Callable[[], object]) -> float:
    begin = time.process_time()
    act()
    return time.process_time() - begin


def compare(name: str, peer_name: str, ours: Callable[[], int], peer: Callable[[], int] | None) -> None:
    """Both in turn, several times, so that what slows the machine slows both; the median ratio is told."""
    if peer is None:
        print(f"{name}: Winnow {seconds(ours):.2f} s; {peer_name} is not installed, so nothing to compare")
        return
    assert ours() == peer() == RECORDS
    pairs = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS)]
    ratio = statistics.median(own / other for own, other in pairs)
    best_own, best_other = (min(each) for each in zip(*pairs, strict=True))
    print(
        f"{name}: {RECORDS:,} records, Winnow {best_own:.2f} s, {peer_name} {best_other:.2f} s, "
        f"Winnow takes {ratio:.2f} times as long"
    )


def rispy_reader(text: str) -> Callable[[], int] | None:
    try:
        import rispy
    except ImportError:
        return None
    return lambda: len(rispy.loads(text))


def medline_reader(text: str) -> Callable[[], int]:
    from Bio import Medline

    return lambda: sum(1 for _ in Medline.parse(io.StringIO(text)))


def main() -> None:
    made = list(records(RECORDS))
    ris, nbib = write_ris(made), write_nbib(made)
    compare("RIS", "rispy", lambda: len(read_records(ris.encode()).records), rispy_reader(ris))
    compare("nbib", "Bio.Medline", lambda: len(read_records(nbib.encode()).records), medline_reader(nbib))


if __name__ == "__main__":
    main()
