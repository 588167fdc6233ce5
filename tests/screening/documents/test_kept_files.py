"""check_review reads every kept PDF again: one that is gone or changed is named."""

import pytest

from screening.full_text.kept_files import differences

from ...makers import make_review
from .makers import make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    review = make_review()
    return make_document(review, review.created_by)


def test_a_file_that_is_as_uploaded_is_passed_over(document):
    assert list(differences(document.review)) == []


def test_a_file_whose_bytes_changed_is_named(document):
    with open(document.file.path, "ab") as file:
        file.write(b"\n% one line more")

    assert list(differences(document.review)) == [
        f"the content of {document.file_name} is not what was uploaded"
    ]


def test_a_file_that_is_gone_is_named(document):
    document.file.storage.delete(document.file.name)

    assert list(differences(document.review)) == [f"the file of {document.file_name} is not there"]
