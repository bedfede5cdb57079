"""The pages of an account: every one in our house, strict, and working from signing up to the second step."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from mission.models import Role, User
from tests.world import PASSWORD, organisation, person

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style\b|\sstyle=|\son\w+=\"|<script(?![^>]*(?:src=|type=\"application/json\"))", re.I)
OPEN_TO_ALL = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
    "socialaccount_login_cancelled",
]
SIGNED_IN = [
    "account",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "socialaccount_connections",
    "create_organisation",
]


def page(answer: Any, status: int = 200) -> str:
    """The HTML of an answer, having looked that it is one of our pages and that nothing in it is inline."""
    html: str = answer.content.decode()
    assert answer.status_code == status, answer.status_code
    assert "house.css" in html
    assert html.count("<h1") == 1
    assert not INLINE.search(html), INLINE.findall(html)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "data:" not in policy
    return html


@pytest.fixture
def signed_in(client: Client) -> Client:
    asha = person("asha")
    organisation(asha)
    client.force_login(asha)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})  # the second step asks for it anew
    return client


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_pages_before_signing_in_are_ours(client: Client, name: str) -> None:
    assert page(client.get(reverse(name)))


def test_a_sign_in_that_failed_elsewhere_is_ours_too(client: Client) -> None:
    assert "That did not work" in page(client.get(reverse("socialaccount_login_error")), 401)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_of_a_signed_in_person_are_ours(signed_in: Client, name: str) -> None:
    assert "Sign out" in page(signed_in.get(reverse(name)))


def test_signing_up_sends_a_link_and_the_link_opens_the_account(client: Client) -> None:
    form = {"name": "Asha Rao", "email": "Asha@Example.org", "password1": PASSWORD}
    sent = client.post(reverse("account_signup"), form, follow=True)
    assert "Look at your e-mail" in page(sent)
    letter = mail.outbox[0]
    assert letter.subject == "Confirm your e-mail address"
    link = re.search(r"https?://testserver(/account/\S+)", letter.body)
    assert link, letter.body
    assert "Asha Rao" in page(client.get(link[1]))
    opened = client.post(link[1])
    assert opened.status_code == 302
    user = User.objects.get(email="asha@example.org")
    assert user.name == "Asha Rao"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_is_told_in_a_summary_and_in_the_title(client: Client) -> None:
    person("asha")
    answer = client.post(reverse("account_login"), {"login": "asha@example.org", "password": "not this one"})
    html = page(answer)
    assert "There is a problem" in html
    assert "<title>Error:" in html


def test_a_forgotten_password_is_set_anew_by_letter(client: Client) -> None:
    person("asha")
    client.post(reverse("account_reset_password"), {"email": "asha@example.org"})
    link = re.search(r"https?://testserver(/account/\S+)", mail.outbox[0].body)
    assert link, mail.outbox[0].body
    form = client.get(link[1], follow=True)
    assert "Set a new password" in page(form)
    fresh = "another long pass phrase"
    done = client.post(form.redirect_chain[-1][0], {"password1": fresh, "password2": fresh}, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert User.objects.get().check_password(fresh)


@pytest.mark.django_db(transaction=True)  # the letter goes out when the change is committed
def test_an_authenticator_app_is_set_up_from_a_picture_that_is_an_element(signed_in: Client) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    html = page(signed_in.get(reverse("mfa_activate_totp")))
    assert "<svg" in html.split('class="qr"')[1]
    assert "<?xml" not in html
    assert "data:image" not in html
    secret = re.search(r'<code class="key">(\w+)</code>', html)
    assert secret
    code = format_hotp_value(hotp_value(secret[1], next(yield_hotp_counters_from_time())))
    done = signed_in.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert 'class="codes"' in page(done), "the recovery codes come next"
    assert mail.outbox[-1].subject == "Authenticator app switched on"
    assert "On" in page(signed_in.get(reverse("account")))
    for name in (
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
    ):
        assert page(signed_in.get(reverse(name)))


def test_signing_in_with_a_second_step_asks_for_it(signed_in: Client, client: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(User.objects.get(), generate_totp_secret())
    fresh = Client()
    second = fresh.post(
        reverse("account_login"), {"login": "asha@example.org", "password": PASSWORD}, follow=True
    )
    assert "Second step" in page(second)
    assert "_auth_user_id" not in fresh.session


def test_the_account_page_names_organisations_and_roles(client: Client) -> None:
    asha = person("asha", Role.REVIEWER)
    organisation(asha, "Kaveri Labs")
    client.force_login(asha)
    html = page(client.get(reverse("account")))
    assert "Kaveri Labs" in html
    assert "Reviewer" in html


def test_demo_logins_are_shown_only_in_a_demo(client: Client, settings: Any) -> None:
    assert "officer@demo.example" not in page(client.get(reverse("account_login")))
    settings.DEMO = True
    assert "officer@demo.example" in page(client.get(reverse("account_login")))


def test_letters_keep_plain_words_and_do_not_escape(client: Client) -> None:
    person("asha")
    form = {"name": "Asha", "email": "asha@example.org", "password1": PASSWORD}
    answer = client.post(reverse("account_signup"), form, follow=True)
    assert "Look at your e-mail" in page(answer), "the page tells nobody whether an address has an account"
    letter = mail.outbox[0]
    assert letter.subject == "You have an account already"
    assert "&#x27;" not in letter.body
    assert "asha@example.org" in letter.body
