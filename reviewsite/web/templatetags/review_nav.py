"""The side navigation: the stages of a review in the order a record passes through them."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

# (heading, ((label, url name, extra arguments), ...))
STAGES = (
    ("", ((_("Dashboard"), "dashboard:dashboard", ()), (_("Protocol"), "screening:protocol", ()))),
    (
        pgettext_lazy("stage", "Identify"),
        ((_("Searches"), "screening:searches", ()), (_("Duplicates"), "screening:duplicates", ())),
    ),
    (
        pgettext_lazy("stage", "Screen"),
        (
            (_("Title and abstract"), "screening:screen", ("title_abstract",)),
            (_("Reports"), "screening:reports", ()),
            (_("Full text"), "screening:screen", ("full_text",)),
            (_("Conflicts"), "screening:conflicts", ()),
            (_("All citations"), "screening:citations", ()),
            (_("Labels"), "screening:labels", ()),
        ),
    ),
    (
        pgettext_lazy("stage", "Extract"),
        (
            (_("Studies"), "screening:studies", ()),
            (_("Extraction"), "extraction:index", ()),
            (_("Risk of bias"), "extraction:risk_of_bias", ()),
        ),
    ),
    (
        pgettext_lazy("stage", "Report"),
        (
            (_("Analyses"), "analysis:index", ()),
            (_("Certainty"), "analysis:certainty", ()),
            (_("PRISMA flow"), "screening:prisma", ()),
            (pgettext_lazy("of the review", "Report"), "reporting:kits", ()),
            (_("Versions"), "reporting:versions", ()),
        ),
    ),
    (
        _("Team"),
        (
            (_("Rounds and progress"), "screening:team", ()),
            (_("Agreement"), "screening:agreement", ()),
            (_("Order and stopping"), "screening:stopping", ()),
            (_("Members"), "reviews:members", ()),
            (_("Audit log"), "trail:audit", ()),
            (_("Site status"), "operations:status", ()),
        ),
    ),
)
# What is in the menu of owners alone.
OF_OWNERS = {"operations:status"}


@dataclass(frozen=True)
class Item:
    label: Promise
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    name: Promise | str
    items: list[Item]


@register.inclusion_tag("_review_nav.html", takes_context=True)
def review_nav(context: template.Context) -> dict[str, list[Group] | Promise | str]:
    """The groups, and where the page is: the longest address of an item that the page's begins with."""
    slug, path = context["review"].slug, context["request"].path
    urls = {
        (name, args): reverse(name, args=[slug, *args])
        for _heading, items in STAGES
        for _label, name, args in items
    }
    front = urls["dashboard:dashboard", ()]
    membership = getattr(context["request"], "membership", None)
    is_owner = membership is not None and membership.is_owner
    # Every page's address begins with the dashboard's, which is marked on its own page only.
    above = (url for url in urls.values() if path.startswith(url) and (url == path or url != front))
    current = max(above, key=len, default="")
    groups = [
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
    here = next((item.label for group in groups for item in group.items if item.is_current), "")
    return {"groups": groups, "here": here}
