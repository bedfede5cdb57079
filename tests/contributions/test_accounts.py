"""What kind an account is: by rule, unless an officer decided; and its months are recomputed either way."""

import datetime

import pytest

from contributions.actions.accounts import fix_kind, register_accounts
from contributions.actions.contributions import store
from contributions.actions.rollups import recompute_stale
from contributions.bots import seen
from contributions.found import ArtifactKey, Found, FoundAccount, FoundArtifact, FoundContribution
from contributions.models import Account, Rollup
from mission.errors import Refused
from mission.models import AuditEntry, Role
from tests.world import person

pytestmark = pytest.mark.django_db
KEY = ArtifactKey("github", "repository", "1")
WHEN = datetime.datetime(2025, 3, 10, 12, tzinfo=datetime.UTC)


def came_in(found: FoundAccount) -> Account:
    return register_accounts(found=[found])[found.key]


def change_by(found: FoundAccount, number: int = 1) -> None:
    store(
        found=Found(
            artifacts=(FoundArtifact(KEY, "kaveri/tools", "https://github.com/kaveri/tools", WHEN, found),),
            contributions=(
                FoundContribution(
                    f"github:pull:{number}", "merged_change", KEY, found, WHEN, "https://github.com/kaveri/x"
                ),
            ),
        )
    )


def test_an_account_comes_in_with_its_kind_and_the_rule_for_it() -> None:
    bot = came_in(seen("github", "1", "dependabot[bot]", "Bot"))
    assert (bot.kind, bot.kind_rule) == ("bot", "service:dependabot")
    asha = came_in(seen("github", "2", "asha", "User", "Asha"))
    assert (asha.kind, asha.kind_rule, asha.name) == ("person", "", "Asha")


def test_an_account_that_turns_out_to_be_a_machine_has_its_months_recomputed() -> None:
    change_by(FoundAccount("github", "1", "kaveri-bot", "person"))
    recompute_stale()
    assert not Rollup.objects.stale().exists()
    came_in(seen("github", "1", "kaveri-bot", "User"))
    assert Rollup.objects.stale().filter(metric="merged_change", month=datetime.date(2025, 3, 1)).exists()


def test_a_sync_never_overrides_what_an_officer_decided() -> None:
    officer = person("officer", Role.OFFICER)
    bot = came_in(seen("github", "1", "ta-bot", "User"))
    fix_kind(actor=officer, account=bot, kind="person", reason="Her name is Ta Bot; she wrote to us.")
    again = came_in(seen("github", "1", "ta-bot2", "Bot"))
    assert (again.login, again.kind, again.kind_fixed) == ("ta-bot2", "person", True)
    assert again.kind_rule == "officer: Her name is Ta Bot; she wrote to us."
    assert Account.objects.get().kind == "person"
    entry = AuditEntry.objects.about(bot).get(verb="account.kind_fixed")
    assert entry.actor == officer
    assert entry.facts["before"]["kind"] == "bot"


def test_a_kind_decided_by_an_officer_makes_the_months_stale() -> None:
    change_by(seen("github", "1", "build-bot", "User"))
    recompute_stale()
    fix_kind(
        actor=person("officer", Role.OFFICER), account=Account.objects.get(), kind="person", reason="A name"
    )
    assert Rollup.objects.stale().filter(metric="merged_change").exists()


def test_a_kind_is_not_decided_without_a_reason() -> None:
    account = came_in(seen("github", "1", "asha", "User"))
    officer = person("officer", Role.OFFICER)
    with pytest.raises(Refused, match="Say why") as refused:
        fix_kind(actor=officer, account=account, kind="bot", reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="Choose what"):
        fix_kind(actor=officer, account=account, kind="robot", reason="It is one")
