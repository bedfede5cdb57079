"""Writing a call: from a starter or a copy, rows added and moved without a script, nothing typed lost."""

import datetime
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import timezone

from grants.actions.applications import start_application
from grants.actions.calls import clone_call, create_call, edit_call, ensure_programme, publish_due_calls
from grants.models import Call, ProgrammeKind
from grants.models.questions import validate_questions
from grants.models.starters import starter
from mission.errors import Refused
from mission.models import AuditEntry, Role
from tests.grants.test_pages import client_of, text_of
from tests.grants.world import draft_call, officer, open_call, startup, submitted
from tests.grants.world_calls import started
from tests.world import person

pytestmark = pytest.mark.django_db
ASKED = ("questions", "criteria", "deliverables", "routes", "eligibility", "declarations", "terms")


class Typed(HTMLParser):
    """What a browser would send of the page's form, as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self.select = self.area = ""
        self.feed(page[page.index('class="form form--call"') :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name, value = at.get("name") or "", at.get("value") or ""
        if tag == "input" and name and at.get("type") in {"checkbox", "radio"}:
            if "checked" in at:
                self.data.setdefault(name, []).append(value or "on")
        elif tag == "input" and name:
            self.data[name] = value
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in at:
            self.data.setdefault(self.select, []).append(value)
        elif tag == "textarea":
            self.area, self.data[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":  # a browser leaves out the first line break
            self.data[self.area] = self.data[self.area].removeprefix("\n")
            self.area = ""


def typed(answer: Any, **more: Any) -> dict[str, Any]:
    return {**Typed(answer.content.decode()).data, **more}


@pytest.mark.parametrize("kind", list(ProgrammeKind.values))
def test_a_starter_kept_with_a_title_alone_asks_and_judges_as_the_starter_does(kind: str) -> None:
    ensure_programme(actor=None, kind=kind)
    desk = client_of(officer())
    address = f"/desk/calls/new/?kind={kind}"
    answer = desk.post(address, typed(desk.get(address), title="Ready in a minute"))
    assert answer.status_code == 302, text_of(answer)
    call, expected = Call.objects.get(), starter(kind)
    assert call.programme.kind == kind
    for name in ASKED:
        assert plain(getattr(call, name)) == plain(expected[name]), name
    for name in ("applicants", "appeal_days", "grace_minutes"):
        assert getattr(call, name) == expected[name]
    assert call.budget_gpu_ms == expected.get("budget_gpu_ms", 0)
    assert call.budget_money == expected.get("budget_money", 0)
    assert desk.post(f"/desk/calls/{call.slug}/publish/", follow=True).status_code == 200
    call.refresh_from_db()
    assert call.status == "published"


def plain(value: Any) -> Any:
    """Without what says nothing: an empty help is no help."""
    if not isinstance(value, list):
        return value.replace("\r\n", "\n")
    empty: tuple[Any, ...] = ("", None, [], {}, False)
    return [
        {k: v for k, v in item.items() if v not in empty and (k, v) != ("required", True)}
        if isinstance(item, dict)
        else item
        for item in value
    ]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("criteria:down:0", ["Plan", "Commons"]),
        ("criteria:up:1", ["Plan", "Commons"]),
        ("criteria:up:0", ["Commons", "Plan"]),
        ("criteria:out:0", ["Plan"]),
        ("criteria:copy:1", ["Commons", "Plan", "Plan"]),
        ("criteria:add", ["Commons", "Plan", ""]),
        ("criteria:up:77", ["Commons", "Plan"]),
        ("criteria:dance:1", ["Commons", "Plan"]),
        ("nothing", ["Commons", "Plan"]),
    ],
)
def test_rows_move_without_a_script_and_everything_typed_stays(wish: str, expected: list[str]) -> None:
    two = [{"key": "commons", "label": "Commons", "weight": 1}, {"key": "plan", "label": "Plan", "weight": 2}]
    meera = officer()
    call = draft_call(meera, criteria=two)
    desk, address = client_of(meera), f"/desk/calls/{call.slug}/edit/"
    sent = typed(desk.get(address), title="Half a", closes_at="nonsense", row=wish)
    page = desk.post(address, sent)
    assert page.status_code == 200
    now = typed(page)
    assert now["title"] == "Half a"
    assert now["closes_at"] == "nonsense"  # shown as it was typed, not judged before it is kept
    assert [now[f"criteria-{n}-label"] for n in range(int(now["criteria-TOTAL_FORMS"]))] == expected
    assert now["questions-0-label"] == call.questions[0]["label"]
    call.refresh_from_db()
    assert [item["label"] for item in call.criteria] == ["Commons", "Plan"]


def test_a_question_may_hang_on_a_choice_added_on_the_same_page() -> None:
    meera = officer()
    desk, address = client_of(meera), f"/desk/calls/{draft_call(meera, questions=[]).slug}/edit/"
    first = typed(desk.post(address, typed(desk.get(address), row="questions:add")))
    first |= {
        "questions-0-label": "Is it new?",
        "questions-0-kind": "choice",
        "questions-0-choices": "Yes\nNo",
    }
    page = desk.post(address, {**first, "row": "questions:add"})
    assert '<option value="is_it_new">Is it new?</option>' in text_of(page)
    second = typed(page) | {
        "questions-1-label": "Since when?",
        "questions-1-kind": "short_text",
        "questions-1-shown_if": "is_it_new",
        "questions-1-shown_for": "No",
    }
    assert desk.post(address, second).status_code == 302
    questions = Call.objects.get().questions
    validate_questions(questions)
    assert questions[1]["shown_if"] == {"question": "is_it_new", "is": ["No"]}


def test_what_is_wrong_in_a_row_is_told_with_a_link_to_it() -> None:
    meera = officer()
    desk, address = client_of(meera), f"/desk/calls/{draft_call(meera).slug}/edit/"
    sent = typed(desk.get(address)) | {"questions-1-choices": "Only one", "criteria-0-weight": "much"}
    answer = desk.post(address, sent)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'href="#questions-1"' in page
    assert "Write two choices or more" in page
    assert 'href="#criteria-0"' in page
    assert "Only one" in page


def test_a_clone_asks_and_judges_the_same_and_opens_now() -> None:
    meera = officer()
    one = started(meera, "dataset")
    before = timezone.now()
    copy = clone_call(actor=meera, call=one, title="The same again")
    for name in (*ASKED, "budget_money", "currency", "applicants", "appeal_days"):
        assert getattr(copy, name) == getattr(one, name), name
    assert (copy.status, copy.cloned_from, copy.slug) == ("draft", one, "the-same-again")
    assert copy.opens_at >= before
    assert copy.closes_at - copy.opens_at == one.closes_at - one.opens_at


def test_a_copy_by_hand_starts_from_the_form_filled() -> None:
    meera = officer()
    one = started(meera, "benchmark")
    desk, address = client_of(meera), f"/desk/calls/new/?from={one.slug}"
    desk.post(address, typed(desk.get(address), title="Next year's lab"))
    copy = Call.objects.get(title="Next year's lab")
    assert copy.cloned_from == one
    assert plain(copy.questions) == plain(one.questions)


def test_changed_terms_are_a_new_version() -> None:
    meera = officer()
    call = draft_call(meera, terms="Publish it.")
    call = edit_call(actor=meera, call=call, revision=1, terms="Publish it.", title="Another")
    assert call.terms_version == 1
    assert edit_call(actor=meera, call=call, revision=2, terms="Publish all of it.").terms_version == 2


def test_the_clock_publishes_a_call_once_and_not_before_its_moment() -> None:
    meera, now = officer(), timezone.now()
    later = draft_call(meera, title="Later", publish_at=now + datetime.timedelta(hours=1))
    due = draft_call(meera, title="Due", publish_at=now - datetime.timedelta(minutes=1))
    assert (publish_due_calls(), publish_due_calls()) == (1, 0)
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.status, later.status) == ("published", "draft")
    entry = AuditEntry.objects.get(verb="call.published")
    assert (entry.actor, entry.target_id) == (None, str(due.pk))


def test_a_call_that_cannot_be_published_any_more_tells_the_desk_why() -> None:
    meera, now = officer(), timezone.now()
    call = draft_call(meera, publish_at=now)
    Call.objects.filter(pk=call.pk).update(criteria=[])
    assert publish_due_calls() == 0
    call.refresh_from_db()
    assert (call.status, call.publish_at) == ("draft", None)
    page = text_of(client_of(meera).get(f"/desk/calls/{call.slug}/"))
    assert "It was not published by itself" in page
    assert "Reviewers need at least one criterion" in page


def test_a_moment_of_publication_after_the_close_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        draft_call(officer(), publish_at=timezone.now() + datetime.timedelta(days=40))
    assert refused.value.field == "publish_at"


def test_the_preview_draws_every_question_from_the_applicants_own_forms_and_sends_nothing() -> None:
    meera = officer()
    call = create_call(
        actor=meera,
        programme=ensure_programme(actor=meera, kind="dataset"),
        opens_at=timezone.now(),
        closes_at=timezone.now() + datetime.timedelta(days=9),
        **{**starter("dataset"), "title": "Voices"},
    )
    address = f"/desk/calls/{call.slug}/preview/"
    page = text_of(client_of(meera).get(address))
    for question in call.read_questions():
        assert question.label in page.replace("&#x27;", "'"), question.key
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    assert '<button class="button">' not in page
    assert client_of(person("asha")).get(address).status_code == 404


def test_the_desk_sees_which_promises_are_about_to_be_broken() -> None:
    meera, (asha, kaveri) = officer(), startup()
    route = {"route": "desk", "service_days": 2, "steps": [{"step": "check"}, {"step": "decision"}]}
    call = open_call(meera, routes=[route])
    application = submitted(asha, call, kaveri)
    assert application.due_on
    desk = client_of(meera)
    assert "1 decision is due within three working days" in text_of(desk.get(f"/desk/calls/{call.slug}/"))
    type(application).objects.update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    page = text_of(desk.get(f"/desk/calls/{call.slug}/"))
    assert "1 decision is overdue" in page
    assert application.reference in page


def test_the_public_page_says_how_long_each_route_takes_and_what_points_mean() -> None:
    call = started(officer(), "compute")
    page = text_of(client_of(person("asha")).get(call.get_absolute_url()))
    for words in ("Up to 500 GPU-hours", "15 working days", "60 working days", "Everything larger"):
        assert words in page
    assert "Working days are all days but Saturday and Sunday" in page
    assert call.criteria[0]["anchors"]["5"] in page
    assert "What is made with the award is published" in page


@pytest.mark.parametrize("page", ["", "edit/", "preview/", "exceptions/", "amend/"])
def test_pages_of_a_call_ask_the_database_as_often_for_many_rows_as_for_few(
    page: str, django_assert_max_num_queries: Any
) -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = draft_call(meera) if page == "edit/" else started(meera, "compute")
    desk, counts = client_of(meera), []
    for n in range(3):
        if page != "edit/":
            start_application(actor=asha, call=call, organisation=kaveri)
            kaveri = startup(f"Other {n}", "asha")[1] if n > 5 else kaveri
        with django_assert_max_num_queries(25) as asked:
            assert desk.get(f"/desk/calls/{call.slug}/{page}").status_code == 200
        counts.append(len(asked))
    assert len(set(counts[1:])) == 1, counts


def test_an_auditor_reads_a_call_and_is_offered_nothing_to_write() -> None:
    call = started(officer(), "compute")
    auditor = client_of(person("sam", Role.AUDITOR))
    page = text_of(auditor.get(f"/desk/calls/{call.slug}/"))
    assert "Announce a change" not in page
    for path in ("begin/", "new/", f"{call.slug}/amend/", f"{call.slug}/exceptions/"):
        assert auditor.get(f"/desk/calls/{path}").status_code == 404
