"""The ranking: by panel or mean, amounts tried, the line over all pages, one or many decided from it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from grants.actions.decisions import decide
from grants.models import Application, Award, Call, Decision, Letter, PanelRecord
from grants.models.gpu_time import gpu_ms
from grants.models.ranking import Tried, budget_of, ranking
from mission.models import Role, User
from tests.grants.world import officer
from tests.grants.world_deciding import deciding_call, holding, ready
from tests.world import person

pytestmark = pytest.mark.django_db
LINE = '<tr class="line">'


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def scores(rows: list[Application], *totals: int) -> None:
    for row, total in zip(rows, totals, strict=True):
        Application.objects.filter(pk=row.pk).update(mean_total=total)


def ranked(call: Call, user: User, tried: Tried | None = None) -> list[Any]:
    return list(ranking(call, user, tried or Tried()))


def test_the_panels_total_stands_before_the_reviewers_mean() -> None:
    meera = officer()
    rows = ready(deciding_call(meera, hours=3000), n=3)
    scores(rows, 50, 60, 70)
    PanelRecord.objects.create(application=rows[0], total=90, reasons="Moderated.", recorded_by=meera)
    order = ranked(rows[0].call, meera)
    assert [row.pk for row in order] == [rows[0].pk, rows[2].pk, rows[1].pk]
    assert [row.rank for row in order] == [1, 2, 3]


def test_amounts_are_those_recommended_and_their_sum_shows_where_either_budget_ends() -> None:
    meera = officer()
    call = deciding_call(meera, hours=1000, money=50_000)
    rows = ready(call, n=4)  # 400 hours recommended and 20,000 asked for, each
    found = ranking(call, meera, Tried())
    assert [row.sum_gpu_ms for row in found] == [gpu_ms(400 * n) for n in (1, 2, 3, 4)]
    assert budget_of(call, found).fits == 2
    first = ranked(call, meera)[0].reference
    dear = ranking(call, meera, Tried(money={first: Decimal(40_000)}))
    assert budget_of(call, dear).fits == 1  # the hours would reach two, the money does not
    small = ranking(call, meera, Tried({row.reference: gpu_ms(10) for row in rows}, {}))
    assert budget_of(call, small).fits == 2
    assert budget_of(call, small).gpu_ms == gpu_ms(40)


def test_the_waiting_list_comes_after_those_to_decide_by_its_places() -> None:
    meera = officer()
    rows = ready(n=3)
    scores(rows, 90, 95, 10)
    for row, place in ((rows[0], 2), (rows[1], 1)):
        decide(actor=meera, application=row, kind="wait", reason="Budget", place=place)
    assert [row.pk for row in ranked(rows[0].call, meera)] == [rows[2].pk, rows[1].pk, rows[0].pk]


def test_a_conflicted_officer_learns_nothing_and_an_applicant_no_more() -> None:
    bound = officer("bound")
    rows = ready(n=2)
    rows[0].organisation.memberships.create(user=bound)
    page = client_of(bound).get(f"/desk/calls/{rows[0].call.slug}/ranking/").content.decode()
    assert rows[1].reference in page
    assert rows[0].reference not in page
    founder = User.objects.get(email="founder0@example.org")
    assert client_of(founder).get(f"/desk/calls/{rows[0].call.slug}/ranking/").status_code == 404


def test_amounts_in_the_address_move_the_line_and_what_is_usual_leaves_it() -> None:
    meera = officer()
    rows = ready(n=3)
    url = f"/desk/calls/{rows[0].call.slug}/ranking/"
    first, second, third = [row.reference for row in ranked(rows[0].call, meera)]
    client = client_of(meera)
    assert "2 of 3 applications fit" in client.get(url).content.decode()
    sent = client.get(url, {f"h-{first}": "900", f"h-{second}": "400.00", f"h-{third}": "400"})
    assert sent.status_code == 302
    assert sent["Location"] == f"{url}?h-{first}=900"
    page = client.get(sent["Location"]).content.decode()
    assert "1 of 3 applications fit" in page
    assert page.index(LINE) < page.index(f"pick-{second}")
    assert page.index(f"pick-{first}") < page.index(LINE)


def test_an_amount_that_cannot_be_read_stays_as_typed() -> None:
    meera = officer()
    rows = ready(n=1)
    url = f"/desk/calls/{rows[0].call.slug}/ranking/"
    answer = client_of(meera).get(url, {f"h-{rows[0].reference}": "a lot"})
    assert answer.status_code == 422
    assert 'value="a lot"' in answer.content.decode()
    assert "Enter a number" in answer.content.decode()


def test_the_file_has_every_row_with_the_three_amounts_apart() -> None:
    meera = officer()
    rows = ready(n=2)
    answer = client_of(meera).get(f"/desk/calls/{rows[0].call.slug}/ranking/?format=csv")
    lines = answer.content.decode().splitlines()
    assert len(lines) == 3
    assert "requested_gpu_hours,recommended_gpu_hours,amount_gpu_hours" in lines[0]


def decide_many(client: Client, call: Call, kind: str, picked: list[Application], **more: str) -> Any:
    data = {"kind": kind, "pick": [row.reference for row in picked], "reason": "By rank", **more}
    data.setdefault("once", "00000000-0000-4000-8000-000000000001")
    return client.post(f"/desk/calls/{call.slug}/decide/", data, follow=True)


def test_the_confirmation_names_number_total_and_what_would_remain() -> None:
    meera = officer()
    rows = ready(n=2)
    picks = {"kind": "award", "pick": [row.reference for row in rows], f"h-{rows[0].reference}": "100"}
    page = client_of(meera).get(f"/desk/calls/{rows[0].call.slug}/decide/", picks).content.decode()
    assert "Award 2 applications?" in page
    assert "500 GPU-hours" in page
    assert "and 500 GPU-hours would remain" in page
    assert "the Mission awards" in page  # the letter
    assert not Decision.objects.exists()


def test_all_above_the_line_are_awarded_at_once() -> None:
    meera = officer()
    rows = ready(n=3)
    call = rows[0].call
    page = client_of(meera).get(f"/desk/calls/{call.slug}/decide/", {"above": "award"}).content.decode()
    assert "Award 2 applications?" in page
    picked = [Application.objects.get(pk=row.pk) for row in ranked(call, meera)[:2]]
    answer = decide_many(client_of(meera), call, "award", picked, feedback="")
    assert "Done: 2 applications." in answer.content.decode()
    assert Award.objects.count() == 2
    assert Call.objects.get().held_gpu_ms == gpu_ms(800)


def test_what_no_longer_fits_is_refused_by_name_and_the_rest_stands() -> None:
    meera = officer()
    rows = ready(n=3)
    answer = decide_many(client_of(meera), rows[0].call, "award", rows)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "200 GPU-hours are left of this call" in page
    assert rows[2].reference in page
    assert Award.objects.count() == 2


def test_the_same_confirmation_sent_twice_acts_once() -> None:
    meera = officer()
    rows = ready(n=2)
    client = client_of(meera)
    decide_many(client, rows[0].call, "wait", rows)
    again = decide_many(client, rows[0].call, "wait", rows)
    assert "This was done already" in again.content.decode()
    assert Decision.objects.count() == 2


def test_declining_many_needs_words_and_keeps_what_was_typed() -> None:
    meera = officer()
    rows = ready(n=2)
    client = client_of(meera)
    page = client.get(
        f"/desk/calls/{rows[0].call.slug}/decide/", {"kind": "decline", "pick": [rows[0].reference]}
    )
    assert "There were more good applications" in page.content.decode()
    answer = decide_many(client, rows[0].call, "decline", rows, feedback=" ")
    assert answer.status_code == 422
    assert "By rank" in answer.content.decode()
    assert "Tell the applicant why." in answer.content.decode()
    decide_many(client, rows[0].call, "decline", rows, feedback="Measure more.")
    assert Letter.objects.filter(kind="declined").count() == 2


def test_auditors_read_the_ranking_and_decide_nothing() -> None:
    rows = ready(n=1)
    client = client_of(person("auditor", Role.AUDITOR))
    page = client.get(f"/desk/calls/{rows[0].call.slug}/ranking/").content.decode()
    assert "Award those ticked" not in page
    assert decide_many(client, rows[0].call, "award", rows).status_code == 404


def test_an_auditor_is_led_to_no_page_they_may_not_open() -> None:
    rows = ready(n=1)
    decide(actor=officer("divya"), application=rows[0], kind="wait", reason="Budget")
    client = client_of(person("auditor", Role.AUDITOR))
    for page in (
        f"/desk/calls/{rows[0].call.slug}/ranking/",
        f"/desk/calls/{rows[0].call.slug}/decided/",
        f"/desk/applications/{rows[0].reference}/",
        "/desk/appeals/",
    ):
        for link in re.findall(r'href="(/desk/[^"?#]*)', client.get(page).content.decode()):
            assert client.get(link).status_code == 200, f"{page} leads to {link}"


def copies(application: Application, n: int) -> None:
    """Many more rows like it, as cheaply as rows can be had."""
    from tests.grants.world import startup

    for number in range(n):
        _founder, organisation = startup(f"Copy {number}", f"copy{number}")
        twin = Application.objects.get(pk=application.pk)
        twin.pk, twin.organisation, twin.reference = None, organisation, f"A-2222{number + 2222}"
        twin.save(force_insert=True)


@pytest.mark.parametrize("path", ["ranking/", "decided/", "decide/?kind=wait&above=wait", "letters/"])
def test_pages_have_a_budget_of_queries_that_rows_do_not_raise(
    path: str, django_assert_max_num_queries: Any
) -> None:
    meera = officer()
    (row,) = ready(deciding_call(meera, hours=100_000, money=50_000))
    copies(row, 12)
    if path == "decided/":
        for one in Application.objects.filter(status="reviewed")[:10]:
            Decision.objects.create(
                application=one, kind="wait", reason="x", decided_by=meera, requested_gpu_ms=1
            )
    client = client_of(meera)
    client.get(f"/desk/calls/{row.call.slug}/{path}")
    with django_assert_max_num_queries(20 if "decide/" in path else 10):
        assert client.get(f"/desk/calls/{row.call.slug}/{path}").status_code == 200


def test_the_line_counts_rows_on_every_page() -> None:
    meera = officer()
    (row,) = ready(deciding_call(meera, hours=400 * 55))
    copies(row, 59)
    client = client_of(meera)
    url = f"/desk/calls/{row.call.slug}/ranking/"
    first, second = client.get(url).content.decode(), client.get(url + "?page=2").content.decode()
    # 500 hours asked for by those without reviews of their own: 22,000 reach 44 of 60.
    fits = budget_of(row.call, ranking(row.call, meera, Tried())).fits
    assert 40 < fits < 50
    assert LINE in first
    assert LINE not in second
    raised = client.get(url, {f"h-{row.reference}": "1"}).content.decode()
    assert f"{fits} of 60" in raised or f"{fits + 1} of 60" in raised


def test_a_held_decision_shows_at_the_desk_and_can_be_taken_back() -> None:
    meera = officer()
    (row,) = ready(holding(meera))
    client = client_of(meera)
    url = f"/desk/applications/{row.reference}/"
    typed = {"kind": "award", "gpu_hours": "300", "reason": "Strong", "feedback": "Bravo"}
    answer = client.post(f"{url}decide/", typed, follow=True)
    assert "held until" in answer.content.decode()
    assert "Held" in client.get(f"/desk/calls/{row.call.slug}/decided/").content.decode()
    founder = client_of(User.objects.get(email="founder0@example.org"))
    for page in ("", "offer/", "appeal/"):
        told = founder.get(f"/apply/{row.reference}/{page}").content.decode()
        assert "Bravo" not in told
        assert "Decided" not in told
    assert "Take it back" in client.get(f"{url}decide/").content.decode()
    answer = client.post(f"{url}undo/", {"reason": ""})
    assert answer.status_code == 422
    client.post(f"{url}undo/", {"reason": "The wrong one"})
    assert Application.objects.get(pk=row.pk).status == "reviewed"
