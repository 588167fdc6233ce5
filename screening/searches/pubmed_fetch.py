"""The rules that bring a PubMed search in: list once, fetch in batches, go on after an interruption."""

import zlib
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from reviewsite.reviews import jobs

from ..importers import ImportProblem, RawRecord, Reading, open_export
from ..models import FetchedBatch, Record, RecordNotice, SavedSearch, SearchRun
from . import pubmed

Kind = RecordNotice.Kind


def entrez_access() -> pubmed.EntrezAccess:
    """How this site reaches PubMed, from its settings."""
    return pubmed.EntrezAccess(
        email=settings.ENTREZ_EMAIL, api_key=settings.ENTREZ_API_KEY, base_url=settings.ENTREZ_URL
    )


def fetched(run: SearchRun) -> Reading:
    """The records that a run found and nobody had, from the batches that are kept until all are stored.

    Raises PubMedError and JobCancelled; batches fetched until then stay and are not asked for again.
    """
    access = entrez_access()
    if not run.translation:
        _list_hits(access, run)
    report = jobs.reporter(run.job, "Fetching from PubMed", every=1)
    kept = set(run.fetched_batches.values_list("number", flat=True))
    for number, pmids in enumerate(pubmed.batches(run.wanted_pmids)):
        if number not in kept:
            content = zlib.compress(pubmed.fetch(access, pmids))
            FetchedBatch.objects.get_or_create(run=run, number=number, defaults={"content": content})
        report(min((number + 1) * pubmed.BATCH, len(run.wanted_pmids)), len(run.wanted_pmids))
    problems: list[ImportProblem] = []
    return Reading("PubMed", "utf-8", _records(run, problems), problems, len(run.wanted_pmids))


def _held(saved: SavedSearch) -> set[str]:
    """What the complete runs of a saved search have brought in."""
    records = Record.objects.with_pmid().filter(search_run__saved_search=saved)
    return set(records.values_list("pmid", flat=True))


def _list_hits(access: pubmed.EntrezAccess, run: SearchRun) -> None:
    report = jobs.reporter(run.job, "Listing hits in PubMed", every=1)
    answer = pubmed.search(access, run.query, progress=report)
    held = _held(run.saved_search) if run.saved_search else set()
    run.translation, run.reported_count = answer.understanding.translation, answer.understanding.count
    run.wanted_pmids = [pmid for pmid in answer.pmids if pmid not in held]
    run.already_held = len(answer.pmids) - len(run.wanted_pmids) if run.saved_search else None
    run.save(update_fields=["translation", "reported_count", "wanted_pmids", "already_held"])


def _records(run: SearchRun, problems: list[ImportProblem]) -> Iterator[RawRecord]:
    missing = set(run.wanted_pmids)
    for batch in run.fetched_batches.all().iterator(chunk_size=1):
        content = zlib.decompress(batch.content)
        if b"<PubmedArticle" not in content and b"<PubmedBookArticle" not in content:
            continue
        part = open_export(content)
        for record in part.records:
            missing.discard(record.pmid)
            yield record
        problems.extend(part.problems)
    for pmid in sorted(missing):
        reason = "PubMed listed this number and gave no record for it: it was probably merged or deleted."
        problems.append(ImportProblem(0, f"PMID {pmid}", reason))


def note_new(saved: SavedSearch) -> int:
    """Count the hits that no run of this search has brought in, and keep the number. Raises PubMedError."""
    answer = pubmed.search(entrez_access(), saved.query)
    held = _held(saved)
    saved.new_count = len(set(answer.pmids) - held)
    saved.looked_at = timezone.now()
    saved.save(update_fields=["new_count", "looked_at"])
    return saved.new_count


def check_standing(run: SearchRun) -> int:
    """Ask PubMed of every record of the review whether it was retracted, merged or deleted since.

    Returns how many notices are new. Raises PubMedError and JobCancelled.
    """
    access = entrez_access()
    records: dict[str, list[int]] = {}
    for pk, pmid in Record.objects.with_pmid().filter(review=run.review).values_list("pk", "pmid"):
        records.setdefault(pmid, []).append(pk)
    report = jobs.reporter(run.job, "Asking PubMed for retractions", every=1)
    new = 0
    for number, pmids in enumerate(pubmed.batches(sorted(records)), 1):
        for pmid, (kind, text) in _standing(access, pmids).items():
            new += sum(_note(pk, kind, text) for pk in records[pmid])
        report(min(number * pubmed.BATCH, len(records)), len(records))
    return new


def _standing(access: pubmed.EntrezAccess, pmids: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """PMID -> kind and words, for those of which PubMed has something to say."""
    found = dict.fromkeys(pubmed.retracted(access, pmids), (Kind.RETRACTED.value, "Marked so by PubMed"))
    for pmid in set(pmids) - pubmed.present(access, pmids):
        found[pmid] = _what_became_of(access, pmid)
    return {pmid: said for pmid, said in found.items() if pmid in pmids}


def _what_became_of(access: pubmed.EntrezAccess, pmid: str) -> tuple[str, str]:
    content = pubmed.fetch(access, [pmid])
    if b"<PubmedArticle" not in content and b"<PubmedBookArticle" not in content:
        return Kind.GONE, "PubMed gives no record for this number any more"
    now = next(open_export(content).records).pmid
    return Kind.MERGED, f"PubMed gives PMID {now} for this number"


def _note(record_pk: int, kind: str, text: str) -> bool:
    _, is_new = RecordNotice.objects.get_or_create(record_id=record_pk, kind=kind, defaults={"text": text})
    return is_new
