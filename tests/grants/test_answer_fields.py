"""Drawing questions and reading the answers back: without a script, and nothing typed is lost."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grants.forms.answers import AnswersForm
from grants.models.files import Attachment
from grants.models.questions import QuestionKind, answer_in_words, read_question
from grants.models.questions.tables import columns_of
from mission.models import Language
from tests.grants.world import drafted, officer, open_call, startup

CHOICES = ["Yes", "No", "“Perhaps” & more"]
KINDS = [kind for kind in QuestionKind if kind != QuestionKind.FILE]
ALL = [
    read_question({"key": str(kind), "kind": kind, "label": kind.label, "choices": CHOICES}) for kind in KINDS
]
MENU = read_question(
    {"key": "menu", "kind": "choice", "label": "Menu", "choices": [str(n) for n in range(20)]}
)


class Browser(HTMLParser):
    """What a browser without a script would send of a form: its successful controls."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sent = QueryDict(mutable=True)
        self.area = self.menu = ""
        self.text = ""
        self.ids: list[str] = []
        self.lists: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in pairs}
        self.ids += [has["id"]] if has.get("id") else []
        self.lists |= {has["list"]} if has.get("list") else set()
        if tag == "input" and (has.get("type") not in {"radio", "checkbox"} or "checked" in has):
            self.sent.appendlist(has["name"], has.get("value", ""))
        elif tag == "textarea":
            self.area, self.text = has["name"], ""
        elif tag == "select":
            self.menu = has["name"]
        elif tag == "option" and self.menu and "selected" in has:
            self.sent.appendlist(self.menu, has["value"])

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent.appendlist(self.area, self.text.removeprefix("\n"))
        elif tag == "select":
            self.menu = ""


# What a browser lets one type: no control signs, in one line no ends of lines.
LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)
SAID = LINE.filter(lambda text: bool(text.strip()))


def answer_of(kind: str) -> st.SearchStrategy[Any]:
    if kind == QuestionKind.SEVERAL:
        offered = [*CHOICES, "no longer offered"]  # a browser sends them in the order of the page
        return st.sets(st.sampled_from(offered)).map(lambda some: sorted(some, key=offered.index))
    if kind == QuestionKind.CHOICE:
        return st.sampled_from([*CHOICES, "no longer offered"])
    if kind == QuestionKind.LANGUAGES:
        return st.lists(SAID, max_size=4)
    if kind in {"team", "milestones", "gpu_table"}:
        columns = [column.key for column in columns_of(kind)]
        row = st.fixed_dictionaries(dict.fromkeys(columns, LINE))
        return st.lists(row.filter(lambda cells: any(cell.strip() for cell in cells.values())), max_size=4)
    if kind == QuestionKind.LONG_TEXT:
        return st.lists(LINE, max_size=3).map("\n".join)
    return LINE


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.fixed_dictionaries({str(kind): answer_of(kind) for kind in KINDS}))
def test_what_was_typed_comes_back_from_the_page_as_it_was(answers: dict[str, Any]) -> None:
    drawn = Browser(str(AnswersForm(ALL, initial={**answers, "version": 3})))
    again = AnswersForm(ALL, drawn.sent)
    assert again.typed() == answers
    assert again.seen_version() == 3
    # Once more from the page that shows what is wrong.
    assert AnswersForm(ALL, Browser(str(again)).sent).typed() == answers
    assert len(drawn.ids) == len(set(drawn.ids))


def form(*questions: dict[str, Any], data: Any = None, **more: Any) -> AnswersForm:
    return AnswersForm([read_question({"label": "It", **item}) for item in questions], data, **more)


def post(text: str) -> QueryDict:
    return QueryDict(text)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_question_that_is_not_on_the_page_keeps_what_is_saved(kind: str) -> None:
    asked = form({"key": "it", "kind": kind, "choices": CHOICES}, data=post("version=1"))
    assert asked.typed() == {}


def test_a_menu_keeps_an_answer_that_is_not_offered_any_more() -> None:
    drawn = str(AnswersForm([MENU], initial={"menu": "99"}))
    assert "99 (not offered)" in drawn
    assert AnswersForm([MENU], Browser(drawn).sent).typed() == {"menu": "99"}


def test_unticking_every_box_is_an_answer() -> None:
    asked = form({"key": "it", "kind": "several", "choices": CHOICES}, data=post("version=1&it-asked=1"))
    assert asked.typed() == {"it": []}


def test_a_wrong_cell_is_marked_and_told_at_its_row() -> None:
    data = post(
        "version=1&team-0-name=Asha&team-0-role=Lead&team-2-name=Ravi&team-2-role=Data&team-2-orcid=123"
    )
    page = form({"key": "team", "kind": "team"}, data=data)
    assert not page.is_valid()
    assert page.errors["team"] == ["Row 2, ORCID: Write an ORCID iD, such as 0000-0002-1825-0097."]
    drawn = str(page)
    marked = [line for line in drawn.splitlines() if "aria-invalid" in line]
    assert len(marked) == 1
    assert 'name="team-1-orcid"' in marked[0]
    assert 'value="123"' in marked[0]
    assert 'aria-describedby="id_team_error"' in marked[0]


def test_the_summary_of_problems_leads_to_a_cell_that_is_there() -> None:
    page = form({"key": "team", "kind": "team"}, data=post("version=1&team-0-name="))
    assert page.is_valid() is False
    html = render_to_string("components/form.html", {"form": page})
    assert 'href="#id_team_0"' in html
    assert "id_team_0" in Browser(html).ids


def test_more_rows_keep_what_was_typed_and_judge_nothing_yet() -> None:
    data = post("version=1&add=team&team-0-name=Asha&team-0-orcid=wrong")
    page = form({"key": "team", "kind": "team"}, data=data)
    assert page.wants_rows() == "team"
    more = page.with_more_rows(2)
    assert not more.errors
    drawn = Browser(str(more))
    assert drawn.sent["version"] == "2"
    assert drawn.sent["team-0-orcid"] == "wrong"
    assert sum(key.endswith("-name") for key in drawn.sent) == 7
    assert form({"key": "it", "kind": "url"}, data=post("add=it")).wants_rows() == ""


def test_a_form_of_one_section_judges_by_the_answers_of_the_others() -> None:
    hangs = {"key": "law", "kind": "short_text", "shown_if": {"question": "data", "is": ["Yes"]}}
    sums = {"key": "gpus", "kind": "gpu_table", "total_is": "gpu_hours"}
    rows = "gpus-0-work=Training&gpus-0-hardware=H100&gpus-0-hours=400"
    sent = post(f"version=0&law=&{rows}")
    page = form(hangs, sums, data=sent, initial={"data": "Yes", "gpu_hours": "500"})
    assert set(page.errors) == {"law", "gpus"}
    page = form(hangs, sums, data=sent, initial={"data": "No", "gpu_hours": "400"})
    assert page.is_valid()
    assert "law" not in page.cleaned_data or not page.cleaned_data["law"]


def test_a_question_that_hangs_on_another_of_the_page_says_so_and_tells_the_script() -> None:
    drawn = str(
        form(
            {"key": "data", "kind": "choice", "choices": ["No", 'Yes, "all"'], "label": "Personal?"},
            {"key": "law", "kind": "short_text", "shown_if": {"question": "data", "is": ['Yes, "all"']}},
        )
    )
    assert escape('Only if you answered “Yes, "all"” to “Personal?”.') in drawn
    assert 'data-shown-if="data"' in drawn
    assert f'data-shown-values="{escape(chr(91) + chr(34) + "Yes, " + chr(92) + chr(34))}' in drawn


def test_help_and_limits_are_told_once_and_cannot_carry_markup() -> None:
    drawn = str(form({"key": "it", "kind": "long_text", "help": "<b>Short</b>", "max_words": 50}))
    assert "&lt;b&gt;Short&lt;/b&gt; At most 50 words." in drawn
    assert "<b>" not in drawn


@pytest.mark.django_db
def test_the_languages_are_listed_once_a_page() -> None:
    Language.objects.create(code="mar", alpha2="mr", name="Marathi", autonym="मराठी")
    drawn = str(form({"key": "a", "kind": "languages"}, {"key": "b", "kind": "languages"}))
    assert drawn.count('<datalist id="languages-known">') == 1
    assert '<option value="Marathi">मराठी, mar</option>' in drawn
    assert Browser(drawn).lists == {"languages-known"}


def test_every_list_a_field_offers_is_on_the_page() -> None:
    drawn = Browser(str(form({"key": "a", "kind": "licence"}, {"key": "b", "kind": "gpu_table"})))
    assert drawn.lists
    assert drawn.lists <= set(drawn.ids)


def test_a_date_that_is_none_is_shown_as_it_was_typed() -> None:
    page = form({"key": "it", "kind": "date"}, data=post("version=0&it=next+spring"))
    assert 'value="next spring"' in str(page)
    assert 'type="date"' not in str(page)
    assert 'type="date"' in str(form({"key": "it", "kind": "date"}, initial={"it": "2027-03-31"}))


@pytest.mark.django_db
def test_files_are_shown_by_name_and_never_read_from_the_form() -> None:
    asks = {"key": "cv", "kind": "file", "label": "CV", "accepts": ["pdf"], "most": 2}
    call, (asha, kaveri) = open_call(officer(), questions=[asks]), startup()
    application = drafted(asha, call, kaveri)
    file = Attachment.objects.create(
        application=application, question="cv", name="cv.pdf", content_type="application/pdf",
        size=2048, sha256="0" * 64, status="ready", uploaded_by=asha,
    )  # fmt: skip
    question, key = read_question(asks), str(file.key)
    page = AnswersForm([question], post(f"version=0&files=cv&cv={key}"), initial={"cv": [key]})
    assert page.typed() == {}
    assert page.wants_files() == "cv"
    assert page.is_valid()
    assert "cv.pdf" in str(page)
    shown = render_to_string("grants/answers/answer.html", {"question": question, "answer": [key]})
    assert answer_in_words(question, [key]) == "cv.pdf"
    assert f'<a href="{file.get_absolute_url()}" download>cv.pdf</a>' in shown
    assert AnswersForm([question], post("version=0"), initial={}).errors["cv"] == ["Answer this question."]


def shown(answer: Any, **item: Any) -> str:
    question = read_question({"key": "it", "label": "It", **item})
    return " ".join(
        render_to_string("grants/answers/answer.html", {"question": question, "answer": answer}).split()
    )


def test_answers_are_shown_as_what_they_are() -> None:
    assert "Not answered" in shown("", kind="url")
    assert '<a href="https://example.org" rel="nofollow noopener noreferrer">' in shown(
        "https://example.org", kind="url"
    )
    assert 'href="https://github.com/octocat"' in shown("@octocat", kind="github")
    assert "href" not in shown("javascript:alert(1)", kind="url")
    assert "<li>a</li><li>b</li>" in shown(["a", "b"], kind="several")
    assert "<p>One</p>" in shown("One\n\nTwo", kind="long_text")
    assert "&lt;script&gt;" in shown("<script>", kind="short_text")


def test_a_table_is_shown_as_a_table_that_names_its_cells() -> None:
    rows = [{"work": "Training", "hardware": "H100", "hours": "1200", "parameters": "7B"}]
    page = shown(rows, kind="gpu_table")
    assert '<th scope="col">Work item</th>' in page
    assert "Tokens" not in page  # nobody wrote any
    assert '<th scope="row">Training</th>' in page
    assert '<td data-label="Parameters">7B</td>' in page
    assert "Total: 1,200 GPU-hours" in page
