"""What every template may read."""

from django.conf import settings
from django.http import HttpRequest

from .language import script_texts_address


def site(request: HttpRequest) -> dict[str, object]:
    # The stand-in must never pass for NCBI: pages that search PubMed say which of the two answers.
    return {
        "pubmed_is_offline_example": bool(settings.ENTREZ_URL),
        "languages": settings.LANGUAGES,
        "script_texts": script_texts_address(),
    }
