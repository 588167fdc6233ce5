"""The page that audits printed results."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.makers import make_member, make_review

pytestmark = pytest.mark.django_db
TABLE = "outcome,estimate,ci_low,ci_high,pi_low,pi_high\nvod,6.2,3.8,8.6,6.6,54.5\n"


@pytest.fixture
def posted(client):
    review = make_review()
    client.force_login(make_member(review))
    return lambda **fields: client.post(reverse("analysis:audit", args=[review.slug]), fields)


def test_a_table_is_audited_with_reasons(posted):
    page = posted(table=TABLE).content.decode()

    assert "does not hold the estimate, 6.2" in page
    assert "PI_low &lt;= estimate &lt;= PI_high" in page


def test_a_file_is_audited_too(posted):
    page = posted(file=SimpleUploadedFile("t.csv", TABLE.encode())).content.decode()

    assert "Impossible" in page


def test_a_bad_table_says_where_and_keeps_what_was_typed(posted):
    response = posted(table="outcome,estimate\nvod,many\n")

    assert response.status_code == 422
    assert "line 2, estimate" in response.content.decode()
    assert "vod,many" in response.content.decode()
