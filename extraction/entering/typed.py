"""Numbers typed by people who may write them with a comma: 1,5 is one and a half for everybody.

1,500 is not: fifteen hundred for a reader of English, one and a half for others. A page in another language
than English takes neither in silence and asks which of the two is meant.
"""

from typing import Any

from django.utils.translation import get_language, gettext

from ..schema import Field, FieldKind, WrongAnswer, has_two_readings, number_from


def refuse_two_readings(text: str) -> None:
    """Raises ValueError in words."""
    if (get_language() or "en").startswith("en") or not has_two_readings(text):
        return
    values = {"text": text.strip(), "many": f"{number_from(text):g}", "few": text.strip().replace(",", ".")}
    raise ValueError(gettext("“%(text)s” can be %(many)s or %(few)s: write %(many)s or %(few)s") % values)


def checked_answer(field: Field, answer: object) -> Any:
    """The answer to a question as it is stored. Raises WrongAnswer in words."""
    if field.kind is FieldKind.NUMBER:
        try:
            refuse_two_readings(str(answer or ""))
        except ValueError as wrong:
            raise WrongAnswer(f"{wrong}.") from None
    return field.checked(answer)
