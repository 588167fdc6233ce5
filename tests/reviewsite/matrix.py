"""Reads access.txt: which answer each kind of person gets at each address of the site."""

from dataclasses import dataclass
from pathlib import Path

from .pages import Page

FILE = Path(__file__).with_name("access.txt")
# The kinds of people, in the order of the file's columns; the last five are the roles of a member.
PEOPLE = (
    "anonymous",
    "stranger",
    "elsewhere",
    "removed",
    "viewer",
    "extractor",
    "reviewer",
    "statistician",
    "owner",
)
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
ANSWERS = {"open", "nothing", "sign-in", "404", "403", "401"}


@dataclass(frozen=True)
class Row:
    method: str
    page: Page
    answers: dict[str, str]

    @property
    def roles(self) -> frozenset[str]:
        """The roles of members for whom the address is open."""
        return frozenset(kind for kind in PEOPLE[4:] if self.answers[kind] in {"open", "nothing"})

    @property
    def is_of_a_review(self) -> bool:
        return self.answers["stranger"] == "404" and self.answers["owner"] != "404"


def read_matrix() -> list[Row]:
    """The rows in the order of the file. Raises ValueError at a line that cannot be meant."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    rows = [_row(line) for line in lines if line.strip() and not line.startswith("#")]
    keys = [(row.method, row.page.name) for row in rows]
    doubled = {key for key in keys if keys.count(key) > 1}
    if doubled:
        raise ValueError(f"two rows for {sorted(doubled)}")
    return rows


def _row(line: str) -> Row:
    method, name, arguments, *answers = line.split()
    if method not in METHODS or len(answers) != len(PEOPLE) or not set(answers) <= ANSWERS:
        raise ValueError(f"not a row of the matrix: {line}")
    names, question, query = arguments.partition("?")
    keys = tuple(names.split(",")) if names != "-" else ()
    return Row(method, Page(name, keys, question + query), dict(zip(PEOPLE, answers, strict=True)))


ROWS = read_matrix()
# Pages that members read, with the roles that may: what the tests of blindness walk through. One's own
# extraction, which the reader must have begun, is not among them.
READ = [
    (row.page, row.roles)
    for row in ROWS
    if row.method == "GET"
    and row.is_of_a_review
    and not {"own", "handed_in"} & set(row.page.arguments)
    # Leads each reader to where they themselves were.
    and row.page.name != "tour:resume"
]
