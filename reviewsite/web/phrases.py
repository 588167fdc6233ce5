"""Sentences that rows hold or pure packages say, shown in the language of the page.

They are written in English, so that what is stored, exported and hashed is the same for everybody. A text
that is one of the sentences of a book, with whatever stands at its gaps, is said in the language of the page;
every other text stays as it is.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from django.utils.translation import get_language, gettext

GAP = re.compile(r"\{(\w+)\}")


class Phrases:
    """A book of sentences, marked by `gettext_noop`, whose gaps are `{name}`.

    with_words: names of gaps that hold a text of Winnow themselves.
    """

    def __init__(self, sentences: Collection[str], with_words: Collection[str] = ()) -> None:
        self.sentences = sentences
        self.with_words = frozenset(with_words)

    def in_words(self, text: str) -> str:
        """The text in the language of the page, when it is one that Winnow says itself."""
        if not text or (get_language() or "en").startswith("en"):
            return text
        said = gettext(text)
        if said != text:
            return said
        for pattern, sentence in self._patterns:
            if found := pattern.fullmatch(text):
                return self._filled(gettext(sentence), found.groupdict())
        return text

    def _filled(self, sentence: str, values: Mapping[str, str]) -> str:
        def value(gap: re.Match[str]) -> str:
            held = values[gap[1]]
            return self.in_words(held) if gap[1] in self.with_words else held

        return GAP.sub(value, sentence)

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Sentences with gaps as patterns, those that say most first."""
        with_gaps = [each for each in self.sentences if GAP.search(each)]
        with_gaps.sort(key=lambda each: len(GAP.sub("", each)), reverse=True)
        return tuple((re.compile("".join(_pieces(each)), re.DOTALL), each) for each in with_gaps)


def _pieces(sentence: str) -> Iterator[str]:
    for number, piece in enumerate(GAP.split(sentence)):
        yield f"(?P<{piece}>.+?)" if number % 2 else re.escape(piece)
