"""/account/accounts/: a person's own accounts, and their dated, revocable word about where they belong."""

import datetime
from typing import Any

import pytest
from allauth.socialaccount.adapter import get_adapter
from django.test import Client

from contributions.actions.attribution import affiliate
from contributions.actions.identities import merge
from contributions.models import Account, Affiliation, IdentityOperation
from mission.models import Role, User
from tests.contributions.test_attribution import change, shares
from tests.contributions.test_identities import account, connect, owned
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db
PAGE = "/account/accounts/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def declared(client: Client, of: Account, **said: str) -> Any:
    fields = {"organisation": "", "nation": "", "valid_from": "", "valid_to": ""} | said
    return client.post(
        f"{PAGE}{of.pk}/declare/", {f"a{of.pk}-{name}": value for name, value in fields.items()}
    )


def test_connecting_an_account_leads_to_the_page_that_claims_it(rf: Any) -> None:
    assert get_adapter().get_connect_redirect_url(rf.get("/"), None) == PAGE


def test_what_one_signed_in_with_is_claimed_by_one_press() -> None:
    asha = person("asha")
    connect(asha, "1", "asha-1")
    client = signed_in(asha)
    assert "have not said yet that they are yours" in text(client.get(PAGE))
    assert not IdentityOperation.objects.exists()  # looking claims nothing
    page = text(client.post(f"{PAGE}claim/", follow=True))
    assert "asha-1 (GitHub) is yours." in page
    assert "Declare where you belong" in page


def test_what_somebody_else_claimed_is_told_on_the_page() -> None:
    asha, ravi = person("asha"), person("ravi")
    owned(asha, 1)
    asha.socialaccount_set.all().delete()
    connect(ravi, "1", "asha-1")
    assert "Somebody else has claimed asha-1" in text(signed_in(ravi).post(f"{PAGE}claim/", follow=True))


def test_a_nation_is_declared_ended_and_taken_back_and_the_past_follows() -> None:
    nation("IN")
    asha = person("asha")
    mine = owned(asha, 1)
    act = change(mine, 3)
    client = signed_in(asha)
    assert declared(client, mine, nation="IN", valid_from="2025-01-01").status_code == 302
    assert {code for code, _share, _grade in shares(act)} == {"IN"}
    said = Affiliation.objects.get()
    assert (said.grade, said.method, said.recorded_by) == ("A", "self_declared", asha)
    page = f"/account/affiliations/{said.pk}/"
    assert client.post(page, {"valid_to": "2024-01-01"}).status_code == 422
    client.post(page, {"valid_to": "2025-02-01"})
    assert {code for code, _share, _grade in shares(act)} == {None}
    client.post(page, {"revoke": "1"})
    said.refresh_from_db()
    assert said.revoked_at is not None
    assert "Taken back on" in text(client.get(PAGE))
    assert client.get(page).status_code == 404  # nothing is left to end


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost() -> None:
    asha = person("asha")
    mine = owned(asha, 1)
    answer = declared(signed_in(asha), mine, organisation="No such place", valid_from="2025-01-01")
    assert answer.status_code == 422
    assert "No organisation of this name is known here" in text(answer)
    assert 'value="No such place"' in text(answer)
    assert 'value="2025-01-01"' in text(answer)


def test_everything_others_recorded_is_seen_with_its_source_and_can_be_contested() -> None:
    asha, officer = person("asha"), person("officer", Role.OFFICER)
    mine = owned(asha, 1)
    affiliate(
        actor=officer, account=mine, organisation=organisation(officer, "Kaveri"), method="officer",
        grade="D",
        valid_from=datetime.date(2025, 1, 1), source_url="https://kaveri.example/team",
    )  # fmt: skip
    merge(actor=officer, accounts=[mine, account(2, "asha-two")], reason="One page links both")
    Affiliation.objects.update(id=12345)  # an address has no 12,345 in it
    page = text(signed_in(asha).get(PAGE))
    assert "https://kaveri.example/team" in page
    assert "about=affiliation:12345" in page
    assert "asha-two (GitHub)" in page
    assert "Not mine: contest it" in page


def test_nobody_touches_the_accounts_of_others() -> None:
    asha, ravi = person("asha"), person("ravi")
    mine = owned(asha, 1)
    said = affiliate(
        actor=asha, account=mine, nation=nation("IN"), valid_from=datetime.date(2025, 1, 1),
        method="self_declared", grade="A",
    )  # fmt: skip
    client = signed_in(ravi)
    assert client.get(f"/account/affiliations/{said.pk}/").status_code == 404
    assert client.post(f"/account/affiliations/{said.pk}/", {"revoke": "1"}).status_code == 404
    assert client.get(f"{PAGE}{mine.pk}/give-up/").status_code == 404
    assert declared(client, mine, nation="IN", valid_from="2025-01-01").status_code == 404
    assert "asha-1" not in text(client.get(PAGE))
    assert Client().get(PAGE).status_code == 302


def test_giving_up_asks_first() -> None:
    asha = person("asha")
    mine = owned(asha, 1)
    client = signed_in(asha)
    assert "Give up asha-1" in text(client.get(f"{PAGE}{mine.pk}/give-up/"))
    client.post(f"{PAGE}{mine.pk}/give-up/")
    assert Account.objects.get(pk=mine.pk).identity is None


def test_the_page_has_a_budget_that_accounts_do_not_raise(django_assert_max_num_queries: Any) -> None:
    asha = person("asha")
    nation("IN")
    for number in range(6):
        mine = owned(asha, number + 1)
        affiliate(
            actor=asha, account=mine, nation=nation("IN"), valid_from=datetime.date(2025, 1, 1),
            method="self_declared", grade="A",
        )  # fmt: skip
    client = signed_in(asha)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
