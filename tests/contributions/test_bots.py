"""Bots and coding agents are found by rule, and every rule can be read."""

import pytest

from contributions.bots import AGENTS, RULES, SERVICES, classify, explain


@pytest.mark.parametrize(
    ("platform", "login", "platform_type", "kind", "rule"),
    [
        ("github", "asha", "User", "person", ""),
        ("github", "talbot", "User", "person", ""),  # a name is no rule
        ("github", "kaveri-bot", "Organization", "organisation", ""),  # nor is an organisation a machine
        ("github", "kaveri-bot", "User", "bot", "login-suffix"),
        ("github", "K8s-CI-Robot", "User", "bot", "service:kubernetes-robots"),
        ("github", "web-flow", "User", "bot", "service:github-web-flow"),
        ("github", "dependabot[bot]", "Bot", "bot", "service:dependabot"),
        ("github", "dependabot", "Bot", "bot", "service:dependabot"),  # as GraphQL writes it
        ("github", "some-app[bot]", "User", "bot", "app-login"),
        ("github", "some-app", "Bot", "bot", "platform-bot"),
        ("github", "Copilot", "Bot", "agent", "agent:github-copilot"),
        ("github", "copilot-swe-agent[bot]", "Bot", "agent", "agent:github-copilot"),
        ("github", "devin-ai-integration[bot]", "Bot", "agent", "agent:devin"),
        ("github", "claude", "User", "agent", "agent:claude"),
        ("github", "cursoragent", "User", "agent", "agent:cursor"),
        ("github", "google-labs-jules[bot]", "Bot", "agent", "agent:jules"),
        ("huggingface", "claude", "user", "person", ""),  # a name means somebody else elsewhere
        ("huggingface", "SFconvertbot", "user", "bot", "service:sf-convert-bot"),
        ("huggingface", "ai4kaveri", "org", "organisation", ""),
    ],
)
def test_an_account_is_classed_by_type_then_by_name(
    platform: str, login: str, platform_type: str, kind: str, rule: str
) -> None:
    assert classify(platform, login, platform_type) == (kind, rule)


def test_a_type_no_platform_has_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        classify("github", "ghost", "Mannequin")


def test_every_rule_has_words_and_every_known_machine_an_address() -> None:
    for word, table in (("agent", AGENTS), ("service", SERVICES)):
        for known in table:
            said = explain(f"{word}:{known.slug}")
            assert known.name in str(said.words)
            assert said.url.startswith("https://")
            assert all(login == login.lower() for login in known.logins)
    assert all(str(explain(rule).words) == str(words) for rule, words in RULES.items())
    assert str(explain("officer: posts only build results").words).endswith("posts only build results")
    logins = [(each.platform, login) for each in (*AGENTS, *SERVICES) for login in each.logins]
    assert len(logins) == len(set(logins))  # one machine, one rule
