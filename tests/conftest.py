"""Fixtures that every part of the suite shares."""

import pytest


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def signed_in(client):
    """A function that signs a person in and gives back the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
