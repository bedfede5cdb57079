"""Scoring beside the application: saves itself, anchors, money, blindness, peers only afterwards."""

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.applications_submitting import submit
from grants.actions.reminders import remind_reviewers
from grants.actions.reviews import (
    assign_reviewer,
    declare_no_conflict,
    decline_review,
    replace_reviewer,
)
from grants.models import Application, Attachment, Letter, Notification, Review
from mission.errors import Refused
from mission.models import Role, User
from tests.grants.world import (
    CRITERIA,
    PROMISE,
    QUESTIONS,
    drafted,
    officer,
    open_call,
    scored,
    startup,
    submitted,
)
from tests.grants.world_files import PAPER
from tests.grants.world_files import handed_in as hand_in_file
from tests.grants.world_reviews import expert, handed_in, routed
from tests.world import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def being_scored(*steps: dict[str, Any], **answers: Any) -> tuple[User, Review, Client]:
    """An officer, Ravi's review with no conflict declared, and Ravi's browser."""
    meera, application = handed_in(*(steps or [expert()]), **answers)
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    return meera, declare_no_conflict(actor=ravi, review=review), client_of(ravi)


def typed(points: str = "4") -> dict[str, str]:
    words: dict[str, str] = {}
    for item in CRITERIA:
        words |= {f"{item['key']}-points": points, f"{item['key']}-comment": "Sound."}
    return words


# Saving


def test_it_saves_what_will_do_and_names_what_will_not() -> None:
    _meera, review, ravi = being_scored()
    address = f"/reviews/{review.pk}/save/"
    saved = ravi.post(address, {"commons-points": "3", "plan-comment": "Clear."})
    assert saved.status_code == 200
    assert saved.json()["saved_at"]
    wrong = ravi.post(address, {"commons-points": "4", "plan-comment": "Clearer.", "recommended": "many"})
    assert wrong.status_code == 422
    assert "GPU-hours you would give" in wrong.json()["error"]["message"]
    review.refresh_from_db()
    assert review.scores["commons"]["points"] == 4
    assert review.scores["plan"]["comment"] == "Clearer."
    assert "Last saved" in text_of(ravi.get(f"/reviews/{review.pk}/"))


def test_what_was_submitted_is_not_saved_over() -> None:
    _meera, review, ravi = being_scored()
    ravi.post(f"/reviews/{review.pk}/", {**typed(), "submit": "1"})
    late = ravi.post(f"/reviews/{review.pk}/save/", typed("1"))
    assert late.status_code == 409
    review.refresh_from_db()
    assert review.scores["commons"]["points"] == 4


def test_nobody_saves_into_anothers_review() -> None:
    meera, review, _ravi = being_scored()
    for user in (person("lena", Role.REVIEWER), meera, review.application.started_by):
        assert client_of(user).post(f"/reviews/{review.pk}/save/", typed()).status_code == 404


def test_each_criterion_shows_its_own_anchors() -> None:
    meera, (asha, kaveri) = officer(), startup()
    criteria = [
        {**CRITERIA[0], "help": "Who will use it?", "anchors": {"0": "closed", "5": "others wait for it"}},
        CRITERIA[1],
    ]
    application = submitted(asha, open_call(meera, criteria=criteria), kaveri)
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    page = text_of(client_of(ravi).get(f"/reviews/{review.pk}/"))
    assert "5: others wait for it" in page
    assert "Who will use it?" in page
    assert "5: outstanding" in page


def test_money_is_recommended_where_the_call_gives_money() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera, budget_money=Decimal(100000), currency="INR")
    application = submitted(asha, call, kaveri, money="50000")
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    desk = client_of(ravi)
    assert "Money you would give, in INR" in text_of(desk.get(f"/reviews/{review.pk}/"))
    desk.post(f"/reviews/{review.pk}/", {**typed(), "recommended_money": "45000.50", "submit": "1"})
    review.refresh_from_db()
    assert (review.status, review.recommended_money) == ("submitted", Decimal("45000.50"))


# Nobody's review before one's own


def test_the_others_scores_are_seen_without_names_once_ones_own_is_in() -> None:
    meera, review, ravi = being_scored()
    lena = person("lena", Role.REVIEWER)
    theirs = scored(meera, review.application, lena, 2)
    Review.objects.filter(pk=theirs.pk).update(comment="A word for the desk alone")
    address = f"/reviews/{review.pk}/"
    assert "What the others scored" not in text_of(ravi.get(address))
    ravi.post(address, {**typed(), "submit": "1"})
    page = text_of(ravi.get(address))
    assert "What the others scored" in page
    assert "2 of 5" in page
    assert "Lena" not in page
    assert "A word for the desk alone" not in page


def test_an_officer_who_reviews_sees_no_other_review_before_their_own_is_in() -> None:
    meera, review, _ravi = being_scored()
    both = person("both", Role.OFFICER, Role.REVIEWER)
    mine = assign_reviewer(actor=meera, application=review.application, reviewer=both)
    assert list(Review.objects.visible_to(both)) == [mine]
    page = text_of(client_of(both).get(f"/desk/applications/{review.application.reference}/reviews/"))
    assert "<h2>Ravi</h2>" not in page
    declare_no_conflict(actor=both, review=mine)
    client_of(both).post(f"/reviews/{mine.pk}/", {**typed(), "submit": "1"})
    assert set(Review.objects.visible_to(both)) == {mine, review}


# Blind

SECRETS = ("Kaveri Labs", "Asha", "kaveri-dev", "https://kaveri.example")


def blind_world() -> tuple[User, Application]:
    meera, (asha, kaveri) = officer(), startup()
    questions = [
        *QUESTIONS,
        {"key": "hub", "kind": "github", "label": "On GitHub", "required": False},
    ]
    call = routed(expert(blind=True), actor=meera, questions=questions)
    return meera, submitted(asha, call, kaveri, hub="kaveri-dev", site="https://kaveri.example")


def test_where_the_step_is_blind_nothing_tells_who_applies() -> None:
    meera, application = blind_world()
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    browser = client_of(ravi)
    pages = [text_of(browser.get(path)) for path in ("/reviews/", f"/reviews/{review.pk}/declare/")]
    assert "You are not told who applies" in pages[1]
    assert "[&#x27;" not in pages[1]  # no Python in the page
    browser.post(f"/reviews/{review.pk}/declare/", {"declaration": "none"})
    page = text_of(browser.get(f"/reviews/{review.pk}/"))
    assert "Speech for Marathi" in page
    assert "Not shown to you: the name of the applicant" in page
    assert "On GitHub" in page  # that it was asked is told, the answer is not
    pages += [page, text_of(browser.get("/reviews/")), text_of(browser.get("/notifications/"))]
    pages += [letter.subject + letter.body for letter in Letter.objects.filter(to=ravi.email)]
    pages += [notification.text for notification in Notification.objects.filter(user=ravi)]
    for shown in pages:
        assert not [secret for secret in SECRETS if secret in shown]


def test_where_it_is_not_blind_the_reviewer_is_told() -> None:
    _meera, review, ravi = being_scored()
    assert "Kaveri Labs" in text_of(ravi.get(f"/reviews/{review.pk}/"))


def test_blind_reviewers_do_not_see_each_others_scores() -> None:
    meera, application = blind_world()
    scored(meera, application, person("lena", Role.REVIEWER), 2)
    ravi = person("ravi", Role.REVIEWER)
    review = scored(meera, application, ravi)
    assert "What the others scored" not in text_of(client_of(ravi).get(f"/reviews/{review.pk}/"))


@pytest.mark.parametrize("blind", [True, False])
def test_files_reach_a_reviewer_only_where_they_may_know_whose_they_are(
    blind: bool, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_DIR = tmp_path
    meera, (asha, kaveri) = officer(), startup()
    call = routed(expert(blind=blind), actor=meera, questions=[*QUESTIONS, PAPER])
    draft = drafted(asha, call, kaveri)
    hand_in_file(actor=asha, application=draft, name="kaveri-labs.pdf")
    draft.refresh_from_db()
    application = submit(actor=asha, application=draft, declared=[PROMISE])
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    page = text_of(client_of(ravi).get(f"/reviews/{review.pk}/"))
    assert ("kaveri-labs.pdf" in page) is not blind
    assert Attachment.objects.visible_to(ravi).exists() is not blind
    assert Attachment.objects.visible_to(meera).exists()


# Stepping back, being reminded, being replaced


def test_declining_needs_a_reason_and_the_officer_who_asked_is_told() -> None:
    meera, review, ravi = being_scored()
    address = f"/reviews/{review.pk}/decline/"
    assert ravi.post(address, {"reason": ""}).status_code == 422
    ravi.post(address, {"reason": "No time before June"})
    review.refresh_from_db()
    assert (review.status, review.decline_reason) == ("declined", "No time before June")
    assert ravi.get(f"/reviews/{review.pk}/").status_code == 404
    told = Notification.objects.get(user=meera, kind="review.stepped_back")
    assert told.path == f"/desk/applications/{review.application.reference}/reviews/"
    assert "No time before June" in text_of(client_of(meera).get(told.path))


def test_a_conflict_noticed_while_reading_is_still_declared() -> None:
    _meera, review, ravi = being_scored()
    address = f"/reviews/{review.pk}/declare/"
    assert "Does something bind you after all?" in text_of(ravi.get(address))
    ravi.post(address, {"declaration": "conflict", "reason": "My brother wrote it."})
    review.refresh_from_db()
    assert review.status == "conflicted"


def test_a_review_is_due_by_its_route_and_before_the_decision() -> None:
    meera, application = handed_in(expert(days=5))
    review = assign_reviewer(actor=meera, application=application, reviewer=person("ravi", Role.REVIEWER))
    today = timezone.localdate()
    assert review.due_on == today + datetime.timedelta(days=5)
    promised = today + datetime.timedelta(days=2)
    Application.objects.filter(pk=application.pk).update(due_on=promised)
    other = assign_reviewer(actor=meera, application=application, reviewer=person("lena", Role.REVIEWER))
    assert other.due_on == promised


def test_the_clock_reminds_three_days_before_and_on_the_day_once_each() -> None:
    _meera, review, ravi = being_scored()
    today = timezone.localdate()

    def due(in_days: int) -> int:
        day = today + datetime.timedelta(days=in_days)
        Review.objects.filter(pk=review.pk).update(due_on=day)
        return remind_reviewers()

    assert [due(days) for days in (4, 3, 2, 0, -1)] == [0, 1, 0, 1, 0]
    letters = Letter.objects.filter(kind="review_reminder", to="ravi@example.org").order_by("pk")
    assert ["is due on" in letter.subject for letter in letters] == [True, False]
    assert Notification.objects.filter(kind="review.due").count() == 2
    assert "It was due on" in text_of(ravi.get("/reviews/"))


def test_who_handed_in_is_not_reminded() -> None:
    _meera, review, ravi = being_scored()
    ravi.post(f"/reviews/{review.pk}/", {**typed(), "submit": "1"})
    Review.objects.filter(pk=review.pk).update(due_on=timezone.localdate())
    assert remind_reviewers() == 0


def test_replacing_releases_one_and_asks_another_or_does_neither() -> None:
    meera, review, _ravi = being_scored()
    lena = person("lena", Role.REVIEWER)
    desk, address = client_of(meera), f"/desk/reviews/{review.pk}/replace/"
    assert "Lena (0 waiting)" in text_of(desk.get(address))
    desk.post(address, {"reviewer": lena.pk})
    review.refresh_from_db()
    assert review.status == "released"
    made = Review.objects.get(reviewer=lena)
    decline_review(actor=lena, review=made, reason="No time")
    with pytest.raises(Refused):
        replace_reviewer(actor=meera, review=made, reviewer=person("zoe", Role.REVIEWER))
    assert not Review.objects.filter(reviewer__email="zoe@example.org").exists()


@pytest.mark.parametrize("path", ["/reviews/{}/", "/reviews/{}/declare/", "/reviews/"])
def test_the_pages_of_a_reviewer_keep_their_budget(path: str, django_assert_max_num_queries: Any) -> None:
    _meera, review, ravi = being_scored()
    with django_assert_max_num_queries(16):
        assert ravi.get(path.format(review.pk)).status_code == 200
