"""What a study feeds, for the pages of screening and extraction that stand above the analyses."""

from typing import Any

from django import template

from reviewsite.reviews.models import Review
from screening.models import Study

from ..data.feeding import fed_by

register = template.Library()


@register.inclusion_tag("analysis/_fed.html")
def analyses_fed_by(study: Study, review: Review) -> dict[str, Any]:
    """Links to the analyses that pooled the study, each at what stands behind its line there."""
    return {"fed": fed_by(study), "study": study, "review": review}
