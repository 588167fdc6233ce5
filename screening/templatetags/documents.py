"""The PDF viewer for any page, and the way from a quote back to the page it stands on.

    {% load documents %}
    {% study_viewer study %}  or  {% report_viewer report %}
    <a href="{% source_url study page quote %}">

The page also loads `screening/viewer.css` and the module `screening/viewer.js`.
"""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from ..full_text.forms import named
from ..full_text.links import full_text_links, register_address
from ..full_text.viewing import documents_of, viewer_of
from ..models import Document, Report, Study

register = template.Library()
VIEWER = "screening/documents/_viewer.html"

register.filter("named_report", named)
register.filter("full_text_links", full_text_links)
register.filter("register_address", register_address)


@register.inclusion_tag(VIEWER, takes_context=True)
def report_viewer(context: template.Context, report: Report) -> dict[str, Any]:
    return _viewer(context, documents_of(report), [report])


@register.inclusion_tag(VIEWER, takes_context=True)
def study_viewer(context: template.Context, study: Study) -> dict[str, Any]:
    reports = study.reports.select_related("citation__representative").order_by("-is_primary", "pk")
    return _viewer(context, documents_of(study), list(reports))


@register.inclusion_tag(VIEWER, takes_context=True)
def opened_viewer(context: template.Context, viewer: Any) -> dict[str, Any]:
    return {**_frame(context), "viewer": viewer}


@register.simple_tag(takes_context=True)
def source_url(context: template.Context, study: Study, page: str = "", quote: str = "") -> str:
    """The address that opens the study's PDF where a quote stands; nothing while the study has no PDF."""
    readable = context.render_context.setdefault("studies_with_pdf", {})
    if study.pk not in readable:
        readable[study.pk] = documents_of(study).readable().exists()
    if not readable[study.pk]:
        return ""
    address = reverse("screening:source", args=[context["review"].slug, study.pk])
    return f"{address}?{urlencode({'page': page, 'quote': quote})}"


def _viewer(context: template.Context, documents: Any, reports: list[Report]) -> dict[str, Any]:
    found = list(documents)
    first = next((document for document in found if document.state == Document.State.READ), None)
    first = first or (found[0] if found else None)
    viewer = viewer_of(first) if first else None
    return {**_frame(context), "viewer": viewer, "reports": reports}


def _frame(context: template.Context) -> dict[str, Any]:
    return {name: context[name] for name in ("review", "request")} | {"csrf_token": context.get("csrf_token")}
