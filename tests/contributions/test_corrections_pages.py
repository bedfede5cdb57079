"""Contesting from a page; the public log; what is never told."""

import pytest
from django.core.cache import cache
from django.test import Client

from contributions.actions.accounts import register_accounts
from contributions.actions.corrections import decide
from contributions.bots import seen
from contributions.correction_changes import FixKind
from contributions.models import Correction
from mission.models import Role
from tests.contributions.test_attribution import author, change
from tests.contributions.test_corrections import filed
from tests.world import nation, person

pytestmark = pytest.mark.django_db
NEW = "/corrections/new/"
TYPED = {"text": "It says 12; it should be 13.", "evidence_url": "", "email": ""}


@pytest.fixture(autouse=True)
def _nobody_has_filed() -> None:
    cache.clear()


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_a_figure_leads_to_the_form_and_the_form_says_what_it_is_about(client: Client) -> None:
    nation("IN")
    page = text(client.get("/methods/"))
    assert f'href="{NEW}?about=%2Fmethods%2F%23metrics"' in page
    form = text(client.get(NEW, {"about": "/numbers/merged_change/IN/2025-03/"}))
    assert "Merged changes, India, March 2025" in form


def test_anybody_files_and_gets_a_reference_where_they_can_look(client: Client) -> None:
    answer = client.post(NEW, {**TYPED, "about": "/compare/#ranking"}, follow=True)
    made = Correction.objects.get()
    assert answer.redirect_chain == [(f"/corrections/{made.reference}/", 302)]
    assert f"Its reference is {made.reference}" in text(answer)
    assert (made.page, made.filed_by) == ("/compare/#ranking", None)
    assert "it should be 13" not in text(answer)


def test_what_was_typed_stays_when_something_is_missing(client: Client) -> None:
    answer = client.post(
        NEW, {"about": "/compare/", "text": "", "email": "ravi@example.org", "evidence_url": "x y"}
    )
    assert answer.status_code == 422
    assert 'value="ravi@example.org"' in text(answer)
    assert 'value="/compare/"' in text(answer)
    assert not Correction.objects.exists()


def test_an_address_files_five_in_an_hour_and_loses_nothing_by_the_sixth(client: Client) -> None:
    for _number in range(5):
        assert client.post(NEW, TYPED).status_code == 302
    sixth = client.post(NEW, TYPED)
    assert sixth.status_code == 429
    assert "5 corrections came from your address" in text(sixth)
    assert "It says 12; it should be 13." in text(sixth)
    assert Correction.objects.count() == 5
    assert Client(REMOTE_ADDR="192.0.2.7").post(NEW, TYPED).status_code == 302


def test_filing_needs_a_token_and_no_account() -> None:
    assert Client(enforce_csrf_checks=True).post(NEW, TYPED).status_code == 403


def test_the_log_tells_what_was_decided_and_never_what_somebody_wrote(client: Client) -> None:
    robot = author(3)
    done, waits = filed(f"account:{robot.pk}", email="ravi@example.org"), filed("/compare/")
    decide(
        actor=person("officer", Role.OFFICER), correction=done, accept=True,
        public_summary="It posts build results only.", changes=[FixKind(robot, "bot")],
    )  # fmt: skip
    for path in ("/corrections/", f"/corrections/{done.reference}/", f"/corrections/{waits.reference}/"):
        for wanted in ("html", "csv", "json"):
            page = text(client.get(path, {"format": wanted}))
            assert "it should be 13" not in page, path
            assert "ravi@example.org" not in page, path
            assert "Officer" not in page, path
    log = text(client.get("/corrections/"))
    assert "It posts build results only." in log
    assert "The kind of an account: Person, now Bot." in log
    assert "The page /compare/" in log
    assert waits.reference not in log
    assert client.get("/corrections/COR-1999-0001/").status_code == 404


def test_the_log_has_a_budget_that_rows_do_not_raise(
    client: Client, django_assert_max_num_queries: object
) -> None:
    officer = person("officer", Role.OFFICER)
    for _number in range(12):
        decide(actor=officer, correction=filed(), accept=False, public_summary="The source says 12.")
        filed("/compare/")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        client.get("/corrections/")


def test_machines_are_listed_with_their_rule_and_what_they_leave_out(client: Client) -> None:
    robot = register_accounts(found=[seen("github", "9", "dependabot[bot]", "Bot")])["github", "9"]
    author(1)
    change(robot, 3)
    Client()
    page = text(client.get("/bots/"))
    assert "dependabot[bot]" in page
    assert "Known service account: Dependabot." in page
    assert f"/corrections/new/?about=account:{robot.pk}" in page
    assert "asha-1" not in page
    data = client.get("/bots/?format=json").json()["figures"][0]["rows"]
    assert [row["account"] for row in data] == ["dependabot[bot]"]
    assert data[0]["rule_url"].startswith("https://")
    assert text(client.get("/bots/?q=nobody")).count("dependabot[bot]") == 0
    assert client.get("/bots/?kind=person").status_code == 400


def test_the_list_of_machines_counts_two_years_in_one_query(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(60):
        robot = register_accounts(found=[seen("github", f"{number}", f"app-{number}[bot]", "Bot")])
        change(next(iter(robot.values())), 3, number)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        page = text(client.get("/bots/"))
    assert page.count("about=account:") == 50
    assert "app-9[bot]" in text(client.get("/bots/?page=2"))
