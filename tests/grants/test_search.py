"""The desk's list: words and filters in the address, sorted, paged, whole as CSV."""

import csv
import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.messages import write_to_desk
from grants.models import Application, Review
from grants.models.gpu_time import gpu_ms
from grants.models.searching import at_the_desk, narrowed, ordered, page_of
from mission.models import Membership, Role, User
from tests.grants.world import draft_call, drafted, officer, open_call, startup, submitted
from tests.grants.world_living import many
from tests.world import person

pytestmark = pytest.mark.django_db
LIST = "/desk/applications/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def titles(user: User, **wanted: Any) -> list[str]:
    return [a.title for a in ordered(narrowed(at_the_desk(user), wanted), "newest")]


def shown(client: Client, query: str = "", expect: int = 200) -> str:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == expect
    return str(answer.content.decode())


def test_what_was_submitted_is_found_by_its_words_and_by_what_is_being_typed() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera)
    made = submitted(asha, call, kaveri, title="Speech for Marathi villages", summary="Recordings of elders")
    for words in ("marathi", "MARATHI speech", "marat", "speech vill", '"for marathi"', "elders", "kaveri"):
        assert titles(meera, q=words) == [made.title], words
    for words in ("tamil", "speech tamil", '"marathi speech"', "speech -marathi"):
        assert titles(meera, q=words) == [], words
    assert titles(meera, q=made.reference) == [made.title]
    assert titles(meera, q=made.reference.lower()) == [made.title]
    assert titles(meera, q=made.reference[:-1] + "2") == [] or made.reference.endswith("2")


@pytest.mark.parametrize("words", ["'", "a & b", "':*", "\\", "(", "!!", "a:*b <-> |", "%", "   "])
def test_no_words_break_the_search(words: str) -> None:
    client = client_of(officer())
    answer = client.get(LIST, {"q": words})
    assert answer.status_code == 200


def test_each_filter_narrows_and_all_together_narrow_more() -> None:
    meera = officer()
    one, two = open_call(meera, title="One"), open_call(meera, title="Two")
    many(one, 3)
    many(two, 2, start=10, code="FR", type="research", status="in_review", route="panel")
    first = {"call": one}
    assert len(titles(meera, **first)) == 3
    assert len(titles(meera, nation="FR")) == 2
    assert len(titles(meera, type="research", status="in_review", route="panel", kind="compute")) == 2
    assert titles(meera, nation="FR", **first) == []
    assert len(titles(meera, hours_from=101, hours_to=101)) == 2
    assert len(titles(meera)) == 5


def test_due_dates_and_flags_find_what_is_late_unread_or_disputed() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera)
    today = timezone.localdate()
    late, soon, calm = many(call, 3)
    for application, due in ((late, -1), (soon, 3), (calm, 40)):
        application.due_on = today + datetime.timedelta(days=due)
        application.spread = 60 if application is calm else 10
        application.save()
    Review.objects.create(
        application=soon,
        reviewer=person("ravi", Role.REVIEWER),
        assigned_by=meera,
        due_on=today - datetime.timedelta(days=1),
    )
    write_to_desk(actor=asha, application=submitted(asha, call, kaveri, title="Asks"), body="Hello?")
    assert titles(meera, due="overdue") == [late.title]
    assert titles(meera, due="week") == [soon.title]
    assert titles(meera, due="none") == ["Asks"]
    assert titles(meera, flag=["late_reviews"]) == [soon.title]
    assert titles(meera, flag=["disagreement"]) == [calm.title]
    assert titles(meera, flag=["unread"]) == ["Asks"]
    assert titles(meera, flag=["unread", "disagreement"]) == []
    page = shown(client_of(meera))
    assert 'class="tag tag--bad">Late</span>' in page
    assert "Message" in page
    assert "Review late" in page


def test_sorting_puts_what_has_no_value_last() -> None:
    meera = officer()
    low, high, none = many(open_call(meera), 3)
    Application.objects.filter(pk=low.pk).update(mean_total=40, requested_gpu_ms=gpu_ms(900))
    Application.objects.filter(pk=high.pk).update(mean_total=80)
    rows = at_the_desk(meera)
    assert list(ordered(rows, "score")) == [high, low, none]
    assert next(iter(ordered(rows, "hours"))) == low
    assert list(ordered(rows, "oldest")) == [none, high, low]
    assert list(ordered(rows, "no such order")) == [low, high, none]


def test_pages_hold_50_each_row_once_and_counting_stops_at_1000(monkeypatch: pytest.MonkeyPatch) -> None:
    meera = officer()
    many(open_call(meera), 120)
    rows = ordered(at_the_desk(meera), "newest")
    pages = [page_of(rows, number) for number in (1, 2, 3, 4)]
    assert [len(page.rows) for page in pages] == [50, 50, 20, 0]
    assert [page.has_next for page in pages] == [True, True, False, False]
    assert len({a.pk for page in pages for a in page.rows}) == 120
    assert (pages[0].total, pages[0].more) == (120, False)
    monkeypatch.setattr("grants.models.searching.COUNTED", 100)
    assert page_of(rows, 1)[2:4] == (100, True)
    client = client_of(meera)
    assert "More than 100 applications" in shown(client)
    assert 'rel="next"' in shown(client, "page=2&sort=oldest")
    for odd in ("page=0", "page=-3", "page=x", "page=99999999999"):
        shown(client, odd)


def test_the_filters_stay_in_the_address_and_in_the_form() -> None:
    meera = officer()
    call = open_call(meera)
    many(call, 60)
    page = shown(client_of(meera), f"q=project&call={call.slug}&sort=hours")
    assert 'value="project"' in page
    assert f'value="{call.slug}" selected' in page
    assert f"?q=project&amp;call={call.slug}&amp;sort=hours&amp;page=2" in page
    assert f"?q=project&amp;call={call.slug}&amp;sort=hours&amp;format=csv" in page


@pytest.mark.parametrize("query", ["status=draft", "call=none", "nation=XX", "hours_from=-1", "flag=x"])
def test_a_filter_that_is_none_is_named_and_narrows_nothing(query: str) -> None:
    meera = officer()
    many(open_call(meera), 2)
    page = shown(client_of(meera), query, expect=422)
    assert "There is a problem" in page
    assert "2 applications" in page


def test_neither_drafts_nor_bonds_are_in_the_list() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera)
    drafted(asha, call, kaveri)
    assert titles(meera) == []
    bound = officer("bound")
    own, other = many(call, 2, start=5)
    Membership.objects.create(
        user=bound, organisation=own.organisation, since="2020-01-01", until="2021-01-01"
    )
    assert titles(bound) == [other.title]
    assert len(titles(meera)) == 2
    assert titles(person("ravi", Role.REVIEWER)) == []
    assert titles(asha) == []


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")  # the client is synchronous
def test_csv_holds_every_row_of_the_filter_and_no_formula() -> None:
    meera = officer()
    call = open_call(meera)
    rows = many(call, 130)
    Application.objects.filter(pk=rows[0].pk).update(title='=HYPERLINK("http://x")')
    many(open_call(meera, title="Other"), 3, start=500)
    answer = client_of(meera).get(f"{LIST}?call={call.slug}&format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="applications.csv"'
    read = list(csv.DictReader(b"".join(answer).decode().splitlines()))
    assert len(read) == 130
    assert {row["call"] for row in read} == {call.title}
    assert read[0]["title"] == '\'=HYPERLINK("http://x")'
    assert read[1]["gpu_hours_asked"] == "101.00"


def test_who_is_not_of_the_desk_does_not_find_the_list() -> None:
    for user in (person("asha"), person("ravi", Role.REVIEWER)):
        assert client_of(user).get(LIST).status_code == 404
    for role in (Role.FINANCE, Role.AUDITOR):
        page = shown(client_of(person(f"{role}", role)))
        assert "With those ticked" not in page


def test_empty_lists_say_what_to_do_next() -> None:
    client = client_of(officer())
    draft_call(officer("other"))
    assert "No application has been submitted yet" in shown(client)
    assert "No application is like that" in shown(client, "q=nothing")


def test_the_list_asks_the_database_as_often_for_300_as_for_3(django_assert_max_num_queries: Any) -> None:
    meera = officer()
    call, client, counts = open_call(meera), client_of(meera), []
    for start, count in ((0, 3), (10, 297)):
        many(call, count, start=start)
        with django_assert_max_num_queries(13) as asked:
            shown(client, "q=project&task=without_reviewers&sort=due")
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
