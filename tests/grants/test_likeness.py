"""Applications that are alike are pointed out to officers, and to nobody else."""

import random
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.template import Context, Template

from grants.actions.applications import start_application, submit
from grants.actions.likeness import record_due_likeness
from grants.actions.reviews import assign_reviewer, declare_no_conflict
from grants.models import Application, Call, Sketch, SketchHash
from grants.models.likeness import to_sketch
from grants.models.overlaps import overlaps
from grants.models.shingles import share, shingles, words
from mission.models import Membership, Organisation, Role, User
from tests.grants.world import ANSWERS, PROMISE, officer, open_call, startup
from tests.world import organisation, person

ASKED = [
    {"key": "plan", "kind": "long_text", "label": "Your plan"},
    {"key": "team", "kind": "team", "label": "Team", "required": False},
    {"key": "code", "kind": "github", "label": "GitHub", "required": False},
]
VOCABULARY = [
    a + b for a in ("ka", "re", "mo", "ti", "su", "pa", "lo") for b in ("ra", "ni", "ku", "lem", "tos")
]


def prose(seed: int, count: int = 300) -> str:
    """Words in an order of their own: nothing in common with another seed."""
    return " ".join(random.Random(seed).choices(VOCABULARY, k=count))


def sent(of: Organisation, actor: User, call: Call, **answers: Any) -> Application:
    from grants.actions.applications import save_draft

    begun = start_application(actor=actor, call=call, organisation=of)
    given = {**ANSWERS, "summary": prose(of.pk * 1000 + 1, 40), "title": f"Of {of.name}", **answers}
    saved = save_draft(actor=actor, application=begun, answers=given, version=begun.draft_version)
    return submit(actor=actor, application=saved, declared=[PROMISE])


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """One call and another; Kaveri has applied with text 1."""
    meera = officer()
    asha, kaveri = startup()
    call = open_call(meera, questions=ASKED)
    return {
        "meera": meera,
        "asha": asha,
        "kaveri": kaveri,
        "call": call,
        "other_call": open_call(meera, questions=ASKED, title="A second call"),
        "first": sent(kaveri, asha, call, plan=prose(1)),
    }


def reasons(application: Application, seen_by: User) -> dict[str, list[str]]:
    record_due_likeness()
    return {each.other.organisation.name: each.reasons for each in overlaps(application, seen_by=seen_by)}


# --- texts -----------------------------------------------------------------------------------------


def test_words_are_found_in_every_script() -> None:
    assert words("Wir prüfen, schnell!") == ["wir", "prüfen", "schnell"]
    assert words("हिन्दी भाषा।") == ["हिन्दी", "भाषा"]
    assert words("عربي؟ 123") == ["عربي", "123"]
    assert words("開かれた AI") == ["開", "か", "れ", "た", "ai"]
    assert words("ﬁne Ｔext") == ["fine", "text"]  # ligatures and full-width letters


@pytest.mark.parametrize(
    "text",
    [
        prose(1),
        "ठीक है " * 3 + " ".join(f"शब्द{n}" for n in range(80)),
        "開" + "".join(map(chr, range(0x4E00, 0x4E80))),
    ],
)
def test_what_is_moved_around_and_wrapped_is_still_found(text: str) -> None:
    half = len(text) // 2
    moved = f"A beginning of our own. {text[half:]} And between them. {text[:half]} An end."
    assert share(shingles([text]), shingles([moved])) > 0.85
    assert share(shingles([text]), shingles([text.upper()])) > 0.95


def test_texts_of_the_same_subject_are_not_alike() -> None:
    one = "We will collect two thousand hours of Marathi speech from radio archives and train a model on it."
    other = "Our laboratory trains a speech recogniser for Marathi; recordings come from village volunteers."
    assert share(shingles([one]), shingles([other])) == 0
    assert share(shingles(["Yes"]), shingles([prose(1) + " Yes"])) < 0.01  # a short text says nothing


# --- officers ---------------------------------------------------------------------------------------


def test_the_same_answers_of_another_organisation_are_pointed_out_with_their_share(
    world: dict[str, Any],
) -> None:
    lena = person("lena")
    copied = prose(1, 150) + " " + prose(2, 150)  # half of it is Kaveri's
    theirs = sent(organisation(lena, "Copyists"), lena, world["call"], plan=copied)
    sent(
        organisation(person("ravi"), "Honest"),
        User.objects.get(email="ravi@example.org"),
        world["call"],
        plan=prose(3),
    )
    record_due_likeness()
    (found,) = overlaps(world["first"], seen_by=world["meera"])
    assert found.other == theirs
    assert 0.35 < found.share < 0.55
    assert found.reasons == [f"{found.percent} % of the shorter text stands in both."]
    (back,) = overlaps(theirs, seen_by=world["meera"])
    assert back.other == world["first"]


def test_the_same_applicant_in_parallel_and_earlier_calls_is_pointed_out(world: dict[str, Any]) -> None:
    sent(world["kaveri"], world["asha"], world["other_call"], plan=prose(4))
    assert reasons(world["first"], world["meera"]) == {
        "Kaveri Labs": ["The same applicant, in “A second call”."]
    }


def test_the_same_people_and_accounts_are_pointed_out(world: dict[str, Any]) -> None:
    lena, ravi = person("lena"), person("ravi")
    team = [{"name": "Asha", "role": "Lead", "email": "Asha@Kaveri.example", "github": "Asha-K"}]
    mine = sent(world["kaveri"], world["asha"], world["other_call"], plan=prose(5), team=team)
    sent(organisation(lena, "Sister"), lena, world["call"], plan=prose(6), code="https://github.com/asha-k")
    cousin = organisation(ravi, "Cousin")
    Membership.objects.create(user=world["asha"], organisation=cousin)
    sent(cousin, ravi, world["call"], plan=prose(7))
    found = reasons(mine, world["meera"])
    assert found["Sister"] == ["Both name github.com/asha-k."]
    assert found["Cousin"] == ["Asha: a member of both applicants."]


def test_an_officer_does_not_see_the_application_of_whom_they_are_bound_to(world: dict[str, Any]) -> None:
    lena = person("lena")
    copyists = organisation(lena, "Copyists")
    sent(copyists, lena, world["call"], plan=prose(1))
    assert set(reasons(world["first"], world["meera"])) == {"Copyists"}
    Membership.objects.create(
        user=world["meera"], organisation=copyists, since="2020-01-01", until="2021-01-01"
    )
    assert reasons(world["first"], world["meera"]) == {}


def test_applicants_and_reviewers_are_told_nothing_and_drafts_are_not_read(world: dict[str, Any]) -> None:
    lena, ravi = person("lena"), person("ravi", Role.REVIEWER)
    copyists = organisation(lena, "Copyists")
    sent(copyists, lena, world["call"], plan=prose(1))
    review = assign_reviewer(actor=world["meera"], application=world["first"], reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    assert reasons(world["first"], ravi) == reasons(world["first"], world["asha"]) == {}
    draft = start_application(actor=lena, call=world["other_call"], organisation=copyists)
    Application.objects.filter(pk=draft.pk).update(answers={"plan": prose(1)})
    assert set(reasons(world["first"], world["meera"])) == {"Copyists"}
    assert Sketch.objects.count() == 2


def test_a_new_version_takes_the_place_of_the_old_sketch(world: dict[str, Any]) -> None:
    assert record_due_likeness() == 1
    assert record_due_likeness() == 0
    before = set(SketchHash.objects.values_list("hash", flat=True))
    version = world["first"].submitted_version()
    version.pk, version.number = None, 2
    version.answers = {**version.answers, "plan": prose(8)}
    version.save(force_insert=True)
    assert [each.number for each in to_sketch()] == [2]
    record_due_likeness()
    after = set(SketchHash.objects.values_list("hash", flat=True))
    assert len(after - before) > 30
    assert Sketch.objects.get().version == 2
    call_command("record_likeness", "--all")
    assert set(SketchHash.objects.values_list("hash", flat=True)) == after


def test_the_page_shows_them_and_costs_the_same_for_many(
    world: dict[str, Any], rf: Any, django_assert_max_num_queries: Any
) -> None:
    request = rf.get("/")
    request.user = User.objects.get(pk=world["meera"].pk)
    template = Template("{% load overlaps %}{% overlaps application %}")

    def page() -> str:
        record_due_likeness()
        with django_assert_max_num_queries(12):
            return template.render(Context({"request": request, "application": world["first"]}))

    assert "No other application has the same applicant" in page()
    for n in range(14):
        lena = person(f"lena{n}")
        sent(organisation(lena, f"Copyists {n}"), lena, world["call"], plan=prose(1))
    assert page().count("stands in both") == 10


def copies(table: str, of: str, count: int, **others: str) -> None:
    """`count` copies of the one row where `of` holds; `others` are columns that differ, in SQL over `n`."""
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
        columns.remove("id")
        names = ", ".join(columns)
        values = ", ".join(others.get(name, name) for name in columns)
        numbers = f"generate_series(1, {count}) AS n"
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, {numbers} WHERE {of}")


@pytest.mark.slow
def test_twenty_thousand_applications_are_searched_quickly_even_where_all_share_a_text(
    world: dict[str, Any],
) -> None:
    first = world["first"]
    record_due_likeness()
    copies(
        "grants_application",
        f"id = {first.pk}",
        20_000,
        reference="'B-' || n",
        status="'withdrawn'",
        search="NULL",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO grants_sketch SELECT id, 1 FROM grants_application WHERE reference LIKE 'B-%%';
            INSERT INTO grants_sketchhash (hash, sketch_id)
            SELECT CASE WHEN hash %% 2 = 0 THEN hash ELSE hash + application_id END, application_id
            FROM grants_sketchhash, grants_sketch WHERE sketch_id = %s AND application_id <> sketch_id;
            ANALYZE grants_sketchhash, grants_application, grants_applicationversion
            """,
            [first.pk],
        )
    copies(
        "grants_applicationversion", f"application_id = {first.pk}", 20_000, application_id=f"{first.pk} + n"
    )
    began = time.perf_counter()
    found = overlaps(first, seen_by=world["meera"])
    took = time.perf_counter() - began
    assert len(found) == 10
    assert took < 5, f"{took:.2f} s"  # a scan of everything takes far longer
