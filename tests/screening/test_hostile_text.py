"""Text from outside is shown as text, wherever it is shown."""

import pytest

from extraction.models import ArmResult
from extraction.tables.files import harmless
from screening.duplicates.deduplication import settle_pair

from ..extraction.makers import make_agreed
from ..makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


def test_markup_in_a_record_is_escaped_on_every_page_that_shows_it(client):
    review = make_review(decisions=1)
    runs = [
        make_search_run(review, [SCRIPT], database=SCRIPT[:80], abstract=f"METHODS: {SCRIPT}")
        for _ in range(2)
    ]
    first, second = (run.records.get() for run in runs)
    link = settle_pair(first=first, second=second, verdict="same", person=review.created_by)
    client.force_login(review.created_by)

    for path in (
        "screen/title_abstract/",
        "citations/",
        f"citations/{first.citation_id}/",
        f"records/{second.pk}/",
        f"duplicates/{link.pk}/",
        "searches/",
        "prisma/",
        "prisma/rows/?of=records",
        "prisma/flow.svg",
    ):
        answer = client.get(f"/reviews/{review.slug}/{path}")
        assert answer.status_code == 200, path
        assert SCRIPT not in answer.content.decode(), path


def test_an_address_that_runs_a_script_is_no_link(client):
    review = make_review(decisions=1)
    record = make_search_run(review, ["A trial"], url="javascript:alert(1)").records.get()
    decide(record.citation, review.created_by, "include")
    client.force_login(review.created_by)

    assert "javascript:alert" not in client.get(f"/reviews/{review.slug}/reports/").content.decode()


def test_a_source_typed_by_an_extractor_is_a_link_only_to_the_web(client):
    review = make_review()
    agreed = make_agreed(review, [make_member(review), make_member(review)], "Arden 2019", 1, 2)
    ArmResult.objects.update(source_url="javascript:alert(1)")
    client.force_login(review.created_by)

    page = client.get(f"/reviews/{review.slug}/extraction/{agreed.study_id}/agreed/").content.decode()
    assert "javascript:alert" not in page


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@cmd", "'@cmd"),
        ("+49 30", "'+49 30"),
        ("-1.5", "-1.5"),
        ("+2", "+2"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_of_an_export_is_a_formula(cell, written):
    assert harmless(cell) == written
