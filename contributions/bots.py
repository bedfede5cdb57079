"""Bots and coding agents, found by rule: a class of account of their own. Pure: asks nobody, writes nothing.

Every rule has a short name, kept with the account (`Account.kind_rule`) and explained on /bots/ from the
words here. What a rule gets wrong an officer puts right (`actions.accounts.fix_kind`); a sync never
overrides that.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from contributions.found import FoundAccount
from contributions.models.accounts import AccountKind, Platform

# How the platforms name the type of an account; GraphQL's words are the same as REST's.
PLATFORM_TYPES = {
    "user": AccountKind.PERSON,
    "enterpriseuseraccount": AccountKind.PERSON,
    "organization": AccountKind.ORGANISATION,
    "org": AccountKind.ORGANISATION,
    "bot": AccountKind.BOT,
}
BY_PLATFORM, BY_APP, BY_SUFFIX, BY_OFFICER = "platform-bot", "app-login", "login-suffix", "officer"
APP_SUFFIX = "[bot]"  # GitHub gives it to applications and to nobody else
SUFFIXES = ("-bot", "_bot", "-robot", "-ci-user")


class Kind(NamedTuple):
    kind: AccountKind
    rule: str  # empty where the platform itself says person or organisation


@dataclass(frozen=True)
class Known:
    """A machine known by name. `logins` are in small letters, without GitHub's `[bot]`."""

    name: str
    logins: frozenset[str]
    url: str  # where its maker says what it is
    platform: Platform = Platform.GITHUB

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")


def _known(name: str, logins: str, url: str, platform: Platform = Platform.GITHUB) -> Known:
    return Known(name, frozenset(logins.split()), url, platform)


# They write or review code themselves, from an order in words.
AGENTS: tuple[Known, ...] = (
    _known(
        "GitHub Copilot",
        "copilot copilot-swe-agent copilot-pull-request-reviewer",
        "https://docs.github.com/en/copilot/concepts/agents/coding-agent/about-coding-agent",
    ),
    _known("Devin", "devin-ai-integration", "https://docs.devin.ai/integrations/gh"),
    _known("Claude", "claude claude-code", "https://docs.claude.com/en/docs/claude-code/github-actions"),
    _known(
        "OpenAI Codex", "chatgpt-codex-connector openai-codex", "https://developers.openai.com/codex/cloud"
    ),
    _known("Cursor", "cursor cursoragent", "https://cursor.com/docs/cloud-agent"),
    _known("Jules", "google-labs-jules", "https://jules.google/docs/"),
    _known(
        "Gemini Code Assist",
        "gemini-code-assist gemini-cli",
        "https://developers.google.com/gemini-code-assist",
    ),
    _known("Sweep", "sweep-ai sweep-nightly sweep-canary", "https://github.com/sweepai/sweep"),
    _known("OpenHands", "openhands-agent openhands-ai", "https://docs.all-hands.dev/"),
    _known("Amazon Q Developer", "amazon-q-developer", "https://aws.amazon.com/q/developer/"),
    _known("CodeRabbit", "coderabbitai", "https://docs.coderabbit.ai/"),
    _known("Codegen", "codegen-sh", "https://docs.codegen.com/"),
    _known("Factory", "factory-droid", "https://docs.factory.ai/"),
    _known("Ellipsis", "ellipsis-dev", "https://docs.ellipsis.dev/"),
    _known("Qodo", "qodo-merge-pro qodo-code-review codiumai-pr-agent-pro", "https://docs.qodo.ai/"),
    _known("Sourcery", "sourcery-ai", "https://docs.sourcery.ai/"),
    _known("Greptile", "greptile-apps", "https://www.greptile.com/docs"),
)
# Service accounts of continuous integration and of projects: GitHub calls them users.
SERVICES: tuple[Known, ...] = (
    _known("GitHub web flow", "web-flow", "https://github.com/web-flow"),
    _known("GitHub Actions", "github-actions actions-user", "https://docs.github.com/en/actions"),
    _known(
        "Dependabot", "dependabot dependabot-preview", "https://docs.github.com/en/code-security/dependabot"
    ),
    _known("Renovate", "renovate renovate-bot", "https://docs.renovatebot.com/"),
    _known("pre-commit.ci", "pre-commit-ci", "https://pre-commit.ci/"),
    _known("Codecov", "codecov codecov-io codecov-commenter", "https://docs.codecov.com/"),
    _known("Snyk", "snyk-bot", "https://docs.snyk.io/"),
    _known("Copybara", "copybara-service copybara-github", "https://github.com/google/copybara"),
    _known(
        "PyTorch merge bot",
        "pytorchmergebot pytorchbot pytorchupdatebot facebook-github-bot",
        "https://github.com/pytorch/pytorch/wiki/Bot-commands",
    ),
    _known("TensorFlow gardener", "tensorflower-gardener", "https://github.com/tensorflower-gardener"),
    _known("Google bot", "googlebot google-ml-butler", "https://github.com/googlebot"),
    _known("Kubernetes robots", "k8s-ci-robot k8s-merge-robot", "https://github.com/k8s-ci-robot"),
    _known("Jenkins", "jenkins-ci", "https://www.jenkins.io/"),
    _known("Weblate", "weblate", "https://docs.weblate.org/"),
    _known("Transifex", "transifex-integration", "https://help.transifex.com/"),
    _known(
        "Hugging Face documentation builder",
        "huggingfacedocbuilder huggingfacedocbuilderdev",
        "https://github.com/HuggingFaceDocBuilder",
    ),
    _known("SF convert bot", "sfconvertbot", "https://huggingface.co/SFconvertbot", Platform.HUGGINGFACE),
    _known(
        "Parquet converter",
        "parquet-converter",
        "https://huggingface.co/parquet-converter",
        Platform.HUGGINGFACE,
    ),
    _known("Librarian bots", "librarian-bot", "https://huggingface.co/librarian-bots", Platform.HUGGINGFACE),
)
_NAMED: dict[tuple[str, str], Kind] = {
    (str(known.platform), login): Kind(kind, f"{word}:{known.slug}")
    for kind, word, table in ((AccountKind.AGENT, "agent", AGENTS), (AccountKind.BOT, "service", SERVICES))
    for known in table
    for login in known.logins
}
_BY_SLUG = {f"agent:{each.slug}": each for each in AGENTS} | {
    f"service:{each.slug}": each for each in SERVICES
}


def classify(platform: str, login: str, platform_type: str) -> Kind:
    """What an account is and by which rule. Raises LookupError for a type neither platform has.

    `platform_type` is the platform's own word: `User`, `Organization`, `Bot` on GitHub, `user`, `org` on
    the Hub. An organisation is never a machine, whatever its name: its members are looked at one by one.
    """
    said = PLATFORM_TYPES.get(platform_type.lower())
    if said is None:
        raise LookupError(f"{platform} has no type {platform_type!r}")
    if said == AccountKind.ORGANISATION:
        return Kind(said, "")
    name = login.lower()
    if known := _NAMED.get((platform, name.removesuffix(APP_SUFFIX))):
        return known
    if name.endswith(APP_SUFFIX):
        return Kind(AccountKind.BOT, BY_APP)
    if said == AccountKind.BOT:
        return Kind(said, BY_PLATFORM)
    if name.endswith(SUFFIXES):
        return Kind(AccountKind.BOT, BY_SUFFIX)
    return Kind(AccountKind.PERSON, "")


def seen(platform: str, platform_id: str, login: str, platform_type: str, name: str = "") -> FoundAccount:
    """An account as a platform shows it, classed. Raises LookupError as `classify` does."""
    kind, rule = classify(platform, login, platform_type)
    return FoundAccount(str(platform), platform_id, login, kind.value, name, rule)


class Explained(NamedTuple):
    """A rule in words, and where its maker says so."""

    words: Any
    url: str = ""


RULES: dict[str, Any] = {
    BY_PLATFORM: _("The platform says that it is a bot."),
    BY_APP: _("Its name ends in [bot]: GitHub gives that to applications only."),
    BY_SUFFIX: _("Its name ends in -bot, _bot, -robot or -ci-user."),
    BY_OFFICER: _("Decided by an officer."),
}


def explain(rule: str) -> Explained:
    """The words for a rule kept with an account. Where an officer decided, with the reason they gave."""
    if known := _BY_SLUG.get(rule):
        if rule.startswith("agent:"):
            return Explained(_("Known coding agent: %(name)s.") % {"name": known.name}, known.url)
        return Explained(_("Known service account: %(name)s.") % {"name": known.name}, known.url)
    name, _colon, reason = rule.partition(": ")
    words = RULES.get(name, rule)
    return Explained(f"{words} {reason}".strip() if reason else words)


def listed_rules() -> list[tuple[Any, tuple[Known, ...]]]:
    """The machines known by name, for people to read."""
    return [(_("Known coding agents:"), AGENTS), (_("Known service accounts:"), SERVICES)]
