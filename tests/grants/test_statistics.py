"""Officers' statistics: numbers, amounts and times, honest about small numbers, the same in CSV and JSON."""

import csv
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from grants.models import Application, Award, Passage
from grants.models.gpu_time import gpu_ms
from grants.models.searching import at_the_desk
from grants.models.statistics import tables, times
from mission.models import Membership, Role, User
from tests.grants.world import officer, open_call
from tests.grants.world_living import many, passed
from tests.world import person

pytestmark = pytest.mark.django_db
PAGE = "/desk/statistics/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counts(user: User, key: str) -> dict[str, int]:
    return {
        line.name: line.total
        for table in tables(at_the_desk(user))
        if table.key == key
        for line in table.lines
    }


def award(application: Application, by: User, number: int, **more: Any) -> Award:
    return Award.objects.create(
        reference=f"OSAI-2026-{number:04d}",
        application=application,
        organisation=application.organisation,
        nation=application.organisation.nation,
        title=application.title,
        awarded_by=by,
        **({"gpu_ms": gpu_ms(10)} | more),
    )


def test_each_table_counts_every_application_once() -> None:
    meera = officer()
    one, two = open_call(meera, title="One"), open_call(meera, title="Two")
    many(one, 3)
    many(two, 2, start=10, code="FR", type="research", status="declined")
    assert counts(meera, "status") == {"Submitted": 3, "Declined": 2}
    assert counts(meera, "call") == {"One": 3, "Two": 2}
    assert counts(meera, "type") == {"Startup": 3, "University or research institute": 2}
    assert sum(counts(meera, "region").values()) == 5
    assert counts(meera, "kind") == {"Compute grant": 5}


def test_amounts_are_summed_and_money_of_two_currencies_is_not_added() -> None:
    meera = officer()
    rupees = open_call(meera, title="INR", currency="INR", budget_money=Decimal(10**6))
    euros = open_call(meera, title="EUR", currency="EUR", budget_money=Decimal(10**6))
    first, second = many(rupees, 2, requested_money=Decimal("100.50"))
    third = many(euros, 1, start=9, requested_money=Decimal(7))[0]
    award(first, meera, 1, money=Decimal(60), currency="INR")
    award(third, meera, 2, money=Decimal(5), currency="EUR")
    line = tables(at_the_desk(meera))[0].lines[0]
    assert (line.total, line.awards) == (3, 2)
    assert line.asked_money == {"INR": Decimal(201), "EUR": Decimal(7)}
    assert line.awarded_money == {"INR": Decimal(60), "EUR": Decimal(5)}
    assert line.asked_gpu_ms == sum(a.requested_gpu_ms for a in (first, second, third))
    assert line.awarded_gpu_ms == 2 * gpu_ms(10)


def test_times_come_from_the_passages_and_few_say_nothing() -> None:
    meera = officer()
    rows = many(open_call(meera), 10)
    for n, row in enumerate(rows[:4]):
        passed(row, "panel", days=n + 1)
    found = {time.status: time for time in times(at_the_desk(meera))}
    assert (found["panel"].finished, found["panel"].median, found["panel"].ninetieth) == (4, None, None)
    assert (found["submitted"].finished, found["submitted"].now) == (0, 10)
    for n, row in enumerate(rows[4:9]):
        passed(row, "panel", days=n + 5)
    found = {time.status: time for time in times(at_the_desk(meera))}
    assert (found["panel"].finished, found["panel"].median, found["panel"].ninetieth) == (9, 5.0, None)
    passed(rows[9], "panel", days=10)
    found = {time.status: time for time in times(at_the_desk(meera))}
    assert found["panel"].ninetieth == 9.1
    assert "too few" in client_of(meera).get(PAGE).content.decode()


def test_time_as_a_draft_is_the_applicants_own_business() -> None:
    meera = officer()
    row = many(open_call(meera), 1)[0]
    passed(row, "draft", days=3)
    assert "draft" not in {time.status for time in times(at_the_desk(meera))}
    assert Passage.objects.filter(status="draft").exists()


def test_call_programme_and_year_narrow_every_number() -> None:
    meera = officer()
    one, two = open_call(meera, title="One"), open_call(meera, title="Two")
    old = many(one, 3)[0]
    many(two, 2, start=10)
    Application.objects.filter(pk=old.pk).update(submitted_at="2020-05-01T10:00Z")
    client = client_of(meera)

    def total(query: str) -> int:
        rows = json.loads(client.get(f"{PAGE}?{query}&format=json").content)["statistics"]
        return sum(row["applications"] for row in rows if row["by"] == "status")

    assert total("") == 5
    assert total(f"call={one.slug}") == 3
    assert total("year=2020") == 1
    assert total("kind=compute") == 5
    assert total("kind=dataset") == 0
    assert client.get(f"{PAGE}?year=1066").status_code == 422


def test_page_csv_and_json_say_the_same() -> None:
    meera = officer()
    many(open_call(meera), 3)
    client = client_of(meera)
    as_json = json.loads(client.get(f"{PAGE}?format=json").content)["statistics"]
    as_csv = list(csv.DictReader(client.get(f"{PAGE}?format=csv").content.decode().splitlines()))
    assert [row["group"] for row in as_json] == [row["group"] for row in as_csv]
    assert as_json[0]["gpu_hours_asked"] == 303.0
    assert 'data-label="GPU-hours asked for">303<' in client.get(PAGE).content.decode()
    assert {row["by"] for row in as_json} == {"status", "region", "type", "kind", "call", "time"}


def test_an_officers_own_organisation_is_not_in_their_numbers() -> None:
    meera = officer()
    row = many(open_call(meera), 2)[0]
    past = {"since": "2020-01-01", "until": "2021-01-01"}
    Membership.objects.create(user=meera, organisation=row.organisation, **past)
    assert counts(meera, "status") == {"Submitted": 1}


def test_statistics_are_for_the_desk() -> None:
    for user in (person("asha"), person("ravi", Role.REVIEWER)):
        assert client_of(user).get(PAGE).status_code == 404
    assert client_of(person("finance", Role.FINANCE)).get(PAGE).status_code == 200
    assert "Nothing to count yet" in client_of(officer()).get(PAGE).content.decode()


def test_the_page_asks_the_database_as_often_for_300_as_for_3(django_assert_max_num_queries: Any) -> None:
    meera = officer()
    call, client, asked_of = open_call(meera), client_of(meera), []
    for start, count in ((0, 3), (10, 297)):
        many(call, count, start=start)
        with django_assert_max_num_queries(14) as asked:
            assert client.get(PAGE).status_code == 200
        asked_of.append(len(asked))
    assert asked_of[0] == asked_of[1], asked_of
