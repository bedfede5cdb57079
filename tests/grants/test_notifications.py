"""Everybody is told once, in the page, and by e-mail as they prefer."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from grants.actions.letters import send_due_letters
from grants.actions.notifications import (
    choose_delivery,
    last_digest_hour,
    mark_all_read,
    mark_read,
    notify,
    notify_each,
    send_digest,
    send_due_digests,
)
from grants.models import Delivery, Letter, Notification, NotificationPreference
from mission.errors import Refused
from mission.models import User
from tests.grants.world import officer, open_call, reviewed, startup, submitted
from tests.world import person

pytestmark = pytest.mark.django_db


def tell(user: User, text: str = "The desk wrote.", path: str = "/apply/", **more: Any) -> Notification:
    return notify(user=user, kind="message", text=text, path=path, **more)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def yesterday(*rows: Notification) -> None:
    """As if told before the last hour of the digest."""
    earlier = timezone.now() - datetime.timedelta(days=1, hours=1)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=earlier)
    NotificationPreference.objects.update(digest_sent_at=earlier)


def test_at_once_is_a_letter_of_its_own_and_the_rule_without_a_choice() -> None:
    asha = person("asha")
    tell(asha)
    assert send_due_letters() == 1
    assert mail.outbox[0].to == ["asha@example.org"]
    assert mail.outbox[0].subject == "The desk wrote."
    assert "/apply/" in mail.outbox[0].body


def test_none_by_email_still_shows_in_the_page() -> None:
    asha = person("asha")
    choose_delivery(actor=asha, by_email=Delivery.NONE)
    tell(asha)
    assert not Letter.objects.exists()
    assert "The desk wrote." in client_of(asha).get("/notifications/").content.decode()


def test_letters_that_change_rights_are_sent_whatever_was_chosen_and_only_once() -> None:
    meera, (asha, kaveri) = officer(), startup()
    choose_delivery(actor=asha, by_email=Delivery.NONE)
    application = submitted(asha, open_call(meera), kaveri)
    assert Letter.objects.filter(kind="receipt", to=asha.email).count() == 1
    tell(asha, "Your application was returned.", application=application, letter=True)
    assert Letter.objects.filter(to=asha.email).count() == 1, "the act wrote the letter, not the notification"


def test_the_same_thing_is_told_once_until_it_was_read() -> None:
    asha = person("asha")
    first, again = tell(asha), tell(asha)
    assert first == again
    assert Letter.objects.count() == 1
    mark_read(actor=asha, notification=first)
    assert tell(asha) != first
    assert tell(asha, path="/reviews/") != first
    bela = person("bela")
    assert len(notify_each(users=[bela, bela], kind="x", text="Once", path="/apply/")) == 1


def test_the_digest_is_one_letter_a_day_with_everything_unread() -> None:
    asha = person("asha")
    choose_delivery(actor=asha, by_email=Delivery.DAILY)
    seen, one, two = tell(asha, "Seen"), tell(asha, "One"), tell(asha, "Two")
    assert not Letter.objects.exists()
    assert send_due_digests() == 0, "not before the hour"
    mark_read(actor=asha, notification=seen)
    yesterday(seen, one, two)
    assert send_due_digests() == 1
    assert send_due_digests() == 0, "twice is once"
    letter = Letter.objects.get()
    assert letter.kind == "digest"
    assert letter.subject == "2 things you should know"
    assert "One" in letter.body
    assert "Two" in letter.body
    assert "Seen" not in letter.body


def test_a_digest_claimed_by_another_worker_is_not_sent_again() -> None:
    asha = person("asha")
    choose_delivery(actor=asha, by_email=Delivery.DAILY)
    yesterday(tell(asha))
    preference = NotificationPreference.objects.get()
    hour = last_digest_hour(timezone.now())
    assert send_digest(preference_id=preference.pk, due_since=hour) is True
    assert send_digest(preference_id=preference.pk, due_since=hour) is False
    assert Letter.objects.count() == 1


def test_leaving_the_digest_sends_what_waits_or_drops_it() -> None:
    asha, bela = person("asha"), person("bela")
    for user in (asha, bela):
        choose_delivery(actor=user, by_email=Delivery.DAILY)
        tell(user)
    choose_delivery(actor=asha, by_email=Delivery.AT_ONCE)
    choose_delivery(actor=bela, by_email=Delivery.NONE)
    assert [letter.to for letter in Letter.objects.all()] == [asha.email]
    assert not Notification.objects.filter(for_digest=True, mailed_at=None).exists()
    with pytest.raises(Refused):
        choose_delivery(actor=asha, by_email="pigeon")


def test_the_hour_of_the_digest_is_today_or_yesterday() -> None:
    day = datetime.datetime(2026, 11, 23, 6, 59, tzinfo=datetime.UTC)
    assert last_digest_hour(day).day == 22
    assert last_digest_hour(day + datetime.timedelta(minutes=1)).day == 23


def test_nothing_is_told_of_steps_the_call_does_not_have() -> None:
    meera, (asha, kaveri) = officer(), startup()
    reviewed(meera, submitted(asha, open_call(meera), kaveri))  # reviews and a decision: no check, no panel
    told = Notification.objects.exclude(kind__startswith="review")
    assert not told.filter(kind__regex="check|technical|panel|offer|return").exists()


def test_the_header_counts_what_is_unread_and_each_opens_what_it_is_about() -> None:
    asha, other = person("asha"), person("other")
    first, second = tell(asha), tell(asha, "Second", "/notifications/")
    client = client_of(asha)
    assert 'class="told__count">2<' in client.get("/apply/").content.decode()
    assert client.get(f"/notifications/{first.pk}/")["Location"] == "/apply/"
    assert 'class="told__count">1<' in client.get("/apply/").content.decode()
    assert client_of(other).get(f"/notifications/{second.pk}/").status_code == 404
    assert client_of(other).post(f"/notifications/{second.pk}/read/").status_code == 404
    client.post("/notifications/read/")
    assert "told__count" not in client.get("/apply/").content.decode()
    assert mark_all_read(actor=asha) == 0


def test_a_path_that_leaves_the_house_is_not_followed() -> None:
    asha = person("asha")
    away = tell(asha, path="//elsewhere.example/")
    assert client_of(asha).get(f"/notifications/{away.pk}/")["Location"] == "/notifications/"


def test_the_choice_is_made_on_the_page() -> None:
    asha = person("asha")
    client = client_of(asha)
    assert client.post("/notifications/", {"by_email": "daily"}).status_code == 302
    assert NotificationPreference.objects.get().by_email == "daily"
    assert client.post("/notifications/", {"by_email": "pigeon"}).status_code == 422


def test_public_pages_do_not_count_notifications(django_assert_max_num_queries: Any) -> None:
    asha = person("asha")
    tell(asha)
    answer = client_of(asha).get("/calls/")
    assert "told__count" not in answer.content.decode()
    assert answer.status_code == 200


def test_the_list_asks_as_often_for_300_as_for_3(django_assert_max_num_queries: Any) -> None:
    asha = person("asha")
    client, counts = client_of(asha), []
    for start, stop in ((0, 3), (3, 300)):
        Notification.objects.bulk_create(
            Notification(user=asha, kind="x", text=f"Thing {n}", path="/apply/") for n in range(start, stop)
        )
        with django_assert_max_num_queries(12) as asked:
            client.get("/notifications/")
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
