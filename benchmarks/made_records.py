"""Records made up by a seeded generator, as long as real ones: abstracts of 200 words, six authors."""

import random
from collections.abc import Iterator

from screening.importers import RawRecord

SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fil",
    "gra",
    "hem",
    "ino",
    "kal",
    "lym",
    "mar",
    "nov",
    "pso",
    "ren",
    "tox",
    "vir",
)
SYMBOLS = ("±", "α", "–", "é", "μ")


def records(count: int, seed: int = 1) -> Iterator[RawRecord]:
    """`count` records that differ in everything, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        yield _record(chance, number)


def _record(chance: random.Random, number: int) -> RawRecord:
    page = chance.randint(1, 2000)
    return RawRecord(
        title=_words(chance, 14).capitalize(),
        authors=tuple(f"{_word(chance).capitalize()}, {_word(chance).capitalize()}" for _ in range(6)),
        year=chance.randint(1985, 2025),
        journal=_words(chance, 3).title(),
        volume=str(chance.randint(1, 90)),
        issue=str(chance.randint(1, 12)),
        pages=f"{page}-{page + chance.randint(1, 12)}",
        doi=f"10.{chance.randint(1000, 9999)}/{_word(chance)}.{number}",
        pmid=str(10_000_000 + number),
        abstract=". ".join(_words(chance, 20).capitalize() for _ in range(10)) + ".",
        keywords=tuple(_words(chance, 2) for _ in range(5)),
        language="English",
        publication_type="Journal article",
        url=f"https://example.org/{number}",
        database_id=str(10_000_000 + number),
    )


def _words(chance: random.Random, count: int) -> str:
    words = [_word(chance) for _ in range(count)]
    if chance.random() < 0.3:
        words[chance.randrange(count)] = chance.choice(SYMBOLS)
    return " ".join(words)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))
