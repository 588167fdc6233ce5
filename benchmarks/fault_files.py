"""Files that the drills of `faults.py` need: an export with known copies, one that fills a disk."""

from pathlib import Path


def export_of(count: int, first: int) -> bytes:
    """Records of which every third is a copy of the one before."""
    told = []
    for number in range(first, first + count):
        work = number - 1 if number % 3 == 2 else number
        told.append(
            f"TY  - JOUR\nTI  - Outcome {work} of zorifen in chronic itch of site {work * 7919}\n"
            f"AU  - Arden, P{work}\nPY  - {1980 + work % 40}\nDO  - 10.5555/w{work}\nER  - \n"
        )
    return "".join(told).encode()


def fill(path: Path) -> None:
    """Write until no byte has room any more."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
