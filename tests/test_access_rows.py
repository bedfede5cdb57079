"""Every URL that names a row × every kind of person × the row's state: own, other's, conflicted.

The table below says who may know of a row; everybody else is answered 404, as if it did not exist.
A new URL with a row in it fails here until somebody says whose it is.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contributions.actions.accounts import register_account
from contributions.actions.corrections import file_correction
from contributions.actions.identities import merge
from contributions.actions.sources import watch
from grants.actions.applications import start_application, submit
from grants.actions.files import hand_in_file
from grants.actions.notifications import notify
from grants.actions.reviewers import declare_standing_conflict
from grants.actions.reviews import assign_reviewer, declare_conflict, declare_no_conflict
from grants.actions.saved_views import save_view
from grants.models import Application, Review
from grants.models.questions import read_question
from mission.access import may, verb_of
from mission.actions.organisations import invite
from mission.models import Membership, Organisation, Role, User
from tests.grants.world import PROMISE, QUESTIONS, draft_call, drafted, gpus, open_call, reviewed, startup
from tests.test_access import ROUTES
from tests.world import person

pytestmark = pytest.mark.django_db

EVIDENCE = {"key": "evidence", "kind": "file", "label": "A letter of support", "required": False}
TEAM = {"founder", "colleague", "officer_of_theirs"}
STAFF = {"officer", "auditor", "finance", "administrator"}


@dataclass
class World:
    people: dict[str, User]
    organisation: Organisation
    others: dict[str, Any] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def world(db: None) -> World:
    """One applicant with an application in each state, and everybody who could want to look."""
    officer = person("officer", Role.OFFICER)
    gpus(officer)
    founder, organisation = startup("Kaveri Labs", "founder")
    people = {"officer": officer, "founder": founder}
    for name, role in [
        ("colleague", None),
        ("stranger", None),
        ("officer_of_theirs", Role.OFFICER),
        ("assigned", Role.REVIEWER),
        ("declared", Role.REVIEWER),
        ("other_reviewer", Role.REVIEWER),
        ("auditor", Role.AUDITOR),
        ("finance", Role.FINANCE),
        ("administrator", Role.ADMINISTRATOR),
        ("provider", Role.COMPUTE_PROVIDER),
    ]:
        people[name] = person(name.replace("_", "-"), *([role] if role else []))
    for name in ("colleague", "officer_of_theirs"):
        Membership.objects.create(user=people[name], organisation=organisation)
    invitation = invite(actor=founder, organisation=organisation, email=people["stranger"].email)
    made = World(people, organisation, {"organisation": organisation.pk, "invitation": invitation.pk})
    made.calls = {"unpublished": draft_call(officer, title="A draft").slug}
    add_applications(made)
    add_others(made)
    return made


def add_applications(world: World) -> None:
    officer, founder = world.people["officer"], world.people["founder"]
    for state in ("draft", "submitted", "reviewed", "in_review"):
        call = open_call(officer, title=f"Call {state}", questions=[*QUESTIONS, EVIDENCE])
        world.calls[state] = call.slug
        if state == "draft":
            row = start_application(actor=founder, call=call, organisation=world.organisation)
        else:
            row = drafted(founder, call, world.organisation)
            if state == "in_review":
                world.others["files"] = letter_of(founder, row)
            row = submit(actor=founder, application=row, declared=[PROMISE])
        if state == "reviewed":
            reviewed(officer, row)
        world.applications[state] = row
    busy = world.applications["in_review"]
    for name in ("assigned", "declared"):
        world.reviews[name] = assign_reviewer(actor=officer, application=busy, reviewer=world.people[name])
    declare_no_conflict(actor=world.people["assigned"], review=world.reviews["assigned"])
    declare_conflict(actor=world.people["declared"], review=world.reviews["declared"], reason="My sister.")


def letter_of(founder: User, row: Application) -> Any:
    """A file handed in with the application."""
    upload = SimpleUploadedFile("letter.txt", b"We support this.")
    sent = hand_in_file(actor=founder, application=row, question=read_question(EVIDENCE), upload=upload)
    return sent.key


def add_others(world: World) -> None:
    """A saved view, a notification, a reviewer's own word."""
    people = world.people
    told = notify(user=people["colleague"], kind="message", text="Read this.", path="/apply/")
    view = save_view(actor=people["officer"], name="Mine", query="status=reviewed")
    aunt = people["other_reviewer"]
    own_word = declare_standing_conflict(
        actor=aunt, user=aunt, organisation=world.organisation, reason="My aunt."
    )
    world.others |= {"notifications": told.pk, "views": view.pk, "conflict": own_word.pk}
    world.others["reviewers"] = aunt.pk
    add_contributors(world)


def add_contributors(world: World) -> None:
    """What the desk knows of contributions: a source, two accounts merged, something contested."""
    accounts = [
        register_account(actor=None, platform="github", platform_id=each, login=f"dev-{each}", kind="person")
        for each in ("1", "2")
    ]
    moved = merge(actor=world.people["officer"], accounts=accounts, reason="One page links both")[0]
    contested = file_correction(actor=None, about=f"account:{accounts[0].pk}", text="Two people.")
    world.others |= {"source": watch(actor=None, platform="github", name="kaveri").pk}
    world.others |= {"account": moved.account_id, "operation": moved.pk, "correction": contested.reference}


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


# (what the route looks like, who may know of the row, which rows). "{state}" rows are applications.
RULES: list[tuple[str, set[str], str]] = [
    (r"^/apply/<slug:reference>/", TEAM, "applications"),
    (r"^/api/applications/<slug:reference>/", TEAM, "applications"),
    (r"^/desk/applications/<slug:reference>/", STAFF, "submitted"),
    (r"^/reviews/<int:pk>/", {"assigned"}, "reviews"),
    (r"^/desk/reviews/<int:pk>/", STAFF, "reviews"),
    (r"^/desk/reviewers/<int:pk>/", {"officer", "officer_of_theirs", "assigned"}, "reviewer"),
    (r"^/desk/calls/<slug:slug>/", STAFF | {"officer_of_theirs"}, "calls"),
    (r"^/organisations/<int:pk>/", TEAM, "organisation"),
    (r"^/invitations/<int:pk>/", {"stranger"}, "invitation"),
    (r"^/sandbox/keys/<int:pk>/", set(), "no key of anybody here"),
    (r"^/files/<uuid:key>/remove/", TEAM, "files"),
    (r"^/files/<uuid:key>/", TEAM | STAFF | {"assigned"}, "files"),
    (r"^/desk/reviewers/<int:pk>/", STAFF | {"officer_of_theirs"}, "reviewers"),
    (r"^/desk/views/<int:pk>/", {"officer"}, "views"),
    (r"^/notifications/<int:pk>/", {"colleague"}, "notifications"),
    (r"^/desk/corrections/<slug:reference>/", STAFF | {"officer_of_theirs"}, "correction"),
    (r"^/desk/sources/<int:pk>/", STAFF | {"officer_of_theirs"}, "source"),
    (r"^/desk/accounts/<int:pk>/", STAFF | {"officer_of_theirs"}, "account"),
]
# Pages that are there in one state of the row only: 404 tells their own people nothing new.
IN_ONE_STATE = {
    "grants:desk_call_edit",
    "grants:desk_call_amend",
    "grants:application_messages",
    "grants:application_version",
}
# What follows the row in an address.
FURTHER = {"section": "about", "key": "evidence", "number": "1", "kind": "award", "act": "kind"}
PUBLIC = (
    "/calls/", "/api/calls/", "/awards/", "/nations/", "/commons/", "/languages/", "/methods/", "/data/",
    "/corrections/", "/numbers/", "/indicators/",
)  # fmt: skip


def rule_of(route: str) -> tuple[str, set[str], str] | None:
    return next((rule for rule in RULES if re.match(rule[0], route)), None)


def rows_of(world: World, kind: str) -> list[tuple[str, Any]]:
    if kind == "applications":
        return [(state, row.reference) for state, row in world.applications.items()]
    if kind == "submitted":
        return [(state, row.reference) for state, row in world.applications.items() if state != "draft"]
    if kind == "reviews":
        return [(name, review.pk) for name, review in world.reviews.items() if name == "assigned"]
    if kind == "reviewer":
        return [("assigned", world.people["assigned"].pk)]
    if kind == "calls":
        return list(world.calls.items())
    return [("own", value) for value in [world.others.get(kind)] if value is not None]


def filled(world: World, route: str, value: Any) -> str:
    """The route with its row, and what follows it."""
    path = re.sub(r"<\w+:\w+>", str(value), route, count=1)
    further = {**FURTHER, "conflict": world.others["conflict"], "slug": "basics"}
    further["operation"] = world.others["operation"]
    return re.sub(r"<\w+:(\w+)>", lambda found: str(further[found[1]]), path)


def with_a_row() -> list[tuple[str, str, Any]]:
    return [
        (name, route, view)
        for name, route, view in ROUTES
        if "<" in route
        and not route.startswith((*PUBLIC, "/account/", "/static/"))
        and not (route.startswith("/api/") and not rule_of(route))
    ]


def test_every_route_with_a_row_says_whose_it_is() -> None:
    unsaid = [f"{name} {route}" for name, route, _view in with_a_row() if not rule_of(route)]
    assert not unsaid, "say in RULES who may know of these rows:\n" + "\n".join(unsaid)


def test_nobody_learns_of_a_row_that_is_not_theirs(world: World) -> None:
    wrong, walked = [], 0
    clients = {name: client_of(user) for name, user in world.people.items()}
    for name, route, view in with_a_row():
        rule, verb = rule_of(route), verb_of(view, route)
        if rule is None or verb is None:
            continue
        for state, value in rows_of(world, rule[2]):
            path = filled(world, route, value)
            for who, client in clients.items():
                knows = who in rule[1] and may(world.people[who], verb)
                walked += 1
                answer = client.get(path)
                if answer.status_code == 405 and not knows:  # it takes a POST only: is the row told then?
                    answer = client.post(path)
                told = answer.status_code != 404
                excused = knows and not told and name in IN_ONE_STATE
                if answer.status_code >= 500 or (told != knows and not excused):
                    wrong.append(f"{name} ({state}) as {who}: {answer.status_code}, may know: {knows}")
            sent = client_of(None).get(path)
            if sent.status_code not in {302, 401, 405}:
                wrong.append(f"{name} ({state}) anonymous: {sent.status_code}")
    assert walked > 100
    assert not wrong, f"{len(wrong)} of {walked}:\n" + "\n".join(wrong[:60])


def test_a_draft_call_is_the_desks_alone(world: World) -> None:
    for who, user in world.people.items():
        answer = client_of(user).get(f"/calls/{world.calls['unpublished']}/")
        expected = 200 if who in STAFF | {"officer_of_theirs"} else 404
        assert answer.status_code == expected, who
