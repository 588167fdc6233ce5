"""The team's discussion of a citation: opens once its blinding has ended; the only writer of comments."""

from django.db import transaction
from django.utils.translation import gettext

from reviewsite.reviews.models import Blind, Stage, record_act

from ..models import Citation, Comment
from .queue import is_blind


class CommentRefused(Exception):
    """The comment cannot be stored; the text is a sentence for the person."""


@transaction.atomic
def add_comment(*, citation: Citation, stage: str, author, text: str) -> Comment:
    """Append a word to the discussion of a citation at a stage."""
    live = citation.live_citation
    if is_blind(live, stage):
        raise CommentRefused(
            gettext(
                "The discussion opens once this citation has its decisions: before that a word could sway a"
                " vote."
            )
        )
    if not text.strip():
        raise CommentRefused(gettext("Write something first."))
    comment = Comment.objects.create(
        review_id=live.review_id, citation=live, stage=stage, author=author, text=text.strip()
    )
    # The discussion shuts when its citation becomes blind again, and so does this.
    blind = Blind(stage, live.pk)
    record_act(
        live.review_id, author, "comment written", blind=blind, citation=str(live)[:200], text=comment.text
    )
    return comment


def comments_on(citation: Citation, stage: str) -> list[Comment]:
    """What was said, oldest first; nothing while the stage is blind, also when it has become so again."""
    if is_blind(citation, stage):
        return []
    copies = [citation.pk, *Citation.objects.filter(merged_into=citation).values_list("pk", flat=True)]
    return list(Comment.objects.filter(citation__in=copies, stage=stage).select_related("author"))


def stages_open(citation: Citation) -> list[Stage]:
    """The stages at which a citation may be discussed now."""
    return [stage for stage in Stage if not is_blind(citation, stage)]
