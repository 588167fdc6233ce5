"""The audit trail of acts that are not rows of their own: members, protocol, forms, exports."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .review import Review


class AuditEntry(models.Model):
    """Who did what and when. Rows are only ever added."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="audit_entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.actor}: {self.act}"


def record_act(review: Review, actor, act: str, **details: object) -> AuditEntry:
    """Append one entry; call it inside the transaction that does the act."""
    return AuditEntry.objects.create(review=review, actor=actor, act=act, details=details)
