"""A review and who works on it in which role."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _


class ReviewQuerySet(models.QuerySet["Review"]):
    def open_to(self, user) -> "ReviewQuerySet":
        """The reviews of which this person is a member now."""
        return self.filter(memberships__user=user, memberships__left_at=None)


class Review(models.Model):
    """One systematic review: everything else belongs to exactly one."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True, help_text="Shown on top of the review's dashboard.")
    requires_two_factors = models.BooleanField(
        default=False, help_text="Members get in only with a second factor on their account."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("dashboard:dashboard", args=[self.slug])


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    REVIEWER = "reviewer", _("Reviewer")
    EXTRACTOR = "extractor", _("Extractor")
    STATISTICIAN = "statistician", _("Statistician")
    VIEWER = "viewer", _("Viewer")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(left_at=None)


class Membership(models.Model):
    """A person's role in a review. Leaving sets `left_at`; what they did stays theirs."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    is_adjudicator = models.BooleanField(
        "settles conflicts",
        default=False,
        help_text="May settle conflicts between two reviewers or extractors.",
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "user"], condition=Q(left_at=None), name="one_current_membership_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def may_screen(self) -> bool:
        return self.role in {Role.OWNER, Role.REVIEWER}

    @property
    def may_extract(self) -> bool:
        return self.role in {Role.OWNER, Role.REVIEWER, Role.EXTRACTOR}

    @property
    def may_adjudicate(self) -> bool:
        return self.is_adjudicator and self.may_extract

    @property
    def may_analyse(self) -> bool:
        return self.role in {Role.OWNER, Role.STATISTICIAN}

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER
