"""Judges every submitted assessment again from its answers and says where the stored judgement differs."""

from collections.abc import Iterator

from reviewsite.reviews.models import Review

from ..models import Assessment
from .assessments import sheet_of, unfinished
from .sheet import verdicts


def differences(review: Review) -> Iterator[str]:
    """Sentences, one for each judgement that is not what the answers and the person's own word give."""
    rows = Assessment.objects.filter(review=review).submitted().select_related("study", "appraisal__own_tool")
    for assessment in rows.prefetch_related("judgements", "domain_judgements"):
        sheet = sheet_of(assessment)
        stored = {each.domain: each for each in assessment.domain_judgements.all()}
        if told := unfinished(assessment.appraisal, sheet):
            yield f"assessment {assessment.pk} ({assessment}): {told}"
        for verdict in verdicts(assessment.appraisal, sheet):
            row = stored.get(verdict.slot)
            if row is not None and row.proposed != (verdict.proposal.judgement or ""):
                again = verdict.proposal.judgement or "nothing"
                yield (
                    f"assessment {assessment.pk} ({assessment}): {verdict.slot} was proposed as "
                    f"“{row.proposed}”, its answers now propose {again}"
                )
