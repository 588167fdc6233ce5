"""How two assessments are laid side by side."""

from django import template

from ..bias.posted import Part, QuestionRow
from ..models import Assessment

register = template.Library()


@register.filter
def split(text: str) -> list[str]:
    return text.split()


@register.filter
def two_sides(row: QuestionRow, pair: tuple[Assessment, Assessment]) -> list[tuple]:
    """Who said what to a question: assessor, answer, what was given."""
    return [
        (pair[0].assessor, row.left_answer, row.left),
        (pair[1].assessor, row.right_answer, row.right),
    ]


@register.filter
def two_verdicts(part: Part, pair: tuple[Assessment, Assessment]) -> list[tuple]:
    """Who judged a domain how: assessor, level, verdict."""
    return [(pair[0].assessor, part.left_level, part.left), (pair[1].assessor, part.right_level, part.right)]
