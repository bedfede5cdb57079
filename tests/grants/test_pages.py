"""The pages: the journey without JavaScript; nothing typed is lost; nobody sees what is not theirs."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.calls import ensure_programme
from grants.models import Application, Award, Call, Review
from mission.models import Membership, Role, User
from tests.grants.world import (
    ANSWERS,
    CRITERIA,
    PROMISE,
    draft_call,
    gpus,
    officer,
    open_call,
    reviewed,
    scored,
    startup,
    submitted,
)
from tests.world import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def call_fields(**more: Any) -> dict[str, Any]:
    programme = ensure_programme(actor=None, kind="compute", name="Compute grants")
    fields: dict[str, Any] = {
        "programme": programme.pk,
        "title": "Compute for speech",
        "summary": "GPU-hours for speech models.",
        "opens_at": "2026-01-01T09:00",
        "closes_at": f"{timezone.localdate().year + 1}-06-30T17:00",
        "time_zone": "Asia/Kolkata",
        "grace_minutes": "5",
        "budget_hours": "1000",
        "reviews_needed": "2",
        "declarations": PROMISE,
        "hours_at_most": "800",
        "only_types": ["startup"],
    }
    rows = {
        "questions": [{"label": "Your plan", "kind": "long_text", "max_words": "50"}],
        "criteria": [{"label": item["label"], "weight": item["weight"]} for item in CRITERIA],
        "deliverables": [{"title": "A model", "kind": "model", "due_days": "90"}],
    }
    for name, items in rows.items():
        fields |= {f"{name}-TOTAL_FORMS": len(items) + 1, f"{name}-INITIAL_FORMS": 0}
        for n, item in enumerate(items):
            fields |= {f"{name}-{n}-{key}": value for key, value in item.items()}
    return {**fields, "questions-1-kind": "long_text", "deliverables-1-kind": "model", **more}


def test_the_journey_from_call_to_award_by_hand() -> None:
    meera, (asha, kaveri) = officer(), startup()
    gpus()
    desk, apply = client_of(meera), client_of(asha)
    made = desk.post("/desk/calls/new/", call_fields())
    assert made.status_code == 302
    call = Call.objects.get()
    assert call.closes_in_words.endswith("17:00 (Asia/Kolkata, UTC+05:30)")
    assert [q["key"] for q in call.questions] == ["your_plan"]
    desk.post(f"/desk/calls/{call.slug}/publish/")
    page = text_of(apply.get(f"/calls/{call.slug}/"))
    assert "Eligible" in page
    assert "is registered here as: Startup" in page
    began = apply.post(f"/calls/{call.slug}/start/", {"organisation": kaveri.pk})
    basics = {**ANSWERS, "version": "0"}
    assert apply.post(f"{began['Location']}basics/", basics)["Location"].endswith("/project/")
    project = {"your_plan": "Collect, train, publish.", "version": "0"}
    checked = apply.post(f"{began['Location']}project/", project)
    assert checked["Location"].endswith("/check/")
    assert apply.get(checked["Location"]).status_code == 200
    done = apply.post(checked["Location"], {"declarations": [PROMISE]}, follow=True)
    application = Application.objects.get()
    assert application.reference in text_of(done)
    for name in ("ravi", "lena"):
        judge_by_hand(desk, person(name, Role.REVIEWER), application)
    answer = desk.post(
        f"/desk/applications/{application.reference}/decide/",
        {"kind": "award", "gpu_hours": "500", "reason": "Strong", "feedback": "Well done"},
        follow=True,
    )
    award = Award.objects.get()
    assert award.reference in text_of(answer)
    assert "500 GPU-hours" in text_of(apply.get(application.get_absolute_url()))
    assert "500 GPU-hours" in text_of(apply.get("/apply/"))


def judge_by_hand(desk: Client, reviewer: User, application: Application) -> None:
    desk.post(f"/desk/applications/{application.reference}/assign/", {"reviewer": reviewer.pk})
    review = Review.objects.get(reviewer=reviewer)
    client, address = client_of(reviewer), f"/reviews/{review.pk}/"
    assert client.get(address)["Location"] == f"{address}declare/"
    client.post(f"{address}declare/", {"declaration": "none"})
    assert ANSWERS["summary"] in text_of(client.get(address))
    typed = {}
    for item in review.application.submitted_version().pinned["criteria"]:  # type: ignore[union-attr]
        typed |= {f"{item['key']}-points": "4", f"{item['key']}-comment": "Sound."}
    assert client.post(address, {**typed, "recommended": "450", "submit": "1"}).status_code == 302
    review.refresh_from_db()
    assert review.status == "submitted"


def test_a_wrong_call_form_keeps_everything_typed() -> None:
    answer = client_of(officer()).post(
        "/desk/calls/new/", call_fields(closes_at="2025-01-01T00:00", **{"criteria-0-weight": "heavy"})
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "A call closes after it opens." in page
    assert 'value="Compute for speech"' in page
    assert 'value="heavy"' in page


def test_a_draft_call_is_edited_with_what_it_holds() -> None:
    meera = officer()
    call = draft_call(meera, eligibility=[{"rule": "gpu_hours_at_most", "hours": 700}])
    desk = client_of(meera)
    page = text_of(desk.get(f"/desk/calls/{call.slug}/edit/"))
    assert 'value="700"' in page
    assert "Your plan" in page
    answer = desk.post(f"/desk/calls/{call.slug}/edit/", call_fields(revision="1", title="Renamed"))
    assert answer.status_code == 302
    late = desk.post(f"/desk/calls/{call.slug}/edit/", call_fields(revision="1", title="Clash"))
    assert late.status_code == 422
    assert "while you were writing" in text_of(late)
    call.refresh_from_db()
    assert call.title == "Renamed"


def test_a_second_click_on_submit_lands_on_the_receipt() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = submitted(asha, call, kaveri)
    answer = client_of(asha).post(
        f"/apply/{application.reference}/check/", {"declarations": [PROMISE]}, follow=True
    )
    assert "had been submitted already" in text_of(answer)
    assert "Submitted on" in text_of(answer)


def test_what_is_not_yours_does_not_exist() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    ravi, lena = person("ravi", Role.REVIEWER), person("lena", Role.REVIEWER)
    review = scored(meera, application, ravi)
    own = f"/apply/{application.reference}/"
    addresses = {
        "stranger": [own, f"{own}check/", f"{own}receipt/", f"{own}withdraw/"],
        "reviewer": [own, f"/reviews/{review.pk}/", f"/desk/applications/{application.reference}/"],
        "applicant": [f"/reviews/{review.pk}/", f"/desk/applications/{application.reference}/"],
    }
    people = {"stranger": person("stranger"), "reviewer": lena, "applicant": asha}
    seen = {
        (who, path): client_of(people[who]).get(path).status_code
        for who, paths in addresses.items()
        for path in paths
    }
    assert set(seen.values()) == {404}, seen
    assert client_of(people["stranger"]).post(f"{own}basics/save/", {"version": "1"}).status_code == 404


def test_a_conflicted_reviewer_gets_404_and_is_not_in_the_list() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    bina, ravi = person("bina", Role.REVIEWER), person("ravi", Role.REVIEWER)
    Membership.objects.create(user=bina, organisation=kaveri)
    page = text_of(client_of(meera).get(f"/desk/applications/{application.reference}/reviews/"))
    assert f'<option value="{ravi.pk}">' in page
    assert f'<option value="{bina.pk}">' not in page
    assert "Bina is a member of Kaveri Labs" in page
    answer = client_of(meera).post(
        f"/desk/applications/{application.reference}/assign/", {"reviewer": bina.pk}
    )
    assert answer.status_code == 422
    review = Review.objects.create(application=application, reviewer=bina, assigned_by=meera)
    for path in (f"/reviews/{review.pk}/", f"/reviews/{review.pk}/declare/"):
        assert client_of(bina).get(path).status_code == 404


def test_above_the_budget_the_form_comes_back_with_the_sentence() -> None:
    meera, (asha, kaveri) = officer(), startup()
    gpus()
    application = reviewed(meera, submitted(asha, open_call(meera, hours=100), kaveri))
    typed = {"kind": "award", "gpu_hours": "101", "reason": "Because it is strong"}
    answer = client_of(meera).post(f"/desk/applications/{application.reference}/decide/", typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "100 GPU-hours are left" in page
    assert "Because it is strong" in page
    assert 'value="101"' in page


def test_open_data_of_calls_in_three_forms() -> None:
    meera = officer()
    open_call(meera)
    draft_call(meera, title="Still a draft")
    client = Client()
    assert "Still a draft" not in text_of(client.get("/calls/"))
    rows = json.loads(client.get("/calls/?format=json").content)["calls"]
    assert rows[0]["budget_gpu_hours"] == 1000
    assert client.get("/calls/?format=csv").content.decode().count("\r\n") == 2
    listed = client.get("/api/calls/").json()
    assert listed["count"] == 1
    detail = client.get(f"/api/calls/{listed['results'][0]['slug']}/").json()
    assert detail["criteria"][0]["share"] == 60
    assert client.get("/api/calls/still-a-draft/").status_code == 404
    assert client.get("/api/awards/").json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_empty_rooms_say_what_to_do_next() -> None:
    assert "Create your organisation" in text_of(client_of(person("new")).get("/apply/"))
    assert "Nothing waits for you" in text_of(client_of(person("ravi", Role.REVIEWER)).get("/reviews/"))
    assert "What comes in will be listed here" in text_of(client_of(officer()).get("/desk/"))
    assert "No call has been published yet" in text_of(Client().get("/calls/"))


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/calls/", "/apply/", "/reviews/", "/calls/", "/api/calls/"]
)
def test_lists_ask_the_database_as_often_for_many_as_for_one(
    address: str, django_assert_max_num_queries: Any
) -> None:
    meera, (asha, kaveri) = officer(), startup()
    ravi = person("ravi", Role.REVIEWER)
    Membership.objects.create(user=meera, organisation=startup("Own", "own")[1])
    user = {"/apply/": asha, "/reviews/": ravi}.get(address, meera)
    client, counts = client_of(user), []
    for n in range(3):
        call = open_call(meera, title=f"Call {n}")
        scored(meera, submitted(asha, call, kaveri), ravi)
        with django_assert_max_num_queries(40) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2], counts


def test_the_desk_offers_an_auditor_nothing_that_only_an_officer_may_do(client: Client) -> None:
    auditor = person("an.auditor", Role.AUDITOR)
    client.force_login(auditor)
    for path in ("/desk/", "/desk/calls/"):
        assert "/desk/calls/new/" not in client.get(path).content.decode()
    officer = person("an.officer", Role.OFFICER)
    client.force_login(officer)
    assert "/desk/calls/new/" in client.get("/desk/").content.decode()
