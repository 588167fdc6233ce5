"""How numbers of a run are written on its pages."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from extraction.entering.columns import COLUMNS

from .. import stored_words
from ..audit.own_audit import audited_print, audited_run
from ..certainty.evidence import certainty_of_run
from ..estimate.plan import plan_from
from ..grade import DOMAINS
from ..run_figures import linked_figure, quoted_rows
from ..runs import rows_of_run
from ..telling import in_words

register = template.Library()

PREDICTION_WORDS = {
    "normal": gettext_lazy("the normal quantile"),
    "t_k_minus_1": gettext_lazy("a t quantile with k − 1 degrees of freedom"),
    "t_k_minus_2": gettext_lazy("a t quantile with k − 2 degrees of freedom"),
}


@register.filter
def percent(proportion: float | None) -> str:
    """A proportion as a percentage with one decimal; limits that leave 0 to 100% are shown as they are."""
    return "" if proportion in (None, "") else f"{100 * proportion:.1f}%".replace("-", "−")


@register.filter
def shown(value: float | None, scale: dict) -> str:
    """A number on the scale that people read: a percentage, a ratio or a plain number."""
    if value in (None, ""):
        return ""
    if scale["kind"] == "percent":
        return percent(value)
    digits = 2 if abs(value) < 100 else 1
    return f"{value:.{digits}f}".replace("-", "−")


@register.filter
def shift(value: float | None, scale: dict) -> str:
    """A difference on the scale that people read, with its sign."""
    if value is None:
        return ""
    if scale["kind"] == "percent":
        return gettext("%(number)s points") % {"number": f"{100 * value:+.2f}".replace("-", "−")}
    return f"{value:+.3f}".replace("-", "−")


@register.filter
def p_value(value: float | None) -> str:
    if value in (None, ""):
        return ""
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


@register.filter
def prediction_words(method: str | None) -> str:
    return str(PREDICTION_WORDS.get(method or "") or gettext("no method: none was made"))


@register.filter
def worded(said: object) -> str:
    """A label or a sentence that runs or packages without Django hold, in the language of the page."""
    return stored_words.in_words(str(said or ""))


@register.filter
def column_label(name: str) -> str:
    return str(COLUMNS[name].label) if name in COLUMNS else name


@register.filter
def domain_label(key: str) -> str:
    return next((worded(each.label) for each in DOMAINS if each.key == key), key)


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def told_in_words(run) -> str:
    """What the run found, in one paragraph, with its certainty where that is judged."""
    pooled = {study["study_pk"] for study in run.result["studies"]}
    rows = [row for row in rows_of_run(run) if row.study_pk in pooled]
    return in_words(run.spec.outcome.name, rows, plan_from(run.plan), run.result, certainty_of_run(run))


@register.filter
def quoted(run):
    """Each pooled study's result beside the row and the sentence it came from."""
    return quoted_rows(run)


@register.filter
def linked_forest(run) -> SafeString:
    """The forest plot as part of the page; ElementTree wrote it, so every text in it is escaped."""
    return mark_safe(linked_figure(run, "forest"))


@register.filter
def audited(run):
    """What the rules for printed results say of this one."""
    return audited_run(run.spec.title, run.result, run.plan)


@register.filter
def audited_as_printed(published):
    """What the rules say of the printed result beside an analysis; None where it cannot be read."""
    return audited_print("Printed result", published)


@register.filter
def worth_saying(report):
    """A report's findings that are more than information."""
    return [each for each in report.findings if each.severity not in ("information", "advice")]


@register.filter
def beside(before, after):
    return [(gettext("Before"), before), (gettext("This run"), after)]


@register.filter
def column(row, name: str):
    """A column of a result row by its name; empty where nothing is reported."""
    value = getattr(row, name, None)
    return "" if value is None else value
