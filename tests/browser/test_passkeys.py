"""A passkey from its making to signing in with nothing else, with an authenticator that the browser plays."""

import pytest
from playwright.sync_api import expect

from ..makers import PASSWORD, make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
# As a laptop with a fingerprint reader: the key stays in it, and its owner is recognised.
LAPTOP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person():
    return make_user("Ada")


@pytest.fixture
def page(page_of, person):
    page = page_of(person.email, PASSWORD)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    authenticator = devices.send("WebAuthn.addVirtualAuthenticator", {"options": LAPTOP})["authenticatorId"]

    def kept():
        return devices.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]

    page.keys_kept = kept
    return page


def add_passkey(page):
    page.goto("/accounts/2fa/webauthn/add/")
    if page.url.split("?")[0].endswith("/reauthenticate/"):
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_url("**/webauthn/add/**")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/2fa/recovery-codes/**")


def sign_out(page):
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign Out").last.click()
    page.wait_for_url("**/")


def test_a_passkey_is_made_and_signs_its_owner_in_without_a_password(page, person):
    add_passkey(page)

    assert person.authenticator_set.filter(type="webauthn").count() == 1
    assert len(page.keys_kept()) == 1
    sign_out(page)
    page.goto("/reviews/new/")
    page.wait_for_url("**/accounts/login/**")
    page.get_by_role("button", name="passkey").click()

    page.wait_for_url("**/reviews/new/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.keys_kept()[0]["signCount"] >= 1


def test_a_passkey_that_its_owner_removed_opens_nothing(page, person):
    add_passkey(page)
    sign_out(page)
    person.authenticator_set.all().delete()

    page.goto("/accounts/login/")
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.get_by_role("button", name="passkey").click()

    assert "/accounts/login/" in refused.value.headers["location"]
    page.goto("/reviews/new/")
    page.wait_for_url("**/accounts/login/**")
