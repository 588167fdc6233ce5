"""How numbers of a run are written on its pages."""

from django import template

register = template.Library()

PREDICTION_WORDS = {
    "normal": "the normal quantile",
    "t_k_minus_1": "a t quantile with k − 1 degrees of freedom",
    "t_k_minus_2": "a t quantile with k − 2 degrees of freedom",
}


@register.filter
def percent(proportion: float | None) -> str:
    """A proportion as a percentage with one decimal; limits that leave 0 to 100% are shown as they are."""
    return "" if proportion in (None, "") else f"{100 * proportion:.1f}%".replace("-", "−")


@register.filter
def p_value(value: float | None) -> str:
    if value in (None, ""):
        return ""
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


@register.filter
def prediction_words(method: str | None) -> str:
    return PREDICTION_WORDS.get(method or "", "no method: none was made")


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def rows_with_studies(run):
    """Each study's result beside the row it came from."""
    return list(zip(run.result["studies"], run.snapshot.rows, strict=True))


@register.filter
def beside(before, after):
    return [("Before", before), ("This run", after)]
