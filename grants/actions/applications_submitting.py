"""Handing in: once, however often it is clicked; and once more where the desk returned it for completion."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.applications_rules import load, must_be_eligible, must_be_in_time
from grants.actions.applications_saving import asked_gpu_ms, asked_money
from grants.actions.letters import write_letter
from grants.actions.notifications import notify_each
from grants.actions.rights import must_belong
from grants.actions.steps import advance, go_on
from grants.actions.teams import members_of
from grants.models.applications import Application, ApplicationStatus, ApplicationVersion
from grants.models.moments import in_zone
from grants.models.questions import Question, QuestionKind, clean_answers
from grants.models.routes import fits
from grants.models.working_days import due_on
from mission.errors import Refused
from mission.models import User

LONGEST_SEARCHED = 200_000  # signs of the answers: PostgreSQL keeps at most a megabyte of words


def submit(
    *, actor: User, application: Application, declared: Sequence[str] = (), version: int | None = None
) -> Application:
    """Hand in the draft as saved. `declared`: the declarations agreed to. Again: changes nothing.

    `version`: the save whose answers were looked at; refused where a colleague saved since. Refused,
    with the question's key as `field`, where an answer will not do.
    """
    now = timezone.now()
    application = load(application)
    must_belong(actor, application.organisation)
    if application.submitted_at is not None and not application.is_editable:
        return application
    must_be_in_time(application, now)
    clean, pinned = sound_answers(application), pinned_for(application)
    must_take_its_route(application, pinned)
    application.call.eligibility = pinned["eligibility"]  # of that day, not what was amended since
    must_be_eligible(application.call, application.organisation, application)
    if set(pinned["declarations"]) - set(declared):
        raise Refused(_("Agree to each declaration."), field="declarations", code="invalid", status=422)
    if version not in (None, application.draft_version):
        raise saved_meanwhile(application)
    try:
        with transaction.atomic():
            freeze(application, actor=actor, clean=clean, pinned=pinned, now=now)
    except Refused:
        application = load(application)
        if application.is_editable:
            raise saved_meanwhile(application) from None
        if application.submitted_at is None:
            raise
    return application


def sound_answers(application: Application) -> dict[str, Any]:
    """The answers in their plain form; the first that will not do is refused at its question."""
    questions = application.read_questions()
    clean, problems = clean_answers(questions, application.answers)
    for question in questions:
        if question.key in problems:
            sentence = f"{question.label}: {problems[question.key]}"
            raise Refused(sentence, field=question.key, code="invalid", status=422)
    must_have_files(application, questions, clean)
    application.title = str(clean["title"])[:200]
    application.requested_gpu_ms = asked_gpu_ms(questions, clean)
    application.requested_money = asked_money(questions, clean)
    return clean


def must_have_files(
    application: Application, questions: Sequence[Question], clean: Mapping[str, Any]
) -> None:
    """Each file named in an answer is here: ready, or waiting to be scanned; not refused."""
    named = {key: q for q in questions if q.kind == QuestionKind.FILE for key in clean.get(q.key, ())}
    if not named:
        return
    rows = dict(application.files.filter(key__in=named).values_list("key", "name"))
    here = set(application.files.standing().filter(key__in=named).values_list("key", flat=True))
    gone = next((key for key in named if uuid.UUID(key) not in here), None)
    if gone is not None:
        words = {"label": named[gone].label, "name": rows.get(uuid.UUID(gone), gone)}
        raise Refused(
            _("%(label)s: “%(name)s” was refused or removed. Take it out, and send another file.") % words,
            field=named[gone].key,
            code="invalid",
            status=422,
        )


def pinned_for(application: Application) -> dict[str, Any]:
    """What the call asks at this moment; what it asked the first time, where it was returned."""
    first = application.submitted_version()
    if first is None:
        return application.call.pinned(application.requested_gpu_ms, application.requested_money)
    return dict(first.pinned)


def must_take_its_route(application: Application, pinned: Mapping[str, Any]) -> None:
    """Completing an application does not make it one that other people should have looked at."""
    if application.is_draft:
        return
    if not fits(pinned["route"], application.requested_gpu_ms, application.requested_money):
        raise Refused(
            _("This asks for more than what you submitted first may grow to. Ask for less."),
            field="gpu_hours" if application.requested_gpu_ms else "money",
            code="invalid",
            status=422,
        )


def saved_meanwhile(application: Application) -> Refused:
    return Refused(
        _("%(who)s saved this application on %(when)s, after you looked at it. Look at it again, and submit.")
        % {"who": application.saved_by, "when": in_zone(application.saved_at)},
        code="clash",
    )


def freeze(
    application: Application,
    *,
    actor: User,
    clean: dict[str, Any],
    pinned: dict[str, Any],
    now: datetime.datetime,
) -> None:
    """Move, keep the version with what the call asked, and write the receipt."""
    version = ApplicationVersion(
        application=application,
        number=application.versions.count() + 1,
        title=application.title,
        summary=clean["summary"],
        answers=clean,
        requested_gpu_ms=application.requested_gpu_ms,
        requested_money=application.requested_money,
        pinned=pinned,
        submitted_by=actor,
        submitted_at=now,
    )
    advance(
        application,
        actor=actor,
        to=ApplicationStatus.SUBMITTED,
        verb="application.submitted",
        values=values_of(version),
        where={"draft_version": application.draft_version},  # not what a colleague saved just now
        version=version.number,
        gpu_ms=version.requested_gpu_ms,
    )
    version.save()
    Application.objects.filter(pk=application.pk).update(search=words_of(version))
    go_on(application, actor=None, after=None)
    when = in_zone(now, application.call.time_zone)
    write_letter(kind="receipt", to=actor, application=application, when=when, version=version)
    notify_each(
        users=[member for member in members_of(application) if member != actor],
        kind="submitted",
        text=_("%(who)s submitted “%(title)s”.") % {"who": actor, "title": version.title},
        path=application.get_absolute_url(),
        application=application,
    )


def values_of(version: ApplicationVersion) -> dict[str, Any]:
    """The columns of the application that follow its newest version; its route and day stay the first's."""
    values: dict[str, Any] = {
        "title": version.title,
        "requested_gpu_ms": version.requested_gpu_ms,
        "requested_money": version.requested_money,
        "complete_by": None,
    }
    if version.number > 1:
        return values
    route, call = version.pinned["route"], version.application.call
    return {
        **values,
        "submitted_at": version.submitted_at,
        "route": route["route"],
        "first_step": route["steps"][0]["step"],
        "reviews_needed": version.pinned["reviews_needed"],
        "due_on": due_on(version.submitted_at, route.get("service_days"), call.time_zone),
    }


def words_of(version: ApplicationVersion) -> Combinable:
    """What the desk finds it by. `simple` knows no language, and so serves every one."""
    application = version.application
    answers = [text for key, text in version.answers.items() if key not in {"title", "summary"}]
    parts = {
        "A": f"{application.reference} {version.title}",
        "B": f"{application.organisation.name} {version.summary}",
        "C": " ".join(texts_in(answers))[:LONGEST_SEARCHED],
    }
    vectors = [SearchVector(Value(text), weight=w, config="simple") for w, text in parts.items()]
    return vectors[0] + vectors[1] + vectors[2]


def texts_in(answer: Any) -> list[str]:
    """Every text of an answer, also those in lists and in the rows of tables."""
    if isinstance(answer, Mapping):
        return texts_in(list(answer.values()))
    if isinstance(answer, list | tuple):
        return [text for item in answer for text in texts_in(item)]
    return [str(answer)] if answer else []
