"""A query whose SQL is written once answers as the same query asked anew, whatever it is asked with."""

import datetime
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import dashboards.figures
from contributions.models import Rollup
from grants.models import Award, Call
from mission.models import LanguageSpeakers, Nation
from mission.written import any_of, array, written_once


def ours() -> dict[str, Callable[..., Any]]:
    """Every query of the pages' figures that is written once."""
    modules = [one.name for one in pkgutil.iter_modules(dashboards.figures.__path__, "dashboards.figures.")]
    return {
        f"{name}.{inner}": one
        for name in modules
        for inner, one in vars(importlib.import_module(name)).items()
        if hasattr(one, "statement")
    }


@pytest.mark.parametrize("name", sorted(ours()))
def test_each_of_ours_can_be_written(name: str, db: None) -> None:
    """Else the first reader is told so."""
    query = ours()[name]
    asked: Any = inspect.unwrap(query)
    shape = dict.fromkeys(inspect.getfullargspec(asked).kwonlyargs, 6)
    assert query.statement(**shape).sql.startswith("SELECT")  # type: ignore[attr-defined]


def test_pages_have_many_of_them() -> None:
    assert len(ours()) > 20


@pytest.mark.django_db
def test_its_values_are_filled_in_each_time(world: Award) -> None:
    @written_once
    def speakers(nation: str, most: int) -> "QuerySet[LanguageSpeakers, tuple[str, int]]":
        rows = LanguageSpeakers.objects.filter(nation=nation, speakers__lte=most)
        return rows.order_by("-speakers", "pk").values_list("language_id", "speakers")

    for nation, most in (("IN", 9_000_000), ("IN", 2), ("BR", 10**9), ("it's 100 % made up \\", 10**9)):
        rows = LanguageSpeakers.objects.filter(nation=nation, speakers__lte=most)
        assert speakers(nation, most) == list(
            rows.order_by("-speakers", "pk").values_list("language_id", "speakers")
        )
    assert speakers("IN", 9_000_000)


@pytest.mark.django_db
def test_it_is_written_once_and_asked_each_time(world: Award) -> None:
    written = []

    @written_once
    def named(code: str) -> "QuerySet[Nation, str]":
        written.append(code)
        return Nation.objects.filter(pk=code).values_list("name", flat=True)

    with CaptureQueriesContext(connection) as captured:
        assert [named("IN"), named("BR")] == [["India"], ["Brazil"]]
    assert (len(written), len(captured)) == (1, 2)


@pytest.mark.django_db
def test_what_it_gives_is_of_the_same_types(world: Award) -> None:
    """A sum of whole numbers comes as a decimal, and one of nothing as none."""

    @written_once
    def summed(first: datetime.date, metrics: str) -> "QuerySet[Rollup, tuple[Any, ...]]":
        rows = Rollup.objects.filter(any_of("metric", metrics), month__gte=first).order_by("metric")
        return rows.values_list("metric").annotate(rules=Sum("rule_version"), upper=Sum("upper"))

    told = summed(datetime.date(2000, 1, 1), array(["model", "dataset"]))
    assert [(metric, type(rules)) for metric, rules, _upper in told] == [("model", int)]
    assert {type(upper) for *_others, upper in told} == {Decimal}
    assert summed(datetime.date(2000, 1, 1), array([])) == []
    assert summed(timezone.now().date().replace(year=2999), array(["model"])) == []


@pytest.mark.django_db
def test_any_of_finds_words_of_every_kind(world: Award) -> None:
    odd = ["NULL", 'a "quoted" one', "back\\slash", "a,b", "{c}", "", "it's 100 %s", "India"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::bigint[]", [array(odd), array([3, -1])])
        assert cursor.fetchone() == (odd, [3, -1])
    named = Nation.objects.filter(any_of("name", array(odd))).values_list("pk", flat=True)
    assert list(named) == ["IN"]


@pytest.mark.django_db
def test_each_limit_has_a_statement_of_its_own(world: Award) -> None:
    @written_once
    def first(after: str, *, limit: int) -> "QuerySet[Nation, str]":
        return Nation.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit]

    assert [len(first("IN", limit=3)), len(first("IN", limit=1)), first("IN", limit=1)] == [3, 1, ["IO"]]


def contained(said: str) -> "QuerySet[Nation, str]":
    return Nation.objects.filter(name__contains=said).values_list("pk", flat=True)


def open_now(slug: str) -> "QuerySet[Call, str]":
    return Call.objects.filter(slug=slug, closes_at__gt=timezone.now()).values_list("slug", flat=True)


def left_out(code: str, name: str) -> "QuerySet[Nation, str]":
    return Nation.objects.filter(pk=code).values_list("pk", flat=True)


def whole(code: str) -> "QuerySet[Nation, Nation]":
    return Nation.objects.filter(pk=code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "because"),
    [
        (contained, "not filled in: ['said']"),
        (left_out, "not filled in: ['name']"),
        (open_now, "a time that would stay"),
        (whole, "no values_list"),
    ],
)
def test_what_cannot_be_written_once_is_refused(query: Callable[..., Any], because: str) -> None:
    names = ["IN"] * len(inspect.signature(query).parameters)
    with pytest.raises(TypeError, match=r"cannot be written once") as refused:
        written_once(query)(*names)
    assert because in str(refused.value)
