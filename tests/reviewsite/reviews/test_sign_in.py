"""Second factors, passkeys, sessions, limits on guessing, and sign-in by an institution."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from reviewsite.reviews.models import User

from ...makers import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def sign_in(client, user, password=PASSWORD):
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def code_of(user) -> str:
    secret = Authenticator.objects.get(user=user, type="totp").wrap().instance.data["secret"]
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def set_up_an_app(client, user):
    """As a person does it: the page shows the secret, its code confirms it."""
    sign_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    value = totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
    return client.post("/accounts/2fa/totp/activate/", {"code": totp.format_hotp_value(value)})


def test_with_an_app_the_password_alone_does_not_sign_in(client):
    user = make_user()
    set_up_an_app(client, user)
    cache.clear()  # a code is good once; its use is kept there
    other = Client()

    asked = sign_in(other, user)
    assert asked["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/reviews/new/").status_code == 302

    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert other.get("/reviews/new/").status_code == 302

    other.post("/accounts/2fa/authenticate/", {"code": code_of(user)})
    assert other.get("/reviews/new/").status_code == 200


def test_recovery_codes_come_with_the_app(client):
    user = make_user()
    set_up_an_app(client, user)

    assert Authenticator.objects.filter(user=user, type="recovery_codes").exists()


def test_passkeys_are_offered_at_sign_in_and_on_ones_account(client):
    assert "/accounts/2fa/webauthn/login/" in client.get("/accounts/login/").content.decode()
    challenge = client.get("/accounts/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
    assert challenge.json()["request_options"]["publicKey"]["challenge"]

    sign_in(client, make_user())
    assert "/accounts/2fa/webauthn/add/" in client.get("/accounts/2fa/webauthn/").content.decode()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/sessions/",
    ],
)
def test_no_page_of_an_account_holds_a_script_that_the_policy_forbids(client, address):
    if "login" not in address and "signup" not in address:
        sign_in(client, make_user())
    page = client.get(address).content.decode()

    # A script is a file, or data that does not run.
    for tag in page.split("<script")[1:]:
        opening = tag.split(">", 1)[0]
        assert " src=" in opening or "application/json" in opening, opening
    assert " onclick=" not in page
    assert " style=" not in page


def test_a_password_cannot_be_guessed_at_without_end(client):
    user = make_user()
    for _ in range(12):
        sign_in(client, user, "wrong guess")

    sign_in(client, user)

    assert client.get("/reviews/new/").status_code == 302


def test_sessions_are_listed_and_all_others_can_be_ended():
    user = make_user()
    here, elsewhere = Client(), Client()
    sign_in(here, user)
    sign_in(elsewhere, user)
    assert elsewhere.get("/reviews/new/").status_code == 200

    assert "Sign out all others" in here.get("/accounts/sessions/").content.decode()
    here.post("/accounts/sessions/")

    assert here.get("/reviews/new/").status_code == 200
    assert elsewhere.get("/reviews/new/").status_code == 302


def test_a_new_password_ends_the_other_sessions():
    user = make_user()
    here, elsewhere = Client(), Client()
    sign_in(here, user)
    sign_in(elsewhere, user)

    new = "an even longer secret"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert elsewhere.get("/reviews/new/").status_code == 302


def test_signing_in_leads_to_no_other_site(client):
    user = make_user()

    answer = client.post(
        "/accounts/login/?next=https://evil.example/", {"login": user.email, "password": PASSWORD}
    )

    assert "evil.example" not in answer["Location"]


@pytest.fixture
def institution(settings):
    """An OpenID Connect provider on the loopback; `claims` is what it says of whoever signs in."""
    claims = {"sub": "7", "email": "iris@uni.example", "email_verified": True, "name": "Iris Institute"}

    class Provider(BaseHTTPRequestHandler):
        def _say(self, told):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def do_GET(self):  # noqa: N802 - the library's name
            if self.path.endswith("openid-configuration"):
                names = {
                    "authorization_endpoint": "auth",
                    "token_endpoint": "token",
                    "userinfo_endpoint": "me",
                }
                self._say({"issuer": base, **{key: f"{base}/{name}" for key, name in names.items()}})
            else:
                self._say(claims)

        def do_POST(self):  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say({"access_token": "t", "token_type": "Bearer"})

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Provider)
    base = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "institution", "name": "The University", "client_id": "winnow", "secret": "s"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [{**app, "settings": {"server_url": base}}]}
    }
    yield claims
    server.shutdown()
    server.server_close()


def come_back_from_the_institution(client):
    address = "/accounts/oidc/institution/login/"
    sent = client.post(address)
    asked = parse_qs(urlsplit(sent["Location"]).query)
    return client.get(f"{address}callback/", {"code": "c", "state": asked["state"][0]}, follow=True)


def test_without_a_provider_the_sign_in_page_offers_none(client):
    assert "/accounts/oidc/" not in client.get("/accounts/login/").content.decode()


def test_an_institution_signs_in_and_names_the_person(client, institution):
    assert "The University" in client.get("/accounts/login/").content.decode()

    come_back_from_the_institution(client)

    assert User.objects.get().name == "Iris Institute"
    assert client.get("/reviews/new/").status_code == 200


def test_a_verified_address_leads_to_the_account_that_is_there(client, institution):
    user = User.objects.create_user("iris@uni.example", PASSWORD, name="Iris")

    come_back_from_the_institution(client)

    assert User.objects.get() == user
    assert client.get("/reviews/new/").status_code == 200


def test_an_address_that_the_institution_has_not_verified_takes_over_no_account(client, institution):
    User.objects.create_user("iris@uni.example", PASSWORD, name="Iris")
    institution["email_verified"] = False

    come_back_from_the_institution(client)

    assert client.get("/reviews/new/").status_code == 302


def test_a_second_factor_is_asked_of_those_who_come_from_an_institution_too(client, institution):
    user = User.objects.create_user("iris@uni.example", PASSWORD, name="Iris")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "A" * 32})

    come_back_from_the_institution(client)

    assert client.get("/reviews/new/").status_code == 302
