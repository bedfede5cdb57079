"""The content security policy opens only where an outside sign-in was configured, and only for forms."""

import json
import os
import subprocess
import sys

ASK = """
import json
from mission.settings import CONTENT_SECURITY_POLICY
print(json.dumps(CONTENT_SECURITY_POLICY["DIRECTIVES"]))
"""


def policy(**environment: str) -> dict[str, list[str]]:
    run = subprocess.run(
        [sys.executable, "-c", ASK], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    directives: dict[str, list[str]] = json.loads(run.stdout)
    return directives


def test_nothing_but_ourselves_by_default() -> None:
    allowed = {
        source for sources in policy(GITHUB_CLIENT_ID="", OIDC_SERVER_URL="").values() for source in sources
    }
    assert allowed == {"'self'", "'none'"}


def test_a_configured_sign_in_may_be_led_to_and_nothing_else_changes() -> None:
    before = policy(GITHUB_CLIENT_ID="", OIDC_SERVER_URL="")
    after = policy(
        GITHUB_CLIENT_ID="id",
        GITHUB_CLIENT_SECRET="secret",
        OIDC_SERVER_URL="https://id.example.org/realms/all/.well-known/openid-configuration",
        OIDC_CLIENT_ID="id",
        OIDC_CLIENT_SECRET="secret",
    )
    assert after.pop("form-action") == ["'self'", "https://github.com", "https://id.example.org"]
    before.pop("form-action")
    assert after == before
