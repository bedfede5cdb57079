"""Connecting a Hugging Face account over OpenID Connect, against a real local provider, shows whose it is."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from contributions.actions.accounts import register_account
from contributions.models.identities import claimed_by
from tests.world import person

pytestmark = pytest.mark.django_db
WHO = {"sub": "64ab12cd34ef56ab78cd90ef", "preferred_username": "Asha-K", "name": "Asha", "profile": "x"}


class Hub(BaseHTTPRequestHandler):
    """Answers as the Hub documents it: discovery, a token for a code, and who it belongs to."""

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        if self.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/oauth/authorize",
                    "token_endpoint": f"{base}/oauth/token",
                    "userinfo_endpoint": f"{base}/oauth/userinfo",
                    "jwks_uri": f"{base}/oauth/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                }
            )
        elif self.path == "/oauth/userinfo" and self.headers["Authorization"] == "Bearer a-token":
            self.answer(WHO)
        else:
            self.answer({"error": "denied"}, 401)

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        good = said.get("code") == ["a-code"] and "code_verifier" in said
        self.answer({"access_token": "a-token", "token_type": "bearer"} if good else {}, 200 if good else 400)

    def answer(self, body: dict[str, Any], status: int = 200) -> None:
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def hub(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    app = {
        "provider_id": "huggingface",
        "name": "Hugging Face",
        "client_id": "mission",
        "secret": "s",
        "settings": {"server_url": url, "scope": ["openid", "profile"]},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield url
    server.shutdown()
    server.server_close()


def test_connecting_leads_to_ones_accounts_and_the_claim_is_of_the_platforms_own_id(hub: str) -> None:
    asha, client = person("asha"), Client()
    known = register_account(
        actor=None, platform="huggingface", platform_id=WHO["sub"], login="asha-before", kind="person"
    )
    client.force_login(asha)
    sent = client.post("/account/oidc/huggingface/login/?process=connect")
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert sent["Location"].startswith(f"{hub}/oauth/authorize")
    assert set(asked["scope"][0].split()) == {"openid", "profile"}  # no e-mail address is asked for
    back = client.get(
        "/account/oidc/huggingface/login/callback/", {"code": "a-code", "state": asked["state"][0]}
    )
    assert back["Location"] == "/account/accounts/"
    assert not claimed_by(asha).exists()
    page = client.post("/account/accounts/claim/", follow=True).content.decode()
    assert list(claimed_by(asha)) == [known]  # found by its id, though it was renamed since
    assert "is yours." in page


def test_a_refused_code_connects_nothing(hub: str) -> None:
    asha, client = person("asha"), Client()
    client.force_login(asha)
    sent = client.post("/account/oidc/huggingface/login/?process=connect")
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    client.get("/account/oidc/huggingface/login/callback/", {"code": "stolen", "state": state})
    assert not asha.socialaccount_set.exists()
