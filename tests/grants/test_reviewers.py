"""The reviewer pool: who they are, what they know, what waits for them; their own words about themselves."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.reviewers import declare_standing_conflict, end_standing_conflict, save_profile
from grants.actions.reviews import assign_reviewer
from grants.models import ConflictDeclaration, Review, ReviewerProfile
from grants.models.reviewers import candidates, median_days
from mission.errors import Refused
from mission.models import Language, Membership, User
from tests.grants.world import officer, open_call, scored, startup, submitted
from tests.grants.world_reviews import reviewer
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def listed(desk: Client, query: str = "") -> list[str]:
    page = text_of(desk.get(f"/desk/reviewers/{query}"))
    return [name for name in ("Ravi", "Lena", "Omar") if f">{name}<" in page]


def test_the_pool_is_filtered_by_word_language_and_room() -> None:
    meera = officer()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    reviewer("ravi", "speech", "evaluation", languages=("mar",))
    reviewer("lena", "vision", away_until=tomorrow)
    reviewer("omar", most=0)
    desk = client_of(meera)
    assert listed(desk) == ["Ravi", "Lena", "Omar"]
    assert listed(desk, "?q=speech") == ["Ravi"]
    assert listed(desk, "?q=len") == ["Lena"]
    assert listed(desk, "?language=mar") == ["Ravi"]
    assert listed(desk, "?has_room=on") == ["Ravi"]
    assert "No reviewer fits" in text_of(desk.get("/desk/reviewers/?q=xyz"))
    rows = desk.get("/desk/reviewers/?format=csv").content.decode().splitlines()
    assert len(rows) == 4
    assert "evaluation" in rows[3]


def test_load_done_and_median_days_are_counted_from_the_reviews() -> None:
    meera, (asha, kaveri) = officer(), startup()
    ravi = reviewer("ravi")
    done = scored(meera, submitted(asha, open_call(meera), kaveri), ravi)
    Review.objects.filter(pk=done.pk).update(assigned_at=timezone.now() - datetime.timedelta(days=4))
    second = submitted(asha, open_call(meera, title="Another"), kaveri)
    assign_reviewer(actor=meera, application=second, reviewer=ravi)
    assert median_days([ravi]) == {ravi.pk: 4.0}
    page = text_of(client_of(meera).get("/desk/reviewers/"))
    assert "1 of 10" in page
    assert ">4.0<" in page


def test_a_reviewer_describes_themselves_and_nobody_else() -> None:
    ravi, lena = reviewer("ravi"), reviewer("lena")
    Language.objects.get_or_create(code="mar", defaults={"name": "Marathi"})
    fields = {"expertise": "speech, evaluation, speech", "languages": "marathi", "most_at_once": "4"}
    assert client_of(ravi).post("/reviews/profile/", fields).status_code == 302
    profile = ReviewerProfile.objects.get(user=ravi)
    assert profile.expertise == ["speech", "evaluation"]
    assert profile.most_at_once == 4
    assert [row.code for row in profile.languages.all()] == ["mar"]
    assert client_of(ravi).get(f"/desk/reviewers/{lena.pk}/").status_code == 404
    with pytest.raises(Refused):
        save_profile(actor=ravi, user=lena, expertise=[], languages=[], most_at_once=1)
    assert client_of(officer()).post(f"/desk/reviewers/{lena.pk}/", fields).status_code == 302
    assert ReviewerProfile.objects.get(user=lena).most_at_once == 4


def test_what_will_not_do_comes_back_with_everything_typed() -> None:
    ravi = reviewer("ravi")
    fields = {"expertise": "speech", "languages": "Elvish", "most_at_once": "many"}
    answer = client_of(ravi).post("/reviews/profile/", fields)
    assert answer.status_code == 422
    assert "speech" in text_of(answer)
    assert 'value="many"' in text_of(answer)
    assert "Not known as a language: “Elvish”" in text_of(answer)


def test_an_officer_who_reviews_nothing_is_led_to_the_pool() -> None:
    assert client_of(officer()).get("/reviews/profile/")["Location"] == "/desk/reviewers/"


def test_standing_conflicts_are_declared_once_and_end_with_a_date() -> None:
    ravi = reviewer("ravi")
    firm = organisation(person("asha"), "Kaveri Labs")
    mine = client_of(ravi)
    address = f"/desk/reviewers/{ravi.pk}/conflicts/"
    wrong = mine.post(address, {"organisation": "Kaveri", "reason": "My sister"})
    assert wrong.status_code == 422
    assert "No organisation of this name" in text_of(wrong)
    for _twice in range(2):
        mine.post(address, {"organisation": "kaveri labs", "reason": "My sister"})
    said = ConflictDeclaration.objects.get(user=ravi, organisation=firm)
    assert "My sister" in text_of(mine.get("/reviews/profile/"))
    mine.post(f"{address}{said.pk}/end/")
    said.refresh_from_db()
    assert said.ended_at is not None
    ended = said.ended_at
    assert end_standing_conflict(actor=ravi, declaration=said).ended_at == ended
    lena = reviewer("lena")
    with pytest.raises(Refused):
        declare_standing_conflict(actor=lena, user=ravi, organisation=firm, reason="Hm")


def test_candidates_come_best_first_and_those_in_conflict_last() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    busy, fits, bound = reviewer("busy"), reviewer("fits", "speech"), reviewer("bound", "speech")
    other = submitted(*_other(meera))
    assign_reviewer(actor=meera, application=other, reviewer=busy)
    plain = reviewer("plain")
    Membership.objects.create(user=bound, organisation=kaveri)
    found = candidates(application)
    assert [one.user for one in found] == [fits, plain, busy, bound]
    assert found[0].words == ["speech"]
    assert found[-1].is_barred


def _other(meera: User) -> tuple[User, Any, Any]:
    founder, firm = startup("Elsewhere", "founder")
    return founder, open_call(meera, title="Another"), firm


def test_the_pool_asks_as_often_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    desk = client_of(officer())
    counts = []
    for names in (("ravi", "lena"), ("omar", "zoe", "yuki")):
        for name in names:
            reviewer(name, "speech", languages=("mar",))
        with django_assert_max_num_queries(15) as asked:
            assert desk.get("/desk/reviewers/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_reviews_of_an_application_ask_as_often_for_many_candidates(
    django_assert_max_num_queries: Any,
) -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = submitted(asha, open_call(meera), kaveri)
    desk, counts = client_of(meera), []
    for names in (("ravi", "lena"), ("omar", "zoe", "yuki")):
        for name in names:
            reviewer(name, "speech")
        with django_assert_max_num_queries(35) as asked:
            desk.get(f"/desk/applications/{application.reference}/reviews/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
