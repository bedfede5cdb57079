"""The register: filters combine, an award tells what came of it, and nobody is found by their name."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contributions.actions.accounts import register_account
from contributions.actions.attribution import affiliate
from contributions.found import FoundLink
from contributions.models import Grade, Method, Reading
from dashboards.stamp import forget
from grants.models import Award, Call, Deliverable
from grants.models.gpu_time import gpu_ms
from mission.models import Organisation, Role
from mission.models.organisations import OrganisationType
from tests.dashboards.pages import as_json, figures_of, words
from tests.grants.test_appeals import client_of
from tests.grants.world import award, draft_call, gpus, open_call, reviewed, startup, submitted
from tests.public.test_catalogue import publish
from tests.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def given() -> Award:
    officer = person("officer", Role.OFFICER)
    gpus(officer)
    founder, of = startup()
    application = reviewed(officer, submitted(founder, open_call(officer), of))
    return award(
        actor=officer, application=application, gpu_ms=gpu_ms(500), reason="Best score of the round."
    )


def found(client: Client, asked: str) -> int:
    return len(as_json(client, f"/awards/?{asked}")["figures"][0]["rows"])


def figures(client: Client, of: Award) -> dict[str, Any]:
    return {one["figure"]: one for one in as_json(client, of.get_absolute_url())["figures"]}


def test_filters_combine(client: Client, given: Award) -> None:
    year, code = given.awarded_at.year, given.nation_id
    kind = given.organisation.type
    asked = f"q=marathi&nation={code}&programme=compute&year={year}&status=active&recipient={kind}"
    assert found(client, asked) == 1
    for other in (
        "programme=fellowship",
        "status=completed",
        f"recipient={OrganisationType.INDIVIDUAL.value}",
    ):
        assert found(client, other) == 0
    assert "No award matches" in words(client.get("/awards/?status=completed"))


def test_organisations_are_found_by_name_and_people_are_not(client: Client, given: Award) -> None:
    assert found(client, "q=kaveri") == 1
    Organisation.objects.filter(pk=given.organisation_id).update(type=OrganisationType.INDIVIDUAL)
    forget()  # changed behind the program's back, which leaves an entry for every change
    assert found(client, "q=kaveri") == 0
    assert found(client, "q=marathi") == 1


PUBLIC = (
    "/awards/",
    "/awards/?format=csv&figure=awards",
    "/awards/?format=json",
    "/awards/?recipient=individual",
    "/ar/awards/",
    "/awards/{reference}/",
    "/awards/{reference}/?format=csv&figure=award",
    "/awards/{reference}/?format=json",
    "/api/awards/",
    "/api/awards/{reference}/",
    "/search/?q=marathi",
    "/nations/IN/",
    "/nations/IN/?format=json",
    "/feeds/awards.atom",
)


def test_an_individual_is_named_to_nobody_who_reads_the_register(client: Client, given: Award) -> None:
    """Not to a visitor, not to another applicant, not even to the Mission where the page is public."""
    Organisation.objects.filter(pk=given.organisation_id).update(
        type=OrganisationType.INDIVIDUAL, name="Vasudha Kelkar"
    )
    readers = [client, client_of(person("stranger")), client_of(person("desk", Role.OFFICER))]
    told = set()
    for reader in readers:
        for path in PUBLIC:
            answer = reader.get(path.format(reference=given.reference))
            text = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
            assert answer.status_code == 200, path
            assert b"Kelkar" not in text, path
            told |= {path} if b"n individual" in text else set()
    assert told >= {"/awards/", "/awards/?format=json", "/awards/{reference}/", "/api/awards/"}
    assert found(client, "q=kelkar") == 0
    as_api = client.get(f"/api/awards/{given.reference}/").json()
    assert (as_api["organisation"], as_api["organisation_type"]) == ("An individual", "individual")


def test_an_organisation_is_named(client: Client, given: Award) -> None:
    name = given.organisation.name
    assert name in words(client.get("/awards/"))
    assert name in words(client.get(given.get_absolute_url()))
    assert client.get(f"/api/awards/{given.reference}/").json()["organisation"] == name


def test_of_money_an_award_tells_where_some_is_given(client: Client, given: Award) -> None:
    Award.objects.filter(pk=given.pk).update(money=1500, currency="EUR")
    assert "Currency EUR Money 1,500" in words(client.get(given.get_absolute_url()))


def test_of_money_an_award_of_compute_alone_tells_nothing(client: Client, given: Award) -> None:
    page = words(client.get(given.get_absolute_url()))
    assert "GPU-hours granted 500" in page
    assert "Money" not in page
    assert "Currency" not in page
    assert figures(client, given)["award"]["rows"][0]["money"]["value"] == 0


def test_an_award_tells_what_was_published_since_and_who_builds_on_it(client: Client, given: Award) -> None:
    account = register_account(
        actor=None, platform="huggingface", platform_id="kaveri", login="kaveri", kind="organisation"
    )
    affiliate(
        actor=None, account=account, organisation=given.organisation, valid_from=datetime.date(2024, 1, 1),
        method=Method.REGISTRY, grade=Grade.B,
    )  # fmt: skip
    Award.objects.filter(pk=given.pk).update(awarded_at=datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC))
    assert figures(client, given)["produced"]["rows"] == []
    base = publish("base")
    Deliverable.objects.filter(award=given).update(evidence_url=base.url)
    publish("child", by="nilgiri", links=(FoundLink("finetune", "model", "kaveri/base"),))
    publish("mine", by="asha", who="person", links=(FoundLink("finetune", "model", "kaveri/base"),))
    publish("own", links=(FoundLink("finetune", "model", "kaveri/base"),))
    told = figures(client, given)
    handed_in = {row["name"]: row["handed_in"] for row in told["produced"]["rows"]}
    assert handed_in == {"kaveri/base": "A Marathi speech model", "kaveri/own": ""}
    built = {row["who"]: row["built"]["value"] for row in told["builders"]["rows"]}
    assert built == {"nilgiri": 1, "People, taken together": 1}
    assert "asha" not in client.get(given.get_absolute_url()).content.decode().split('id="builders"')[1]


def test_of_an_award_to_a_person_nothing_is_gathered(client: Client, given: Award) -> None:
    Organisation.objects.filter(pk=given.organisation_id).update(type=OrganisationType.INDIVIDUAL)
    assert "produced" not in figures(client, given)


def test_readings_tell_the_median_and_a_spike(client: Client, given: Award) -> None:
    model = publish("m")
    today = timezone.localdate()

    def readings() -> Any:
        return as_json(client, f"{model.get_absolute_url()}?figure=readings")["figures"][0]

    for day, downloads in enumerate((10, 12, 14)):
        Reading.objects.create(artifact=model, day=today - datetime.timedelta(9 - day), downloads=downloads)
    assert "a median of 12 downloads" in readings()["title"]
    assert not readings()["sentence"]
    Reading.objects.create(artifact=model, day=today, downloads=500)
    assert readings()["sentence"].startswith("Spike:")
    shown = dict(figures_of(client.get(model.get_absolute_url())))["readings"]
    assert "<table" not in shown.split("<details>")[0], "of ninety days the table is folded away"


def test_every_public_part_is_one_step_away(client: Client, db: None) -> None:
    page = client.get("/privacy/").content.decode()
    row = page.split('<nav aria-label="Main">')[1].split("</nav>")[0]
    parts = ("nations", "indicators", "languages", "commons", "calls", "awards", "compute", "data")
    assert re.findall(r'href="/(\w+)/"', row) == list(parts)


def test_calls_are_filtered_and_a_draft_never_shows(client: Client, given: Award) -> None:
    call = given.application.call
    draft_call(person("other", Role.OFFICER), title="Still a draft", slug="still-a-draft")

    def shown(asked: str) -> set[str]:
        return {row["title"] for row in client.get(f"/calls/?{asked}&format=json").json()["calls"]}

    assert shown("") == shown("phase=open&kind=compute&who=organisations&gives=hours") == {call.title}
    for other in ("phase=closed", "kind=fellowship", "who=individuals", "gives=money", "gives=listing"):
        assert shown(other) == set()
    assert "No call matches" in words(client.get("/calls/?phase=upcoming"))
    wrong = client.get("/calls/?phase=draft")
    assert wrong.status_code == 400
    assert "There is a problem" in words(wrong)
    assert client.get("/calls/?phase=draft&format=json").status_code == 400


def test_calls_stand_fifty_to_a_page_and_all_of_them_in_the_data(client: Client, given: Award) -> None:
    call, many = given.application.call, 60
    later = [
        Call(programme=call.programme, slug=f"later-{n:02}", title=f"Later {n:02}", status="published",
             opens_at=call.closes_at, closes_at=call.closes_at + datetime.timedelta(days=n + 1))
        for n in range(many)
    ]  # fmt: skip
    Call.objects.bulk_create(later)
    pages = [words(client.get(f"/calls/?page={n}")) for n in (1, 2)]
    shown = [{n for n in range(many) if f"Later {n:02}" in page} for page in pages]
    assert shown == [{*range(49)}, {*range(49, many)}], "the open one stands before them"
    assert [client.get(f"/calls/?page={n}").status_code for n in ("3", "0", "x", "1.0")] == [404] * 4
    rows = client.get("/calls/?format=json").json()["calls"]
    assert len(rows) == client.get("/calls/?format=csv").content.count(b"\r\n") - 1 == many + 1
    following = client.get("/calls/?phase=upcoming").content.decode()
    assert 'href="?phase=upcoming&amp;page=2"' in following, "what was asked for stays"
