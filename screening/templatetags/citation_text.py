"""How a citation's text is shown: highlighted words, structured abstracts, links to the identifiers."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from reviewsite.reviews.models import Protocol

from .. import stored_words
from ..room.highlighting import highlight, pico_terms, sections

register = template.Library()


@register.filter
def highlighted(text: str, protocol: Protocol):
    """The text with the protocol's words marked; everything from outside is escaped."""
    question = (protocol.population, protocol.intervention, protocol.comparator, protocol.outcomes)
    segments = highlight(
        text,
        protocol.include_words.splitlines(),
        protocol.exclude_words.splitlines(),
        pico_terms(*question),
    )
    # Put together by hand: a page of cards has some hundred pieces.
    return SafeString(
        "".join(
            f'<mark class="word-{each.kind}">{escape(each.text)}</mark>' if each.kind else escape(each.text)
            for each in segments
        )
    )


@register.filter
def abstract_sections(abstract: str):
    return sections(abstract)


@register.filter
def rule_words(rule: str) -> str:
    """A deduplication rule's machine name in words."""
    return stored_words.in_words(rule.replace("_", " "))


@register.filter
def in_words(text: str) -> str:
    """A sentence that Winnow stored or a pure package said, in the language of the page."""
    return stored_words.in_words(str(text))


@register.filter
def verdict_tag(verdict: str) -> str:
    """The class of the tag that carries a verdict's or a conclusion's word."""
    kinds = {"include": "include", "included": "include", "exclude": "exclude", "excluded": "exclude"}
    return f"tag tag-{kinds.get(verdict, {'undecided': 'wait', 'withdrawn': 'wait'}.get(verdict, verdict))}"
