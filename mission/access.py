"""Who may do what: one table, role × verb × what. Pages, API, tasks and tests all read it here.

A view names its verb with `@requires("…")`. A view without one answers 404: what the table does not
allow is denied. Lists go through a queryset's `visible_to(user)`, which asks `scopes(user, verb)`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from mission.errors import wants_json
from mission.models import Role, User

logger = logging.getLogger(__name__)
Person = User | AnonymousUser
V = TypeVar("V", bound=Callable[..., Any])


class Scope(StrEnum):
    """Of all the rows there are, which ones: the person's own, those assigned to them, or all."""

    OWN = "own"
    ASSIGNED = "assigned"
    ALL = "all"


@dataclass(frozen=True)
class Rule:
    """`roles` says who and how far. `known`: a person without the role is told 403; otherwise 404."""

    roles: Mapping[Role, Scope] = field(default_factory=dict)
    public: bool = False
    known: bool = False


_EVERYBODY = Rule(public=True)
_STAFF_READ = {
    Role.OFFICER: Scope.ALL,
    Role.FINANCE: Scope.ALL,
    Role.AUDITOR: Scope.ALL,
    Role.ADMINISTRATOR: Scope.ALL,
}

ACCESS: Mapping[str, Rule] = {
    # public pages and data
    "public.read": _EVERYBODY,
    "machine.probe": _EVERYBODY,  # /healthz, /readyz, /metrics (the last wants METRICS_TOKEN where set)
    "account.use": _EVERYBODY,  # signing in, signing up; allauth asks for a session where one is needed
    "correction.file": _EVERYBODY,  # whoever finds a wrong number, signed in or not
    "webhook.receive": _EVERYBODY,  # the signature says who sent it
    # applicants
    "account.claim": Rule({Role.APPLICANT: Scope.OWN}),
    "home.open": Rule({Role.APPLICANT: Scope.OWN}),
    "organisation.create": Rule({Role.APPLICANT: Scope.OWN}),
    "organisation.read": Rule({Role.APPLICANT: Scope.OWN}),
    "application.write": Rule({Role.APPLICANT: Scope.OWN}),
    "application.read": Rule({Role.APPLICANT: Scope.OWN, Role.REVIEWER: Scope.ASSIGNED, **_STAFF_READ}),
    "file.read": Rule({Role.APPLICANT: Scope.OWN, Role.REVIEWER: Scope.ASSIGNED, **_STAFF_READ}),
    "message.write": Rule({Role.APPLICANT: Scope.OWN, Role.OFFICER: Scope.ALL}),
    "offer.answer": Rule({Role.APPLICANT: Scope.OWN}),
    "appeal.file": Rule({Role.APPLICANT: Scope.OWN}),
    # reviewers
    "reviewer.write": Rule({Role.REVIEWER: Scope.OWN, Role.OFFICER: Scope.ALL}),
    "review.write": Rule({Role.REVIEWER: Scope.ASSIGNED}),
    "review.read": Rule({Role.REVIEWER: Scope.OWN, **_STAFF_READ}),
    # staff
    "desk.open": Rule(_STAFF_READ),
    "call.write": Rule({Role.OFFICER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL}),
    "review.assign": Rule({Role.OFFICER: Scope.ALL}),
    "step.write": Rule({Role.OFFICER: Scope.ALL}),
    "panel.write": Rule({Role.OFFICER: Scope.ALL}),
    "note.write": Rule({Role.OFFICER: Scope.ALL}),
    "award.write": Rule({Role.OFFICER: Scope.ALL}),
    "appeal.decide": Rule({Role.OFFICER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL}),
    "statistics.read": Rule(_STAFF_READ),
    "compute.read": Rule({**_STAFF_READ, Role.COMPUTE_PROVIDER: Scope.OWN, Role.GRANTEE: Scope.OWN}),
    "audit.read": Rule({Role.AUDITOR: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL}),
    "role.write": Rule({Role.ADMINISTRATOR: Scope.ALL}),
    "source.read": Rule(_STAFF_READ),
    "source.write": Rule({Role.OFFICER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL}),
    "identity.read": Rule(_STAFF_READ),
    "identity.write": Rule({Role.OFFICER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL}),
    "correction.read": Rule(_STAFF_READ),
    "correction.decide": Rule({Role.OFFICER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL}),
    # grantees
    "sandbox.use": Rule({Role.GRANTEE: Scope.OWN}, known=True),
}

# Views of installed packages, which cannot name a verb themselves.
FOREIGN_VIEWS: Mapping[str, str] = {
    "/account/": "account.use",
    "/api/schema/": "public.read",
    "/i18n/": "public.read",
}


def requires(verb: str) -> Callable[[V], V]:
    """Name the verb a view needs: `@requires("call.write")`. A verb outside the table is a typing error."""
    if verb not in ACCESS:
        raise LookupError(f"{verb!r} is not in mission.access.ACCESS")

    def name_it(view: V) -> V:
        view.verb = verb  # type: ignore[attr-defined]
        return view

    return name_it


def scopes(user: Person, verb: str) -> frozenset[Scope]:
    """How far a person may go with a verb; empty when not at all."""
    rule = ACCESS[verb]
    if rule.public:
        return frozenset({Scope.ALL})
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    return frozenset(scope for role, scope in rule.roles.items() if role in user.roles)


def may(user: Person, verb: str) -> bool:
    return bool(scopes(user, verb))


def verb_of(view: Callable[..., Any], path: str) -> str | None:
    named: str | None = getattr(view, "verb", None)
    if named:
        return named
    return next((verb for prefix, verb in FOREIGN_VIEWS.items() if path.startswith(prefix)), None)


class AccessMiddleware:
    """Asks the table before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        verb = verb_of(view, request.path)
        if verb is None:
            logger.error("view names no verb", extra={"path": request.path})
            raise Http404
        rule = ACCESS[verb]
        # A public page never looks at who asks before it must: an anonymous visitor costs no query.
        if rule.public or may(request.user, verb):
            return None
        if not request.user.is_authenticated:
            if wants_json(request):
                message = _("Sign in to use this address.")
                return JsonResponse({"error": {"code": "not_authenticated", "message": message}}, status=401)
            return redirect_to_login(request.get_full_path())
        if rule.known:
            raise PermissionDenied
        raise Http404
