"""/desk/accounts/ and /desk/corrections/: what officers do, what others only read."""

from typing import Any

import pytest

from contributions.models import Account, Affiliation, Correction
from mission.models import Role
from tests.contributions.test_attribution import repository, self_declared
from tests.contributions.test_corrections import SOURCE, filed
from tests.contributions.test_identities import account, moves
from tests.contributions.test_own_accounts import signed_in, text
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db
DESK = "/desk/accounts/"


def test_accounts_are_found_by_name_platform_kind_and_whose_they_are() -> None:
    asha, _robot = account(1, "asha"), account(2, "build", kind="bot")
    account(3, "asha-k", platform="huggingface")
    client = signed_in(person("auditor", Role.AUDITOR))
    assert "2 accounts" in text(client.get(DESK, {"q": "asha"}))
    assert "1 account" in text(client.get(DESK, {"q": "asha", "platform": "github"}))
    assert "build" in text(client.get(DESK, {"kind": "bot"}))
    self_declared(asha, "IN")
    assert "2 accounts" in text(client.get(DESK, {"tied": "nowhere"}))
    assert "No account fits" in text(client.get(DESK, {"tied": "merged"}))


def test_an_officer_records_ends_fixes_merges_splits_and_undoes() -> None:
    officer = person("officer", Role.OFFICER)
    client, asha, other = signed_in(officer), account(1, "asha"), account(2, "asha-two")
    organisation(officer, "Kaveri Labs")
    page = f"{DESK}{asha.pk}/"
    told = {"organisation": "kaveri labs", "valid_from": "2025-01-01", "grade": "C"}
    refused = client.post(f"{page}belong/", told)
    assert refused.status_code == 422
    assert "Give the address where that can be read." in text(refused)
    assert 'value="kaveri labs"' in text(refused)
    client.post(f"{page}belong/", told | {"source_url": SOURCE})
    made = Affiliation.objects.get()
    assert (made.method, made.grade, made.recorded_by) == ("officer", "C", officer)
    client.post(f"{page}end/", {"affiliation": made.pk, "valid_to": "2025-06-01"})
    client.post(f"{page}revoke/", {"affiliation": made.pk})
    made.refresh_from_db()
    assert made.valid_to is not None
    assert made.revoked_at is not None
    client.post(f"{page}kind/", {"kind": "agent", "reason": "It writes all day"})
    assert Account.objects.get(pk=asha.pk).kind == "agent"
    client.post(f"{page}kind/", {"kind": "person", "reason": "She told us"})
    client.post(f"{page}merge/", {"other": "github:asha-two", "reason": "One page links both"})
    client.post(f"{page}split/", {"reason": "Another Asha"})
    last = other.operations.get()
    client.post(f"{DESK}{other.pk}/undo/{last.pk}/", {"reason": "Another Asha"})
    assert (moves(asha), moves(other)) == (["merge", "split"], ["merge", "split"])
    shown = text(client.get(page))
    assert "One page links both" in shown
    assert "officer: She told us" in shown
    assert client.post(f"{page}explode/").status_code == 404


def test_others_of_the_staff_read_and_change_nothing() -> None:
    asha = account(1, "asha")
    client = signed_in(person("auditor", Role.AUDITOR))
    assert "<form" not in text(client.get(f"{DESK}{asha.pk}/")).partition("<main")[2]
    assert client.post(f"{DESK}{asha.pk}/kind/", {"kind": "bot", "reason": "x"}).status_code == 404
    reference = filed().reference
    assert "it should be 13" in text(client.get(f"/desk/corrections/{reference}/"))
    answer = client.post(f"/desk/corrections/{reference}/", {"outcome": "decline", "public_summary": "No."})
    assert "What everybody reads" not in text(answer)
    assert Correction.objects.get().waits
    assert signed_in(person("ravi")).get(f"/desk/corrections/{reference}/").status_code == 404


def test_an_officer_decides_a_correction_with_its_changes_on_one_page() -> None:
    nation("IN")
    officer, asha, tools = person("officer", Role.OFFICER), account(1, "asha"), repository()
    wrong = self_declared(asha, "IN")
    found = filed(f"affiliation:{wrong.pk}")
    client, page = signed_in(officer), f"/desk/corrections/{found.reference}/"
    assert "Page" not in text(client.get("/desk/corrections/")).partition("No correction")[0][:0]
    said = {
        "outcome": "accept", "public_summary": "It never held.", "affiliation": wrong.pk,
        "affiliation_act": "end", "account": "github:asha", "artifact": tools.name,
    }  # fmt: skip
    refused = client.post(page, said)
    assert refused.status_code == 422
    assert "Say on which day." in text(refused)
    assert "It never held." in text(refused)
    assert client.post(page, said | {"affiliation_act": "revoke", "kind": "bot"}).status_code == 302
    found.refresh_from_db()
    assert [each["change"] for each in found.changes] == ["RevokeAffiliation", "FixKind"]
    shown = text(client.get(page))
    assert "It never held." in shown
    assert "<textarea" not in shown


def test_lists_have_budgets_that_rows_do_not_raise(django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        account(number, f"asha-{number}")
        filed(f"account:{Account.objects.latest('pk').pk}")
    client = signed_in(person("officer", Role.OFFICER))
    for path, most in (
        (DESK, 8),
        (f"{DESK}{Account.objects.latest('pk').pk}/", 16),
        ("/desk/corrections/", 8),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
    with django_assert_max_num_queries(14):
        client.get(f"/desk/corrections/{Correction.objects.latest('pk').reference}/")


def test_the_desk_tells_those_who_decide_how_many_corrections_wait() -> None:
    filed()
    assert "Corrections to decide" in text(signed_in(person("officer", Role.OFFICER)).get("/desk/"))
    assert "Corrections to decide" not in text(signed_in(person("finance", Role.FINANCE)).get("/desk/"))
