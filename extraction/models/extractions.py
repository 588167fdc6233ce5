"""Extractions: what one person read in the reports of a study, or what two agreed on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .forms import FormVersion
from .in_duplicate import InDuplicate


class Extraction(InDuplicate):
    """One person's reading of a study, or the agreed one, with answers here and result rows of its own."""

    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="extractions")
    extractor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who extracted, or who settled.",
    )
    verifies = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="verified_by",
        help_text="The extraction that this one checks, where one person extracts and another verifies.",
    )
    answers = models.JSONField(
        default=dict, help_text="Field key to {value, page, quote}, read with the form version."
    )

    class Meta(InDuplicate.Meta):
        constraints = [
            *InDuplicate.Meta.constraints,
            models.UniqueConstraint(
                fields=["study", "extractor"],
                condition=Q(kind="independent", supersedes=None),
                name="one_extraction_per_extractor",
            ),
            models.UniqueConstraint(
                fields=["study"],
                condition=Q(kind="agreed", supersedes=None),
                name="one_agreed_history_per_study",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.get_kind_display().lower()} by {self.extractor}"
