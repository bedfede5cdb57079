"""An individual applies: as themselves, without an organisation, on a phone, without JavaScript."""

from typing import Any

import pytest

from grants.actions.applications import save_draft, start_alone, start_application, submit
from grants.models import Application
from mission.errors import Refused
from mission.models import Organisation
from tests.grants.test_sections import client_of, text_of
from tests.grants.world import ANSWERS, PROMISE, drafted, officer, open_call, startup, submitted
from tests.world import nation, person

pytestmark = pytest.mark.django_db


def test_the_room_of_somebody_without_an_organisation_shows_calls_for_individuals() -> None:
    open_call(officer(), applicants="individuals", title="Fellowship of one")
    nation()
    client = client_of(person("kofi"))
    page = text_of(client.get("/apply/"))
    assert "Fellowship of one" in page
    assert "For individuals" in page


def test_a_person_starts_alone_and_submits_without_javascript() -> None:
    call = open_call(officer(), applicants="individuals")
    nation()
    kofi = person("kofi")
    client, address = client_of(kofi), f"/calls/{call.slug}/start/"
    assert f'href="{address}">Apply as yourself' in text_of(client.get(call.get_absolute_url()))
    page = text_of(client.get(address))
    assert "As myself" in page
    assert "Where do you live?" in page
    missing = client.post(address, {"organisation": "myself"})
    assert missing.status_code == 422
    assert "Choose the nation where you live." in text_of(missing)
    began = client.post(address, {"organisation": "myself", "nation": "IN"})
    own = began["Location"]
    client.post(f"{own}basics/", {**ANSWERS, "version": "0"})
    client.post(f"{own}project/", {**ANSWERS, "version": "0"})
    done = client.post(f"{own}check/", {"declarations": [PROMISE]})
    assert done["Location"].endswith("/receipt/")
    application = Application.objects.get()
    assert application.organisation.type == "individual"
    assert application.organisation.name == "Kofi"


def test_who_stands_alone_already_is_not_asked_again() -> None:
    meera = officer()
    first, second = (open_call(meera, title=t, applicants="individuals") for t in ("First", "Second"))
    kofi = person("kofi")
    start_alone(actor=kofi, call=first, nation=nation())
    client = client_of(kofi)
    page = text_of(client.get(f"/calls/{second.slug}/start/"))
    assert "Where do you live?" not in page
    myself = Organisation.objects.get(type="individual")
    assert client.post(f"/calls/{second.slug}/start/", {"organisation": myself.pk}).status_code == 302
    assert Organisation.objects.filter(type="individual").count() == 1


def test_an_individual_does_not_apply_to_a_call_for_organisations_and_leaves_nothing_behind() -> None:
    call, kofi = open_call(officer()), person("kofi")
    with pytest.raises(Refused) as refused:
        start_alone(actor=kofi, call=call, nation=nation())
    assert refused.value.code == "not_eligible"
    assert not Organisation.objects.filter(type="individual").exists()
    assert "This call is for organisations" in text_of(client_of(kofi).get(f"/calls/{call.slug}/start/"))


def test_an_organisation_does_not_apply_to_a_call_for_individuals() -> None:
    call, (asha, kaveri) = open_call(officer(), applicants="individuals"), startup()
    with pytest.raises(Refused) as refused:
        start_application(actor=asha, call=call, organisation=kaveri)
    assert refused.value.code == "not_eligible"


def test_where_either_may_apply_one_chooses() -> None:
    call, (asha, kaveri) = open_call(officer(), applicants="either"), startup()
    client, address = client_of(asha), f"/calls/{call.slug}/start/"
    page = text_of(client.get(address))
    assert "Kaveri Labs" in page
    assert "As myself" in page
    client.post(address, {"organisation": kaveri.pk})
    client.post(address, {"organisation": "myself", "nation": "IN"})
    assert {a.organisation.type for a in Application.objects.all()} == {"startup", "individual"}


def test_a_call_that_is_not_open_cannot_be_started() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    type(call).objects.update(closes_at=call.opens_at + (call.closes_at - call.opens_at) / 100)
    answer = client_of(asha).post(f"/calls/{call.slug}/start/", {"organisation": kaveri.pk}, follow=True)
    assert "closed on" in text_of(answer)
    assert not Application.objects.exists()


def test_a_new_application_starts_from_an_earlier_one() -> None:
    meera, (asha, kaveri) = officer(), startup()
    earlier = submitted(asha, open_call(meera, title="Earlier"), kaveri)
    changed = [
        {"key": "plan", "kind": "long_text", "label": "The plan"},
        {"key": "licence", "kind": "short_text", "label": "Another kind of question"},
    ]
    call = open_call(meera, title="Later", questions=changed)
    client, address = client_of(asha), f"/calls/{call.slug}/start/"
    assert "Earlier" in text_of(client.get(address))
    client.post(address, {"organisation": kaveri.pk, "copy_from": earlier.reference})
    made = Application.objects.get(call=call)
    assert made.copied_from == earlier
    assert made.title == ANSWERS["title"]
    assert made.answers == {key: ANSWERS[key] for key in ("title", "summary", "gpu_hours", "plan")}
    assert made.requested_gpu_ms == earlier.requested_gpu_ms
    save_draft(actor=asha, application=made, answers={"plan": "New", "licence": "MIT"}, version=0)
    assert submit(actor=asha, application=made, declared=[PROMISE]).submitted_at


def test_nobody_copies_what_is_not_theirs() -> None:
    meera, (asha, kaveri), (omar, delta) = officer(), startup(), startup("Delta", "omar")
    theirs = drafted(omar, open_call(meera, title="Earlier"), delta)
    call = open_call(meera, title="Later")
    with pytest.raises(Refused) as refused:
        start_application(actor=asha, call=call, organisation=kaveri, copy_from=theirs)
    assert refused.value.status == 403
    typed = {"organisation": kaveri.pk, "copy_from": theirs.reference}
    client_of(asha).post(f"/calls/{call.slug}/start/", typed)
    assert not Application.objects.filter(call=call).exclude(answers={}).exists()


def test_the_start_page_asks_the_database_as_often_for_many_as_for_one(
    django_assert_max_num_queries: Any,
) -> None:
    meera, (asha, kaveri) = officer(), startup()
    call, client, counts = open_call(meera, title="Later"), client_of(asha), []
    for n in range(3):
        submitted(asha, open_call(meera, title=f"Earlier {n}"), kaveri)
        with django_assert_max_num_queries(20) as asked:
            assert client.get(f"/calls/{call.slug}/start/").status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2], counts
