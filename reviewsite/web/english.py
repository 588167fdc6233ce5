"""What is stored, exported or drawn for a paper is in English, in whichever language the page is."""

from django.conf import settings
from django.utils import translation


def in_english() -> translation.override:
    """A context, and with `@in_english()` a decorator, in which texts are in the language of stored words."""
    return translation.override(settings.LANGUAGE_CODE)
