"""Every URL × every role against the access table: deny unless it allows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mission.access import ACCESS, may, verb_of
from mission.models import Role, User
from tests.world import person

ROLES: list[Role | None] = [None, *Role]


def routes(
    resolver: URLResolver | None = None, prefix: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """(name, route, view) of every URL the house has."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = (*names, entry.namespace) if entry.namespace else names
            yield from routes(entry, route, space)
        elif isinstance(entry, URLPattern):
            yield ":".join([*names, entry.name or "?"]), "/" + route.lstrip("^"), entry.callback


ROUTES = list(routes())


@pytest.mark.parametrize(("name", "route", "view"), ROUTES, ids=[name for name, _r, _v in ROUTES])
def test_every_view_names_a_verb_of_the_table(name: str, route: str, view: Callable[..., Any]) -> None:
    verb = verb_of(view, route)
    assert verb in ACCESS, f"{name} ({route}) names no verb: put @requires(…) on it"


def address(route: str) -> str | None:
    """The route with values that match no row; None for those that a plain GET cannot reach."""
    import re

    filled = re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: _sample(m[1] or "str", m[2]), route)
    return None if any(mark in filled for mark in ("(?P", "^", "$")) else filled


def _sample(converter: str, name: str) -> str:
    if name in {"code", "nation"}:
        return "IN"
    return {"int": "987654", "uuid": "00000000-0000-4000-8000-000000000000"}.get(converter, "NOT-THERE")


@pytest.fixture
def people(db: None) -> dict[Role | None, User]:
    return {role: person(f"{role}", *([role] if role != Role.APPLICANT else [])) for role in Role}


@pytest.fixture
def clients(people: dict[Role | None, User]) -> dict[Role | None, Client]:
    made: dict[Role | None, Client] = {None: Client(raise_request_exception=True)}
    for role, user in people.items():
        made[role] = Client()
        made[role].force_login(user)
    return made


def test_the_walk_every_url_times_every_role(
    clients: dict[Role | None, Client], people: dict[Role | None, User]
) -> None:
    wrong = []
    walked = 0
    for name, route, view in ROUTES:
        verb, path = verb_of(view, route), address(route)
        if verb is None or path is None or path.startswith("/account/"):
            continue
        for role, client in clients.items():
            answer = client.get(path)
            walked += 1
            problem = judge(verb, people.get(role), path, answer)
            if problem:
                wrong.append(f"{name} {path} as {role or 'anonymous'}: {problem}")
    assert walked > 100
    assert not wrong, "\n".join(wrong)


def judge(verb: str, user: User | None, path: str, answer: Any) -> str | None:
    """What is wrong with the answer, after the table; None when all is well."""
    rule, status = ACCESS[verb], answer.status_code
    sent_to_sign_in = status == 302 and "/account/login/" in answer["Location"]
    if status >= 500:
        # /readyz tells the truth when no worker runs; nothing else may fail.
        return None if path == "/readyz" and status == 503 else f"answered {status}"
    if rule.public:
        return "asked to sign in" if sent_to_sign_in else None
    if user is None:
        if path.startswith("/api/"):
            return None if status == 401 else f"answered {status}, not 401"
        return None if sent_to_sign_in else f"answered {status}, not a redirect to sign in"
    if may(user, verb):
        return "was refused" if status == 403 or sent_to_sign_in else None
    expected = 403 if rule.known else 404
    return None if status == expected else f"answered {status}, not {expected}"


def test_a_view_without_a_verb_is_not_reachable(rf: Any, db: None) -> None:
    from django.http import Http404, HttpResponse

    from mission.access import AccessMiddleware

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    request = rf.get("/somewhere/")
    request.user = person("officer", Role.OFFICER)
    with pytest.raises(Http404):
        AccessMiddleware(lambda r: HttpResponse()).process_view(request, forgotten, (), {})


def test_posting_needs_a_csrf_token(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("asha"))
    assert client.post("/organisations/new/", {"name": "x"}).status_code == 403


def test_the_strict_policy_is_on_every_kind_of_answer(db: None) -> None:
    for path in ["/", "/account/login/", "/nowhere/", "/api/schema/", "/healthz"]:
        policy = Client().get(path)["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        assert "default-src 'none'" in policy, path
