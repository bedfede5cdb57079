"""Which credential asks, and whose budget it draws on."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings

from contributions import github_credentials as credentials
from contributions.outside import Denied, RateLimited, Unreachable
from contributions.rate_budget import RateBudget

USERS = {"token ours": 7, "token ours-too": 7, "token hers": 8}
asked: list[str] = []


class Door(BaseHTTPRequestHandler):
    """As much of GitHub as credentials need: whose a token is, where an App is installed, its tokens."""

    def do_GET(self) -> None:
        asked.append(self.path)
        given = self.headers.get("Authorization", "")
        if self.path == "/user":
            user = USERS.get(given)
            self._say(200 if user else 401, {"id": user})
        elif self.path.startswith("/app/installations"):
            known = given.startswith("Bearer ")
            self._say(200 if known else 401, [{"id": 41, "account": {"login": "Kaveri-Labs", "id": 9000}}])

    def do_POST(self) -> None:
        asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._say(201, {"token": f"installation-{len(asked)}", "expires_at": "2036-01-01T00:00:00Z"})

    def _say(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


@pytest.fixture(autouse=True)
def door(settings: LazySettings) -> Iterator[None]:
    asked.clear()
    http = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    settings.GITHUB_API_URL = f"http://127.0.0.1:{http.server_port}"
    yield
    http.shutdown()
    http.server_close()


def test_two_tokens_of_one_user_share_a_budget_and_github_is_asked_once(settings: LazySettings) -> None:
    settings.GITHUB_TOKENS = ["ours", "ours-too", "hers"]
    holders = [credentials.for_rest("anybody", number).holder for number in (0, 1, 2, 3, 4, 5)]
    assert holders == ["user:7", "user:7", "user:8"] * 2
    assert asked == ["/user"] * 3
    assert len({credentials.for_rest("anybody", number).name for number in range(3)}) == 3, "ETags apart"


def test_one_token_needs_no_question(settings: LazySettings) -> None:
    settings.GITHUB_TOKENS = ["ours"]
    assert credentials.for_rest("anybody", 5).holder.startswith("token:")
    assert not asked


def test_where_the_app_is_installed_it_pays_for_graphql_and_our_token_keeps_its_etags(
    settings: LazySettings, pem: str
) -> None:
    settings.GITHUB_TOKENS, settings.GITHUB_APP_ID = ["ours"], "12"
    settings.GITHUB_APP_PRIVATE_KEY = pem.replace("\n", "\\n")
    points = credentials.for_graphql("kaveri-labs", 1)
    assert points is not None
    assert points.holder == "installation:41"
    assert points.auth is not None
    assert points.auth.token == points.auth.token
    assert [path for path in asked if "access_tokens" in path] == ["/app/installations/41/access_tokens"]
    assert credentials.for_rest("kaveri-labs", 1).holder.startswith("token:")
    elsewhere = credentials.for_graphql("somebody-else", 1)
    assert elsewhere is not None
    assert elsewhere.holder.startswith("token:")


def test_without_a_token_of_ours_the_installation_does_both_and_nobody_else_has_graphql(
    settings: LazySettings, pem: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = tmp_path_factory.mktemp("key") / "app.pem"
    key.write_text(pem)
    settings.GITHUB_TOKENS, settings.GITHUB_APP_ID = [], "13"
    settings.GITHUB_APP_PRIVATE_KEY = str(key)
    assert credentials.for_rest("kaveri-labs", 1).holder == "installation:41"
    assert credentials.for_rest("somebody-else", 1) == credentials.ANONYMOUS
    assert credentials.for_graphql("somebody-else", 1) is None


@pytest.mark.parametrize("key", ["/no/such/file.pem", "-----BEGIN NOTHING-----"])
def test_a_key_that_is_none_is_said_and_not_broken_on(settings: LazySettings, key: str) -> None:
    settings.GITHUB_APP_ID, settings.GITHUB_APP_PRIVATE_KEY = "14", key
    with pytest.raises((Unreachable, Denied), match="App"):
        credentials.for_graphql("kaveri-labs", 1)


def test_resources_run_dry_one_by_one(settings: LazySettings) -> None:
    core, points = (RateBudget("github", settings.GITHUB_API_URL, "me", name) for name in ("core", "graphql"))
    points.learn(limit=100, remaining=6, reset=9_999_999_999)
    points.spend(3)
    with pytest.raises(RateLimited):
        points.spend()
    points.spend(interactive=True)
    core.spend()
