"""Fixtures that every part of the suite shares."""

import pytest

from screening import word_index


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _words_go_with_the_rows(request):
    """A test that commits has its rows swept away behind the rules, which keep the index of words."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        word_index.empty()


@pytest.fixture
def signed_in(client):
    """A function that signs a person in and gives back the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
