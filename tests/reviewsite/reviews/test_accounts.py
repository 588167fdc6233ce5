import re

import pytest

from reviewsite.reviews.models import User

from ...makers import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_signing_up_asks_for_name_and_address_and_signs_in(client):
    form = {"name": "Nora New", "email": "Nora@example.org", "password1": PASSWORD, "password2": PASSWORD}

    answer = client.post("/accounts/signup/", form, follow=True)

    assert User.objects.get().name == "Nora New"
    assert "You are in no review yet" in answer.content.decode()


def test_signing_in_and_out(client):
    user = make_user("Nora New")

    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert "Nora New" in client.get("/").content.decode()

    client.post("/accounts/logout/")
    assert "Sign in" in client.get("/").content.decode()


def test_a_wrong_password_says_nothing_about_the_account(client):
    user = make_user()

    wrong = client.post("/accounts/login/", {"login": user.email, "password": "not this one"})
    unknown = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "not this one"})

    told = re.compile(r"are not correct")
    assert told.search(wrong.content.decode())
    assert told.search(unknown.content.decode())


def test_a_forgotten_password_is_set_anew_by_a_link_in_a_mail(client, mailoutbox):
    user = make_user()
    client.post("/accounts/password/reset/", {"email": user.email})
    (mail,) = mailoutbox
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mail.body).group(1)

    form = client.get(link, follow=True)
    client.post(
        form.redirect_chain[-1][0], {"password1": "another long secret", "password2": "another long secret"}
    )

    assert User.objects.get(pk=user.pk).check_password("another long secret")
