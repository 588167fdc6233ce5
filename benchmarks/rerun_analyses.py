"""How long it takes until 200 stale analyses have run again, and what a whole review's bundle takes.

    python benchmarks/rerun_analyses.py [--outcomes 200] [--studies 12] [--bundle]

Makes a site of its own in a temporary folder: a review with that many outcomes, each with two groups in every
study and a planned analysis; runs all, changes one agreed number, and runs all again.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def prepare(folder: str) -> None:
    os.environ |= {"WINNOW_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "reviewsite.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def make_review(outcomes: int, studies: int):
    """Agreed extractions written directly: making them by the rules would take an hour."""
    from django.utils import timezone

    from analysis.models import AnalysisSpec
    from extraction.models import Arm, ArmResult, Extraction, FormVersion, Outcome
    from reviewsite.reviews.models import User
    from reviewsite.reviews.rules import add_member, create_review
    from screening.deciding.decisions import record_decision
    from screening.full_text.retrieval import record_retrieval
    from screening.studies.grouping import create_study
    from tests.makers import make_citation

    people = [User.objects.create_user(f"p{n}@example.org", "a long secret", name=f"P{n}") for n in range(2)]
    review = create_review(title="Many outcomes", owner=people[0])
    add_member(review=review, email=people[1].email, role="reviewer", by=people[0])
    form = FormVersion.objects.create(
        review=review, number=1, definition=[], created_by=people[0], published_at=timezone.now()
    )
    kept = [Outcome.objects.create(review=review, name=f"Outcome {n}", position=n) for n in range(outcomes)]
    results = []
    for number in range(studies):
        citation = make_citation(review, f"Report {number}")
        for stage in ("title_abstract", "full_text"):
            for person in people:
                record_decision(citation=citation, reviewer=person, stage=stage, verdict="include")
            if stage == "title_abstract":
                record_retrieval(reports=[citation.report], state="obtained", by=people[0])
        study = create_study(
            review=review, label=f"Study {number:02}", reports=[citation.report], by=people[0]
        )
        shared = {"review": review, "study": study, "form_version": form, "submitted_at": timezone.now()}
        pair = [Extraction.objects.create(extractor=person, **shared) for person in people]
        agreed = Extraction.objects.create(
            kind="agreed", extractor=people[0], left=pair[0], right=pair[1], **shared
        )
        for position, role in enumerate(("intervention", "comparator")):
            arm = Arm.objects.create(extraction=agreed, label=role, position=position, role=role)
            results += [
                ArmResult(arm=arm, outcome=o, events=5 + (number * 7 + n + 3 * position) % 40, n=90 + n)
                for n, o in enumerate(kept)
            ]
    ArmResult.objects.bulk_create(results, batch_size=500)
    for outcome in kept:
        AnalysisSpec.objects.create(
            review=review, title=outcome.name, outcome=outcome, measure="RR", created_by=people[0]
        )
    return review, people[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outcomes", type=int, default=200)
    parser.add_argument("--studies", type=int, default=12)
    parser.add_argument("--bundle", action="store_true", help="pack the whole review too, figures and all")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.db.models import F

        from analysis.bundling import review_bundle
        from analysis.runs import rerun_stale, standings
        from extraction.models import ArmResult

        review, person = make_review(asked.outcomes, asked.studies)
        print(f"{asked.outcomes} outcomes, {asked.studies} studies of two groups, risk ratio by REML")
        timed("first run of all", lambda: rerun_stale(review=review, by=person), asked.outcomes)
        changed = ArmResult.objects.filter(
            arm__extraction__kind="agreed", arm__position=0, arm__extraction__study__label="Study 00"
        )
        changed.update(events=F("events") + 1)
        timed("every analysis read for staleness", lambda: standings(review), asked.outcomes)
        timed("all that changed, run again", lambda: rerun_stale(review=review, by=person), asked.outcomes)
        if asked.bundle:
            packed = timed("bundle of the whole review", lambda: list(review_bundle(review, "all")), None)
            print(f"  {sum(map(len, packed)) / 1e6:.1f} MB")


def timed(name: str, work, count: int | None) -> list:
    start = time.perf_counter()
    found = work()
    taken = time.perf_counter() - start
    assert count is None or len(found) == count, (name, len(found))
    print(f"{name}: {taken:.2f} s for {len(found)}")
    return found


if __name__ == "__main__":
    main()
