"""Several people write at once: two sections never meet; on one the second chooses. Nothing is lost."""

import threading
from typing import Any

import pytest
from django.db import connection

from grants.actions.applications import save_draft, submit
from grants.models import Application
from mission.errors import Refused
from mission.models import Membership, User
from tests.grants.test_sections import IN_TWO, client_of, text_of, version_in
from tests.grants.world import PROMISE, drafted, officer, open_call, startup
from tests.world import person


def two_writers() -> tuple[User, User, Application]:
    call, (asha, kaveri) = open_call(officer(), questions=IN_TWO), startup()
    bela = person("bela")
    Membership.objects.create(user=bela, organisation=kaveri)
    return asha, bela, drafted(asha, call, kaveri)


def at_once(*acts: Any) -> list[Any]:
    """Run each in a thread of its own, all from one barrier; what each returned or was refused with."""
    ready, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Any) -> None:
        ready.wait()
        try:
            told[place] = act()
        except Refused as refused:
            told[place] = refused  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.django_db
def test_two_people_on_two_sections_never_meet() -> None:
    asha, bela, application = two_writers()
    save_draft(actor=asha, application=application, answers={"plan": "Hers"}, version=1, section="the-plan")
    save_draft(actor=bela, application=application, answers={"title": "His"}, version=1, section="basics")
    application.refresh_from_db()
    assert application.answers["plan"] == "Hers"
    assert application.title == "His"


@pytest.mark.django_db
def test_who_saves_the_whole_draft_is_told_to_whoever_had_a_section_open() -> None:
    asha, bela, application = two_writers()
    save_draft(actor=asha, application=application, answers={"plan": "Hers"}, version=1)
    with pytest.raises(Refused, match="Asha saved this section") as refused:
        save_draft(
            actor=bela, application=application, answers={"plan": "His"}, version=1, section="the-plan"
        )
    assert refused.value.code == "clash"


@pytest.mark.django_db
def test_the_second_sees_both_texts_and_nothing_is_overwritten() -> None:
    asha, bela, application = two_writers()
    address = f"{application.get_absolute_url()}the-plan/"
    client_of(asha).post(address, {"plan": "Hers", "version": "1"})
    second = client_of(bela)
    answer = second.post(address, {"plan": "His", "version": "1"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Asha saved this section" in page
    assert "Saved by Asha" in page
    assert "<p>Hers</p>" in page
    assert ">His</textarea>" in page.replace("> His", ">His")
    assert "data-autosave=" not in page, "a page that waits for a choice must not choose by itself"
    version = version_in(answer)
    undecided = second.post(address, {"plan": "His", "version": version, "clash-differs": "plan"})
    assert "Choose for each answer" in text_of(undecided)
    assert Application.objects.get().answers["plan"] == "Hers"


@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "kept"), [("mine", "His"), ("theirs", "Hers")])
def test_the_second_chooses(choice: str, kept: str) -> None:
    asha, bela, application = two_writers()
    address = f"{application.get_absolute_url()}the-plan/"
    client_of(asha).post(address, {"plan": "Hers", "version": "1"})
    typed = {"plan": "His", "version": "2", "clash-differs": "plan", "clash-plan": choice}
    answer = client_of(bela).post(address, typed)
    assert answer.status_code == 302
    assert Application.objects.get().answers["plan"] == kept


@pytest.mark.django_db
def test_while_one_chooses_a_third_save_is_shown_again() -> None:
    asha, bela, application = two_writers()
    address = f"{application.get_absolute_url()}the-plan/"
    first, second = client_of(asha), client_of(bela)
    first.post(address, {"plan": "Hers", "version": "1"})
    first.post(address, {"plan": "Hers, longer", "version": "2"})
    typed = {"plan": "His", "version": "2", "clash-differs": "plan", "clash-plan": "mine"}
    answer = second.post(address, typed)
    assert answer.status_code == 422
    assert "<p>Hers, longer</p>" in text_of(answer)
    assert Application.objects.get().answers["plan"] == "Hers, longer"


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_of_one_section_at_once_one_stands_and_the_others_are_told() -> None:
    asha, _bela, application = two_writers()
    told = at_once(
        *(
            lambda n=n: save_draft(
                actor=asha, application=application, answers={"plan": f"P{n}"}, version=1, section="the-plan"
            )
            for n in range(8)
        )
    )
    refused = [each for each in told if isinstance(each, Refused)]
    assert [each.code for each in refused] == ["clash"] * 7
    stands = next(each for each in told if not isinstance(each, Refused))
    assert Application.objects.get().answers["plan"] == stands.answers["plan"]


@pytest.mark.django_db(transaction=True)
def test_saves_of_different_sections_at_once_all_stand() -> None:
    asha, bela, application = two_writers()
    typed: list[tuple[User, str, dict[str, Any]]] = [
        (asha, "basics", {"title": "New title"}),
        (bela, "the-plan", {"plan": "New plan"}),
        (asha, "the-team", {"team": [{"name": "Chen", "role": "Data"}]}),
    ]
    told = at_once(
        *(
            lambda who=who, slug=slug, answers=answers: save_draft(
                actor=who, application=application, answers=answers, version=1, section=slug
            )
            for who, slug, answers in typed
        )
    )
    assert not [each for each in told if isinstance(each, Refused)]
    application.refresh_from_db()
    assert application.draft_version == 4
    assert (application.title, application.answers["plan"]) == ("New title", "New plan")
    assert application.answers["team"][0]["name"] == "Chen"


@pytest.mark.django_db(transaction=True)
def test_clicked_eight_times_at_once_it_is_submitted_once() -> None:
    asha, bela, application = two_writers()
    told = at_once(
        *(
            lambda who=who: submit(actor=who, application=application, declared=[PROMISE])
            for who in [asha, bela] * 4
        )
    )
    assert not [each for each in told if isinstance(each, Refused)]
    assert application.versions.count() == 1
    assert application.letters.filter(kind="receipt").count() == 1


@pytest.mark.django_db
def test_what_a_colleague_saved_after_the_check_is_not_submitted_unseen() -> None:
    asha, bela, application = two_writers()
    save_draft(actor=bela, application=application, answers={"plan": "Else"}, version=1, section="the-plan")
    with pytest.raises(Refused, match="Bela saved this application") as refused:
        submit(actor=asha, application=application, declared=[PROMISE], version=1)
    assert refused.value.code == "clash"
    address = f"{application.get_absolute_url()}check/"
    page = client_of(asha).post(address, {"declarations": [PROMISE], "version": "1"})
    assert page.status_code == 422
    assert 'name="version" value="2"' in text_of(page)
    assert client_of(asha).post(address, {"declarations": [PROMISE], "version": "2"}).status_code == 302
