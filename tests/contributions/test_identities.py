"""Whose accounts they are: proved by signing in, merged and split with a reason, logged for good."""

import datetime
import threading
from collections.abc import Callable

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import DatabaseError, connection, transaction

from contributions.actions.accounts import register_account
from contributions.actions.attribution import affiliate, revoke_affiliation
from contributions.actions.identities import claim, claim_connected, merge, release, reverse, split
from contributions.actions.rollups import recompute_stale
from contributions.models import Account, Affiliation, Identity, IdentityOperation, Rollup
from contributions.models.identities import claimed_by, owner_of
from mission.errors import Refused
from mission.models import Role, User
from tests.contributions.test_attribution import change
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 1)


def account(number: int, login: str = "", platform: str = "github", kind: str = "person") -> Account:
    return register_account(
        actor=None, platform=platform, platform_id=str(number), login=login or f"asha-{number}", kind=kind
    )


def connect(user: User, uid: str, login: str, provider: str = "github") -> SocialAccount:
    """As allauth leaves it when somebody has signed in there."""
    said = {"login": login} if provider == "github" else {"userinfo": {"preferred_username": login}}
    return SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data=said)


def owned(user: User, number: int) -> Account:
    made = account(number)
    connect(user, str(number), made.login)
    claim(actor=user, account=made)
    return made


def moves(of: Account) -> list[str]:
    return list(of.operations.order_by("pk").values_list("kind", flat=True))


def test_an_account_is_claimed_by_whoever_signed_in_there_once() -> None:
    asha, mine = person("asha"), account(1)
    with pytest.raises(Refused, match="Sign in there first"):
        claim(actor=asha, account=mine)
    connect(asha, "1", "asha-1")
    assert claim(actor=asha, account=mine) == claim(actor=asha, account=mine)
    assert moves(mine) == ["claim"]
    assert owner_of(mine) == asha
    assert list(claimed_by(asha)) == [mine]


def test_accounts_no_sync_has_seen_come_in_with_the_claim() -> None:
    asha = person("asha")
    connect(asha, "77", "asha")
    connect(asha, "64ab", "Asha-K", provider="huggingface")
    connect(asha, "9", "asha@ministry.example", provider="national-id")  # proves nothing about a platform
    claimed, refused = claim_connected(actor=asha)
    assert refused == []
    assert {(each.platform, each.platform_id, each.login) for each in claimed} == {
        ("github", "77", "asha"),
        ("huggingface", "64ab", "Asha-K"),
    }
    assert Identity.objects.get().user == asha
    assert claim_connected(actor=asha) == ([], [])


def test_an_account_the_hub_named_without_its_id_is_found_by_its_name() -> None:
    asha = person("asha")
    known = register_account(
        actor=None, platform="huggingface", platform_id="name:asha-k", login="Asha-K", kind="person"
    )
    connect(asha, "64ab", "Asha-K", provider="huggingface")
    assert claim_connected(actor=asha)[0] == [known]


def test_what_somebody_else_claimed_is_refused_in_a_sentence() -> None:
    asha, ravi = person("asha"), person("ravi")
    mine = owned(asha, 1)
    SocialAccount.objects.filter(user=asha).delete()  # she removed the connection, and kept the claim
    connect(ravi, "1", "asha-1")
    with pytest.raises(Refused, match="Somebody else has claimed") as refused:
        claim(actor=ravi, account=mine)
    assert refused.value.code == "claimed_by_another"
    claimed, troubles = claim_connected(actor=ravi)
    assert (claimed, len(troubles)) == ([], 1)
    assert owner_of(mine) == asha


def test_giving_up_an_account_takes_back_what_was_declared_for_it() -> None:
    asha = person("asha")
    mine = owned(asha, 1)
    declared = affiliate(
        actor=asha, account=mine, nation=nation("IN"), valid_from=DAY, method="self_declared", grade="A"
    )
    release(actor=asha, account=mine)
    declared.refresh_from_db()
    assert declared.revoked_at is not None
    assert owner_of(mine) is None
    assert Account.objects.get(pk=mine.pk).identity is None
    with pytest.raises(Refused, match="not claimed"):
        release(actor=asha, account=mine)


def test_only_the_owner_declares_with_grade_a() -> None:
    asha, ravi = person("asha"), person("ravi")
    mine, other = owned(asha, 1), account(2)
    merge(actor=person("officer", Role.OFFICER), accounts=[mine, other], reason="Both name each other")
    for who, of in ((ravi, mine), (asha, other)):  # nor for what an officer merged with one's own
        with pytest.raises(Refused, match="Claim this account first"):
            affiliate(
                actor=who, account=of, nation=nation(), valid_from=DAY, method="self_declared", grade="A"
            )
    assert not Affiliation.objects.exists()


def test_what_others_enter_of_a_person_has_a_source_and_the_owner_has_the_last_word() -> None:
    asha, officer = person("asha"), person("officer", Role.OFFICER)
    mine, kaveri = owned(asha, 1), organisation(officer, "Kaveri")
    entered = {"actor": officer, "account": mine, "organisation": kaveri, "method": "officer", "grade": "D"}
    with pytest.raises(Refused, match="Give the address") as refused:
        affiliate(**entered, valid_from=DAY)
    assert refused.value.field == "source_url"
    made = affiliate(**entered, valid_from=DAY, source_url="https://kaveri.example/team")
    revoke_affiliation(actor=asha, affiliation=made)
    with pytest.raises(Refused, match="took that back"):
        affiliate(**entered, valid_from=DAY, source_url="https://kaveri.example/team")


def test_merging_joins_everybody_behind_the_accounts_and_counts_them_as_one() -> None:
    officer = person("officer", Role.OFFICER)
    one, two, three, four = (account(number) for number in (1, 2, 3, 4))
    for number, who in enumerate((one, two, three, four), 1):
        change(who, 3, number)
    merge(actor=officer, accounts=[one, two], reason="Same key signs both")
    merge(actor=officer, accounts=[three, four], reason="Same key signs both")
    recompute_stale()
    merge(actor=officer, accounts=[two, three], reason="A page links all four")
    assert len(set(Account.objects.values_list("identity", flat=True))) == 1
    stale = Rollup.objects.stale().values_list("metric", "month")
    assert ("active_contributors", datetime.date(2025, 3, 1)) in set(stale)


def test_two_people_are_never_merged_into_one_nor_machines_into_people() -> None:
    officer = person("officer", Role.OFFICER)
    asha, ravi = owned(person("asha"), 1), owned(person("ravi"), 2)
    with pytest.raises(Refused, match="cannot be one"):
        merge(actor=officer, accounts=[asha, ravi], reason="They look alike")
    with pytest.raises(Refused, match="not a person's"):
        merge(actor=officer, accounts=[asha, account(3, kind="bot")], reason="It is hers")
    with pytest.raises(Refused, match="at least two"):
        merge(actor=officer, accounts=[asha, asha], reason="Twice the same")
    with pytest.raises(Refused, match="Say why"):
        merge(actor=officer, accounts=[asha, account(4)], reason=" ")


def test_a_claim_keeps_what_officers_merged_and_takes_back_what_they_gave_to_somebody_else() -> None:
    officer, asha, ravi = person("officer", Role.OFFICER), person("asha"), person("ravi")
    one, two = account(1), account(2)
    merge(actor=officer, accounts=[one, two], reason="One page links both")
    connect(asha, "1", "asha-1")
    claim(actor=asha, account=one)
    assert Account.objects.get(pk=two.pk).identity == Identity.objects.get(user=asha)
    connect(ravi, "2", "asha-2")
    claim(actor=ravi, account=two)  # his sign-in is stronger than an officer's guess
    assert (owner_of(one), owner_of(two)) == (asha, ravi)


def test_a_merge_and_a_split_are_undone_by_their_entry_once() -> None:
    officer = person("officer", Role.OFFICER)
    one, two = account(1), account(2)
    first, second = merge(actor=officer, accounts=[one, two], reason="Same page")
    reverse(actor=officer, operation=second, reason="Another Asha")
    assert Account.objects.get(pk=two.pk).identity is None
    with pytest.raises(Refused, match="reversed before"):
        reverse(actor=officer, operation=second, reason="Again")
    split(actor=officer, account=one, reason="Alone now")
    with pytest.raises(Refused, match="moved again"):
        reverse(actor=officer, operation=first, reason="Too late")
    with pytest.raises(Refused, match="stands alone"):
        split(actor=officer, account=one, reason="Twice")
    assert moves(one) == ["merge", "split"]
    assert moves(two) == ["merge", "split"]
    asha = person("asha")
    claimed = owned(asha, 3).operations.get()
    with pytest.raises(Refused, match="only they undo"):
        reverse(actor=officer, operation=claimed, reason="I know better")


def test_the_log_of_identities_cannot_be_changed() -> None:
    entry = merge(
        actor=person("officer", Role.OFFICER), accounts=[account(1), account(2)], reason="Same page"
    )[0]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        IdentityOperation.objects.filter(pk=entry.pk).update(reason="Something else")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        IdentityOperation.objects.filter(pk=entry.pk).delete()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """All of them in threads of their own: what each was refused with, or nothing."""
    told: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
            told.append("")
        except Refused as refused:
            told.append(refused.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
def test_two_officers_merging_at_once_write_the_log_once() -> None:
    first, second = person("officer", Role.OFFICER), person("officer2", Role.OFFICER)
    one, two = account(1), account(2)
    told = at_once(
        lambda: merge(actor=first, accounts=[one, two], reason="Same page"),
        lambda: merge(actor=second, accounts=[two, one], reason="Same page"),
    )
    assert told[0] == ""
    assert "together already" in told[1]
    assert IdentityOperation.objects.count() == 2  # one for each account, by one officer
    assert Identity.objects.count() == 1
