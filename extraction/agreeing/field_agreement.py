"""How often two extractors, each working blind, said the same: field by field, over all studies."""

from dataclasses import dataclass

from django.utils.translation import gettext

from reviewsite.reviews.models import Review
from screening.agreement import agreement_of_two

from ..entering.columns import COLUMNS
from ..schema import FieldKind, same_value
from .comparison import shown
from .consensus import blind_pairs, compare, rows_by_extraction

KAPPA_KINDS = {FieldKind.CHOICE, FieldKind.YES_NO}


@dataclass
class FieldAgreement:
    """One field: how many studies or rows were compared, how many alike, and kappa where it is a choice."""

    label: str
    n: int = 0
    alike: int = 0
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None

    @property
    def percent(self) -> float:
        return 100 * self.alike / self.n


@dataclass(frozen=True)
class ExtractionAgreement:
    studies: int
    questions: list[FieldAgreement]
    numbers: list[FieldAgreement]
    rows_on_one_side: int

    @property
    def overall(self) -> FieldAgreement:
        parts = (*self.questions, *self.numbers)
        return FieldAgreement(gettext("All cells"), sum(p.n for p in parts), sum(p.alike for p in parts))


def field_agreement(review: Review) -> ExtractionAgreement:
    """Agreement of each question and of each kind of number. A cell that both left empty is not counted."""
    questions: dict[str, FieldAgreement] = {}
    answers: dict[str, list[tuple[str, str]]] = {}
    numbers = {name: FieldAgreement(column.label) for name, column in COLUMNS.items()}
    studies = on_one_side = 0
    pairs = blind_pairs(review)
    rows = rows_by_extraction(each for pair in pairs for each in pair)
    for left, right in pairs:
        studies += 1
        kinds = {field.key: field.kind for field in right.form_version.form.fields}
        for item in compare(left, right, rows):
            if item.left is None or item.right is None:
                on_one_side += item.key[0] != "answer"
            elif item.key[0] == "answer":
                field = questions.setdefault(item.key[1], FieldAgreement(item.label))
                _count(field, item.left["value"], item.right["value"])
                if kinds.get(item.key[1]) in KAPPA_KINDS:
                    said = (shown(item.left["value"]), shown(item.right["value"]))
                    answers.setdefault(item.key[1], []).append(said)
            else:
                for name in numbers.keys() & item.left.keys():
                    if name != "ci_level":
                        _count(numbers[name], item.left[name], item.right.get(name))
    for key, said in answers.items():
        _add_kappa(questions[key], said)
    found = ([each for each in fields.values() if each.n] for fields in (questions, numbers))
    return ExtractionAgreement(studies, *found, on_one_side)


def _count(field: FieldAgreement, left: object, right: object) -> None:
    if left in (None, "", []) and right in (None, "", []):
        return
    field.n += 1
    field.alike += same_value(left, right)


def _add_kappa(field: FieldAgreement, said: list[tuple[str, str]]) -> None:
    """Cohen's kappa over all answers that were given; leaving a choice open is an answer of its own."""
    answers = sorted({answer for pair in said for answer in pair})
    if len(answers) < 2:
        return
    table = [[sum(pair == (a, b) for pair in said) for b in answers] for a in answers]
    found = agreement_of_two(table).kappa
    field.kappa, field.kappa_low, field.kappa_high = found.value, found.low, found.high
