"""The second opinion of check_review on files: each is there, its bytes as they were uploaded."""

import hashlib
from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from reviewsite.reviews.models import Review

from ..models import Document


def differences(review: Review) -> Iterator[str]:
    """Sentences, one for each PDF that is gone or whose content is not what was uploaded."""
    for document in Document.objects.filter(review=review).order_by("pk").iterator():
        found = _sha256(document.file)
        if found is None:
            yield f"the file of {document.file_name} is not there"
        elif found != document.file_sha256:
            yield f"the content of {document.file_name} is not what was uploaded"


def _sha256(file: FieldFile) -> str | None:
    """The hash of the bytes that are kept; None where nothing is."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            for chunk in opened.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
