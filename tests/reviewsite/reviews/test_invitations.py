"""A link lets in one person, once, for some days; a second factor can be asked of everybody."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils import timezone

from reviewsite.reviews.invitations import InvitationRefused, accept, invitation_of, invite, take_back
from reviewsite.reviews.models import Invitation, Role, User
from reviewsite.reviews.rules import MembershipRefused, ask_for_two_factors

from ...makers import PASSWORD, make_member, make_review, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


def asked(review, email="nora@example.org", role=Role.EXTRACTOR) -> str:
    return invite(review=review, email=email, role=role, by=review.created_by)[1]


def test_somebody_without_an_account_comes_in_by_the_link(client, review, mailoutbox):
    client.force_login(review.created_by)
    client.post(f"/reviews/{review.slug}/members/invite/", {"email": "Nora@example.org", "role": "extractor"})
    page = client.get(f"/reviews/{review.slug}/members/").content.decode()
    link = re.search(r"http://testserver(/invitations/[\w-]+/)", page).group(1)
    assert link in mailoutbox[0].body
    client.logout()

    assert "Make an account" in client.get(link).content.decode()
    form = {"name": "Nora", "email": "nora@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post(f"/accounts/signup/?next={link}", form)
    client.post(link)

    member = review.memberships.get(user__email="nora@example.org")
    assert member.role == Role.EXTRACTOR
    assert client.get(f"/reviews/{review.slug}/").status_code == 200
    assert client.post(link).status_code == 410


def test_the_link_itself_is_not_kept(review):
    secret = asked(review)

    assert secret not in str(Invitation.objects.values().get())


def test_another_address_does_not_get_in_with_the_link(review):
    secret = asked(review)

    with pytest.raises(InvitationRefused, match="another address"):
        accept(secret=secret, user=make_user())

    assert invitation_of(secret).is_open


@pytest.mark.parametrize("ending", ["over", "withdrawn", "used", "replaced"])
def test_a_link_that_is_over_used_or_taken_back_lets_nobody_in(client, review, ending):
    secret = asked(review)
    nora = User.objects.create_user("nora@example.org", PASSWORD, name="Nora")
    made = review.invitations.get()
    if ending == "over":
        review.invitations.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ending == "withdrawn":
        take_back(invitation=made, by=review.created_by)
    elif ending == "used":
        accept(secret=secret, user=nora)
    else:
        asked(review, role=Role.VIEWER)
    before = review.memberships.count()
    client.force_login(nora)

    assert client.get(f"/invitations/{secret}/").status_code == 410
    assert client.post(f"/invitations/{secret}/").status_code == 410
    assert review.memberships.count() == before


def test_a_member_is_not_invited_again(review):
    member = make_member(review)

    with pytest.raises(MembershipRefused):
        asked(review, email=member.email.upper())


def test_where_accounts_are_for_the_invited_only_others_find_the_sign_up_closed(client, review, settings):
    settings.SIGNUP = "invited"
    form = {"name": "Nora", "email": "nora@example.org", "password1": PASSWORD, "password2": PASSWORD}

    client.post("/accounts/signup/", form)
    assert not User.objects.filter(email="nora@example.org").exists()

    client.get(f"/invitations/{asked(review)}/")
    client.post("/accounts/signup/", form)
    assert User.objects.filter(email="nora@example.org").exists()


def with_second_factor(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "A" * 32})
    return user


def test_a_review_that_asks_for_a_second_factor_keeps_out_accounts_without_one(client, review):
    ask_for_two_factors(review=review, is_asked=True, by=with_second_factor(review.created_by))
    member = make_member(review)
    client.force_login(member)

    kept_out = client.get(f"/reviews/{review.slug}/screen/title_abstract/")
    assert kept_out.status_code == 403
    assert "Set up a second factor" in kept_out.content.decode()
    assert client.post(f"/reviews/{review.slug}/labels/add/").status_code == 403

    with_second_factor(member)
    assert client.get(f"/reviews/{review.slug}/screen/title_abstract/").status_code == 200


def test_an_owner_without_a_second_factor_cannot_ask_it_of_others(client, review):
    client.force_login(review.created_by)
    client.post(f"/reviews/{review.slug}/members/two-factors/", {"ask": "yes"})

    review.refresh_from_db()
    assert not review.requires_two_factors


def test_a_stranger_does_not_learn_that_a_review_asks_for_a_second_factor(client, review):
    ask_for_two_factors(review=review, is_asked=True, by=with_second_factor(review.created_by))
    client.force_login(make_user())

    assert client.get(f"/reviews/{review.slug}/").status_code == 404


def test_whoever_came_by_a_link_is_led_back_to_it_after_confirming_their_address(
    client, review, mailoutbox, settings
):
    cache.clear()  # letters are limited in number
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    link = f"/invitations/{asked(review)}/"
    assert "email=nora%40example.org" in client.get(link).content.decode()
    sign_up = client.get("/accounts/signup/?email=nora%40example.org").content.decode()
    assert 'value="nora@example.org"' in sign_up
    form = {"name": "Nora", "email": "nora@example.org", "password1": PASSWORD, "password2": PASSWORD}

    client.post("/accounts/signup/", form)
    confirm = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mailoutbox[0].body).group(1)
    answer = client.post(confirm)

    assert answer["Location"] == link
    assert client.get(link).status_code == 200


def test_the_link_is_shown_once_with_a_button_that_copies_it(client, review):
    client.force_login(review.created_by)
    members = f"/reviews/{review.slug}/members/"
    client.post(f"{members}invite/", {"email": "nora@example.org", "role": "reviewer"})

    assert "data-copy" in client.get(members).content.decode()
    assert "data-copy" not in client.get(members).content.decode()
