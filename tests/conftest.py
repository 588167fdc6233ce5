"""Fixtures that every part of the suite shares."""

import pytest

from screening.citations import word_index


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _no_words_of_earlier_tests(request):
    """A test that commits has its rows swept away behind the rules that keep the index of words."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None:
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        word_index.empty()


@pytest.fixture
def signed_in(client):
    """A function that signs a person in and gives back the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
