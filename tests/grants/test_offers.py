"""An offer is answered by who may bind the applicant, in time, once; what is not taken goes back."""

import datetime
import zoneinfo
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.decisions import decide
from grants.actions.offers import accept_offer, decline_offer, extend_offer, lapse_due_offers, lapse_offer
from grants.models import Application, Award, Call, Letter, Notification, Offer
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import Role, User
from tests.grants.world import officer
from tests.grants.world_deciding import TERMS, at_once, founder_of, offering, ready, with_settings
from tests.world import person

AMOUNTS: dict[str, Any] = {"gpu_ms": gpu_ms(300), "money": Decimal(20_000)}


def offered(actor: User | None = None) -> Offer:
    meera = actor or officer()
    (application,) = ready(offering(meera, money=50_000))
    decide(actor=meera, application=application, kind="award", reason="Strong", feedback="Bravo.", **AMOUNTS)
    return Offer.objects.select_related("application__organisation", "application__call").get()


def colleague_of(application: Application) -> User:
    user = person("colleague")
    application.organisation.memberships.create(user=user)
    return user


def past(offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(answer_by=timezone.now() - datetime.timedelta(seconds=1))


def held() -> tuple[int, Decimal]:
    return Call.objects.values_list("held_gpu_ms", "held_money").get()


@pytest.mark.django_db
def test_an_offer_pins_the_terms_and_awards_nothing_yet() -> None:
    offer = offered()
    assert (offer.terms, offer.terms_version) == (TERMS, 3)
    with_settings(offer.application.call, terms="Other terms.", terms_version=4)
    offer.refresh_from_db()
    assert offer.terms == TERMS
    assert Application.objects.get().status == "offered"
    assert not Award.objects.exists()
    assert held() == (gpu_ms(300), Decimal(20_000))
    letter = Letter.objects.get(kind="offer")
    assert "300 GPU-hours and INR 20,000" in letter.body
    assert "/offer/" in letter.body
    assert "  - A Marathi speech model, due " in letter.body
    assert Notification.objects.filter(kind="offer").count() == 1


@pytest.mark.django_db
def test_accepting_makes_the_award_with_everything() -> None:
    offer = offered()
    asha = founder_of(offer.application)
    with pytest.raises(Refused) as refused:
        accept_offer(actor=asha, offer=offer, terms_read=False)
    assert refused.value.field == "terms_read"
    award = accept_offer(actor=asha, offer=offer, terms_read=True)
    assert (award.gpu_ms, award.money, award.currency) == (gpu_ms(300), Decimal(20_000), "INR")
    assert award.lots.get().granted_ms == gpu_ms(300)
    assert award.deliverables.count() == 1
    assert Role.GRANTEE in User.objects.get(pk=asha.pk).roles
    assert "Bravo." in Letter.objects.get(kind="award").body
    assert Notification.objects.filter(user__email="officer@example.org", kind="offer_accepted").exists()
    assert accept_offer(actor=asha, offer=offer, terms_read=True) == award
    assert Award.objects.count() == 1


@pytest.mark.django_db
def test_only_an_owner_answers_and_the_others_are_told_who() -> None:
    offer = offered()
    colleague = colleague_of(offer.application)
    for act in (
        lambda: accept_offer(actor=colleague, offer=offer, terms_read=True),
        lambda: decline_offer(actor=colleague, offer=offer),
    ):
        with pytest.raises(Refused, match="Only an owner of Lab 0 may answer an offer: Founder0") as refused:
            act()
        assert refused.value.status == 403
    with pytest.raises(Refused):
        accept_offer(actor=person("stranger"), offer=offer, terms_read=True)


@pytest.mark.django_db
def test_declined_money_and_hours_go_back_to_the_call() -> None:
    offer = offered()
    asha = founder_of(offer.application)
    declined = decline_offer(actor=asha, offer=offer, words="Other funds came.")
    assert (declined.status, declined.words, declined.answered_by) == ("declined", "Other funds came.", asha)
    assert Application.objects.get().status == "turned_down"
    assert held() == (0, 0)
    with pytest.raises(Refused, match="You did this already"):
        decline_offer(actor=asha, offer=offer)
    assert held() == (0, 0)


@pytest.mark.django_db
def test_whoever_decided_is_told_who_is_next_when_a_budget_comes_back() -> None:
    meera = officer()
    first, second, third = ready(offering(meera), n=3)
    for row, place in ((second, 2), (third, 1)):
        decide(actor=meera, application=row, kind="wait", reason="Budget", place=place)
    Application.objects.filter(pk=third.pk).update(title="The next one")
    decide(actor=meera, application=first, kind="award", reason="Strong", gpu_ms=gpu_ms(900))
    decline_offer(actor=founder_of(first), offer=Offer.objects.get())
    told = Notification.objects.get(user=meera, kind="offer_declined")
    assert "Next on the waiting list: “The next one”." in told.text
    assert told.path == f"/desk/calls/{first.call.slug}/ranking/"


@pytest.mark.django_db
def test_an_unanswered_offer_lapses_once_and_can_no_longer_be_taken() -> None:
    offer = offered()
    assert lapse_due_offers() == 0
    past(offer)
    offer.refresh_from_db()
    with pytest.raises(Refused, match="It stands no more"):
        accept_offer(actor=founder_of(offer.application), offer=offer, terms_read=True)
    assert lapse_due_offers() == 1
    assert lapse_due_offers() == 0
    assert Application.objects.get().status == "lapsed"
    assert held() == (0, 0)
    assert Letter.objects.filter(kind="offer_lapsed").count() == 1
    assert not Award.objects.exists()


@pytest.mark.django_db
def test_an_officer_gives_more_time_with_a_reason() -> None:
    meera = officer()
    offer = offered(meera)
    later = offer.answer_by + datetime.timedelta(days=7)
    for answer_by, reason in ((later, " "), (offer.answer_by, "Holidays")):
        with pytest.raises(Refused):
            extend_offer(actor=meera, offer=offer, answer_by=answer_by, reason=reason)
    assert extend_offer(actor=meera, offer=offer, answer_by=later, reason="Holidays").answer_by == later
    assert not lapse_offer(offer=offer)
    with pytest.raises(Refused):
        extend_offer(actor=founder_of(offer.application), offer=offer, answer_by=later, reason="For us")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_the_page_of_the_offer_shows_all_and_lets_an_owner_accept(
    django_assert_max_num_queries: Any,
) -> None:
    offer = offered()
    founder, url = client_of(founder_of(offer.application)), f"/apply/{offer.application.reference}/offer/"
    with django_assert_max_num_queries(14):
        page = founder.get(url).content.decode()
    for words in ("300 GPU-hours", "INR 20,000", TERMS, "Version 3", "Bravo.", "A Marathi speech model"):
        assert words in page
    answer = founder.post(url, {"accept": "1"})
    assert answer.status_code == 422
    assert "Say that you read the terms." in answer.content.decode()
    answer = founder.post(url, {"accept": "1", "terms_read": "on"}, follow=True)
    assert "Accepted. Your award is OSAI-" in answer.content.decode()
    again = founder.post(url, {"turn_down": "1", "words": "Changed our mind"})
    assert again.status_code == 422
    assert "You did this already" in again.content.decode()
    assert Application.objects.get().status == "awarded"


@pytest.mark.django_db
def test_a_colleague_reads_the_offer_and_is_told_who_answers() -> None:
    offer = offered()
    colleague = client_of(colleague_of(offer.application))
    url = f"/apply/{offer.application.reference}/offer/"
    page = colleague.get(url).content.decode()
    assert "Founder0" in page
    assert "Accept the award" not in page
    answer = colleague.post(url, {"accept": "1", "terms_read": "on"})
    assert answer.status_code == 422
    assert Application.objects.get().status == "offered"
    assert client_of(person("stranger")).get(url).status_code == 404


@pytest.mark.django_db
def test_the_desk_sees_the_answer_and_gives_more_time(django_assert_max_num_queries: Any) -> None:
    meera = officer()
    offer = offered(meera)
    client, url = client_of(meera), f"/desk/applications/{offer.application.reference}/offer/"
    client.get(url)
    with django_assert_max_num_queries(14):
        assert "Give more time" in client.get(url).content.decode()
    day = (timezone.localdate() + datetime.timedelta(days=60)).isoformat()
    client.post(url, {"until": day, "reason": "Holidays"})
    offer.refresh_from_db()
    kolkata = zoneinfo.ZoneInfo(offer.application.call.time_zone)
    assert timezone.localdate(offer.answer_by, kolkata).isoformat() == day
    early = client.post(url, {"until": "2020-01-01", "reason": "Holidays"})
    assert "Choose a day after the one it has now." in early.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("overdue", [False, True])
def test_accept_decline_and_lapse_at_once_do_one_thing_and_give_back_once(overdue: bool) -> None:
    offer = offered()
    asha = founder_of(offer.application)
    if overdue:
        past(offer)
    results = at_once(
        *[lambda: accept_offer(actor=asha, offer=offer, terms_read=True)] * 3,
        *[lambda: decline_offer(actor=asha, offer=offer)] * 3,
        *[lapse_due_offers] * 3,
    )
    assert all(isinstance(result, Award | Offer | Refused | int) for result in results), results
    offer.refresh_from_db()
    status = Application.objects.get().status
    kept = {"accepted": "awarded", "declined": "turned_down", "lapsed": "lapsed"}
    assert status == kept[offer.status]
    assert overdue == (offer.status == "lapsed")
    assert Award.objects.count() == (status == "awarded")
    assert held() == ((gpu_ms(300), Decimal(20_000)) if status == "awarded" else (0, 0))
