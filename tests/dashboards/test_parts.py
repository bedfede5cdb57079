"""Parts of pages that one process draws and others find; and that are drawn before a reader comes."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from contributions.models import Rollup
from dashboards import ahead
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.places import places
from dashboards.kept import KeptPages
from dashboards.parts import GOOD, RENEWED, Part, part_while
from dashboards.stamp import build, data_stamp, forget_here
from dashboards.tasks import draw_ahead
from dashboards.views.nation import nation
from grants.models import Award
from mission.afterwards import Afterwards, afterwards
from mission.management.commands import prepare
from mission.models import Nation
from mission.observe import valkey
from mission.remembered import Subject, standing_at
from tests.dashboards.conftest import make_award
from tests.dashboards.pages import as_json

PAGES = ("/", "/nations/", "/nations/IN/", "/nations/BR/", "/indicators/model/", "/indicators/developers/")


class Sayer:
    """A part of ours, and how often it was worked out."""

    def __init__(self) -> None:
        self.times = 0
        self.part = self.of(Subject.GRANTS)

    def of(self, subject: Subject) -> Part[tuple[str, int]]:
        @part_while(subject)
        def said(name: str) -> tuple[str, int]:
            self.times += 1
            return name, self.times

        return said

    def ask(self, name: str) -> tuple[str, int]:
        with standing_at(data_stamp()):
            return self.part(name)

    def ask_elsewhere(self, name: str) -> tuple[str, int]:
        """As a process that has just begun."""
        forget_here()
        return self.ask(name)

    def renew(self, name: str) -> bool:
        with standing_at(data_stamp()):
            return self.part.renew(name)


@pytest.fixture
def sayer() -> Sayer:
    return Sayer()


def rows(client: Client) -> list[Any]:
    return [figure["rows"] for figure in as_json(client, "/hi/nations/IN/")["figures"]]


def test_what_one_process_has_worked_out_another_finds(world: Award, sayer: Sayer) -> None:
    assert [sayer.ask("a"), sayer.ask("b"), sayer.ask("a")] == [("a", 1), ("b", 2), ("a", 1)]
    assert [sayer.ask_elsewhere("a"), sayer.ask_elsewhere("b")] == [("a", 1), ("b", 2)]
    cache.clear()
    assert sayer.ask_elsewhere("a") == ("a", 3)


def test_it_is_worked_out_again_when_what_it_hangs_on_has_changed(world: Award, sayer: Sayer) -> None:
    sayer.ask("a")
    Rollup.objects.filter(pk=Rollup.objects.values("pk")[:1]).update(computed_at="2030-01-01T00:00Z")
    assert sayer.ask_elsewhere("a") == ("a", 1), "it hangs on grants, not on figures"
    make_award("Narmada Speech", "lakshmi")
    assert sayer.ask_elsewhere("a") == ("a", 2)
    assert sayer.ask_elsewhere("a") == ("a", 2)


def test_outside_a_page_it_is_worked_out_each_time(world: Award, sayer: Sayer) -> None:
    assert [sayer.part("a"), sayer.part("a")] == [("a", 1), ("a", 2)]


def test_it_grows_old_and_is_drawn_again_before(
    world: Award, sayer: Sayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two changes at once may leave no trace of the one that was stored last."""
    now = time.time()
    assert sayer.renew("a")
    assert not sayer.renew("a")
    monkeypatch.setattr(time, "time", lambda: now + RENEWED + 1)
    assert sayer.ask_elsewhere("a") == ("a", 1)
    assert sayer.renew("a")
    monkeypatch.setattr(time, "time", lambda: now + RENEWED + 2 + GOOD)
    assert sayer.ask_elsewhere("a") == ("a", 3)


def test_it_is_worked_out_where_there_is_no_valkey(world: Award, sayer: Sayer, settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"}}
    assert [sayer.ask("a"), sayer.ask("a")] == [("a", 1), ("a", 1)]
    assert sayer.ask_elsewhere("a") == ("a", 2)


def test_pages_drawn_ahead_say_the_same_and_cost_hardly_a_query(
    client: Client, world: Award, settings: Any
) -> None:
    """Of three nations in one language, which is not the worker's: all nations in all three take long."""
    settings.LANGUAGES = [("hi", "Hindi")]
    Nation.objects.exclude(pk__in=["IN", "BR", "US"]).delete()
    drawn = {path: client.get(f"/hi{path}").content for path in PAGES}
    data = rows(client)
    cache.clear()
    assert ahead.draw_due() == 2 + 2 * len(INDICATORS) + 4 * len(places())
    assert ahead.draw_due() == 0, "nothing has changed, and it was just now"
    assert ahead.draw() == 0, "all that is drawn is good"
    for path in PAGES:
        forget_here()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/hi{path}").content == drawn[path], path
        assert len(captured) <= (2 if path in {"/nations/IN/", "/nations/BR/"} else 8), path
    forget_here()
    assert rows(client) == data
    make_award("Narmada Speech", "lakshmi")
    assert ahead.draw_due() == 0, "people do something here all day"
    cache.delete(ahead.place(ahead.LAST))
    cache.add(ahead.place(ahead.HOLDER), 1)
    assert ahead.draw_due() == 0, "somebody else is at it"
    cache.delete(ahead.place(ahead.HOLDER))
    assert ahead.draw_due() == 3 * len(places()), "what hangs on grants and on all that comes in"
    assert cache.get(ahead.place(ahead.HOLDER)) is None


def test_workers_draw_where_they_are_asked_to(world: Award, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]
    Nation.objects.exclude(pk="IN").delete()
    settings.DRAW_AHEAD = False
    assert draw_ahead() == 0
    settings.DRAW_AHEAD = True
    assert draw_ahead() == 2 + 2 * len(INDICATORS) + 4 * len(places())


def test_a_new_build_is_drawn_at_once(world: Award, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LANGUAGES = [("en", "English")]
    Nation.objects.exclude(pk="IN").delete()
    first = ahead.draw_due()
    cache.add(ahead.place(ahead.HOLDER), 1)  # the old one is at it still
    for module in ("ahead", "parts"):
        monkeypatch.setattr(f"dashboards.{module}.build", lambda: "another")
    assert ahead.draw_due() == first


def test_a_build_is_what_people_wrote(tmp_path: Path, settings: Any) -> None:
    """What one process compiles while another runs does not part the two."""
    settings.BASE_DIR = tmp_path
    code = tmp_path / "dashboards" / "code.py"
    compiled = code.parent / "__pycache__" / "code.cpython-311.pyc"
    compiled.parent.mkdir(parents=True)
    code.touch()
    before = build.__wrapped__()
    compiled.touch()
    assert build.__wrapped__() == before
    os.utime(code, (2_000_000_000, 2_000_000_000))
    assert build.__wrapped__() != before


def test_a_new_build_draws_for_a_while_before_it_serves(
    world: Award, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it did not come to, the worker draws at once. What cannot be drawn keeps nobody from starting."""
    settings.LANGUAGES = [("en", "English")]
    Nation.objects.exclude(pk="IN").delete()
    command = prepare.Command()
    command.draw_ahead()
    assert capsys.readouterr().out == ""
    settings.DRAW_AHEAD = True
    monkeypatch.setattr(prepare, "DRAWS_FOR", -1)
    command.draw_ahead()
    assert "Pages: 0 parts drawn" in capsys.readouterr().out
    assert draw_ahead() == 2 + 2 * len(INDICATORS) + 4 * len(places())
    monkeypatch.setattr("dashboards.ahead.build", lambda: 1 / 0)
    command.draw_ahead()
    assert "parts drawn" not in capsys.readouterr().out


def kept_for_others() -> set[str]:
    with valkey() as raw:
        names = [str(name) for name in raw.scan_iter("*")]
    return {kind for kind in ("page:", "part:") for name in names if kind in name}


def test_a_reader_does_not_wait_for_what_is_kept_for_others(world: Award) -> None:
    """It is put away once the answer is sent, when the server closes it."""

    def drawn(request: HttpRequest) -> HttpResponse:
        request.stamp = data_stamp()  # type: ignore[attr-defined]
        answer: HttpResponse = nation(request, "IN")
        return answer

    cache.clear()
    answer = Afterwards(KeptPages(drawn))(RequestFactory().get("/nations/IN/"))
    assert (answer.status_code, kept_for_others()) == (200, set())
    answer.close()
    assert kept_for_others() == {"page:", "part:"}


def test_what_waits_is_done_in_its_order_and_outside_of_a_request_at_once(db: None) -> None:
    done: list[int] = []

    def answered(request: HttpRequest) -> HttpResponse:
        afterwards(lambda: done.append(1))
        afterwards(lambda: done.append(2))
        return HttpResponse()

    response = Afterwards(answered)(RequestFactory().get("/"))
    afterwards(lambda: done.append(0))
    response.close()
    response.close()
    assert done == [0, 1, 2]
