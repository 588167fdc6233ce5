"""Two people who act at the same moment: the log stays one chain."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from reviewsite.reviews.models import AuditEntry, record_act
from reviewsite.trail.verifying import verify
from screening.models import Study

from ...makers import make_review

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ACTS = 4, 5


def test_acts_at_the_same_moment_are_one_chain():
    review = make_review()
    together = Barrier(PEOPLE)
    failed = []

    def act(number):
        together.wait()
        try:
            for each in range(ACTS):
                with transaction.atomic():
                    # A row that names the review: the log's lock must not wait for it, nor it for the log.
                    Study.objects.create(
                        review=review, label=f"{number}-{each}", created_by_id=review.created_by_id
                    )
                    record_act(review, None, "act", by=number, n=each)
        except Exception as error:  # noqa: BLE001 - told to the test, which runs in another thread
            failed.append(error)
        finally:
            connection.close()

    people = [Thread(target=act, args=(number,)) for number in range(PEOPLE)]
    for each in people:
        each.start()
    for each in people:
        each.join()

    assert failed == []
    assert AuditEntry.objects.filter(review=review).count() == PEOPLE * ACTS
    assert verify(review).problems == []
