"""The side navigation: the stages of a review in the order a record passes through them."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

register = template.Library()

# (heading, ((label, url name, extra arguments), ...))
STAGES = (
    ("", (("Dashboard", "dashboard:dashboard", ()), ("Protocol", "screening:protocol", ()))),
    ("Identify", (("Searches", "screening:searches", ()), ("Duplicates", "screening:duplicates", ()))),
    (
        "Screen",
        (
            ("Title and abstract", "screening:screen", ("title_abstract",)),
            ("Reports", "screening:reports", ()),
            ("Full text", "screening:screen", ("full_text",)),
            ("Conflicts", "screening:conflicts", ()),
            ("All citations", "screening:citations", ()),
            ("Labels", "screening:labels", ()),
        ),
    ),
    (
        "Extract",
        (
            ("Studies", "screening:studies", ()),
            ("Extraction", "extraction:index", ()),
            ("Risk of bias", "extraction:risk_of_bias", ()),
        ),
    ),
    (
        "Report",
        (
            ("Analyses", "analysis:index", ()),
            ("Certainty", "analysis:certainty", ()),
            ("PRISMA flow", "screening:prisma", ()),
            ("Report", "reporting:kits", ()),
            ("Versions", "reporting:versions", ()),
        ),
    ),
    (
        "Team",
        (
            ("Rounds and progress", "screening:team", ()),
            ("Agreement", "screening:agreement", ()),
            ("Order and stopping", "screening:stopping", ()),
            ("Members", "reviews:members", ()),
            ("Audit log", "trail:audit", ()),
            ("Site status", "operations:status", ()),
        ),
    ),
)
# What is in the menu of owners alone.
OF_OWNERS = {"operations:status"}


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    name: str
    items: list[Item]


@register.inclusion_tag("_review_nav.html", takes_context=True)
def review_nav(context: template.Context) -> dict[str, list[Group]]:
    """The groups, with the item marked whose address is the longest that the page's begins with."""
    slug, path = context["review"].slug, context["request"].path
    urls = {(name, args): reverse(name, args=[slug, *args]) for _, items in STAGES for _, name, args in items}
    membership = getattr(context["request"], "membership", None)
    is_owner = membership is not None and membership.is_owner
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    return {
        "groups": [
            Group(
                heading,
                [
                    Item(label, urls[name, args], urls[name, args] == current)
                    for label, name, args in items
                    if is_owner or name not in OF_OWNERS
                ],
            )
            for heading, items in STAGES
        ]
    }
