"""Opening calls. A call is written as a draft, published once, and then stands as published."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from grants.actions.rights import must
from grants.actions.states import move
from grants.models.calls import Call, CallStatus
from grants.models.programmes import PROGRAMME_NAMES, Programme, ProgrammeKind
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

SET_BY_OFFICERS = frozenset(
    {
        "programme", "track", "title", "summary", "description", "opens_at", "closes_at", "grace_minutes",
        "time_zone", "budget_gpu_ms", "budget_money", "currency", "applicants", "publish_at", "results_at",
        "appeal_days", "terms", "routes", "reviews_needed", "eligibility", "questions", "criteria",
        "deliverables", "declarations", "cloned_from",
    }
)  # fmt: skip


CLONED = SET_BY_OFFICERS - {"title", "opens_at", "closes_at", "publish_at", "results_at", "cloned_from"}


def ensure_programme(*, actor: User | None, kind: str, name: str = "", description: str = "") -> Programme:
    """The programme of this name, or the kind's usual one; made where it is missing."""
    name = name or PROGRAMME_NAMES[ProgrammeKind(kind)]
    with transaction.atomic():
        programme, fresh = Programme.objects.get_or_create(
            slug=slugify(name)[:50], defaults={"kind": kind, "name": name, "description": description}
        )
        if fresh:
            record(actor=actor, verb="programme.opened", target=programme, kind=kind)
    return programme


def create_call(
    *,
    actor: User,
    programme: Programme,
    title: str,
    summary: str,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    budget_gpu_ms: int = 0,
    **more: Any,
) -> Call:
    """Write a draft. `more`: any of SET_BY_OFFICERS, and `slug` (made from the title where it is missing)."""
    must(actor, "call.write")
    slug = more.pop("slug", "") or free_slug(title)
    call = Call(
        programme=programme,
        title=title.strip(),
        summary=summary.strip(),
        slug=slug,
        opens_at=opens_at,
        closes_at=closes_at,
        budget_gpu_ms=budget_gpu_ms,
        **{name: more[name] for name in known(more)},
    )
    check(call)
    try:
        with transaction.atomic():
            call.save()
            record(actor=actor, verb="call.created", target=call, to=call.status, budget_gpu_ms=budget_gpu_ms)
    except IntegrityError as error:
        raise Refused(_("There is a call at this address already."), field="title") from error
    return call


def clone_call(*, actor: User, call: Call, **changes: Any) -> Call:
    """A draft that asks, judges and gives as another call does; `changes` go before what it holds.

    Title, dates and the rest as given; without dates it is open as long as the other was, from now on.
    """
    now = timezone.now()
    fields: dict[str, Any] = {name: getattr(call, name) for name in CLONED}
    fields |= {"title": call.title, "opens_at": now, "closes_at": now + (call.closes_at - call.opens_at)}
    return create_call(actor=actor, **{**fields, **changes, "cloned_from": call})


def edit_call(*, actor: User, call: Call, revision: int, **changes: Any) -> Call:
    """Change a draft. `revision` is the one the officer saw: a colleague's work is never overwritten."""
    must(actor, "call.write")
    call = Call.objects.get(pk=call.pk)
    new: dict[str, Any] = {name: changes[name] for name in known(changes)}
    if "terms" in new and new["terms"] != call.terms:
        new["terms_version"] = call.terms_version + 1
    for name, value in new.items():
        setattr(call, name, value)
    check(call)
    with transaction.atomic():
        seen = Call.objects.filter(pk=call.pk, revision=revision, status=CallStatus.DRAFT)
        if not seen.update(revision=revision + 1, **new):
            sentence = _("Somebody published or changed this call while you were writing. Look at it again.")
            raise Refused(sentence, code="clash")
        call.revision = revision + 1
        record(actor=actor, verb="call.edited", target=call, revision=call.revision, fields=known(changes))
    return call


def publish_call(*, actor: User, call: Call) -> Call:
    """Show a draft to everybody. From then on it stands."""
    must(actor, "call.write")
    call = Call.objects.get(pk=call.pk)
    if call.status == CallStatus.DRAFT:
        must_be_ready(call)
    with transaction.atomic():
        show(call, actor=actor)
    return call


def publish_due_calls() -> int:
    """The clock: publish the drafts whose moment has come. How many; twice at once publishes once.

    A draft that cannot be published any more loses its moment, and the desk is told why on its page.
    """
    due = Call.objects.filter(status=CallStatus.DRAFT, publish_at__lte=timezone.now())
    return sum(publish_by_itself(call) for call in due)


def publish_by_itself(call: Call) -> bool:
    try:
        with transaction.atomic():
            must_be_ready(call)
            show(call, actor=None, publish_at__lte=timezone.now())
    except Refused as refused:
        if refused.code == "moved_on":
            return False
        with transaction.atomic():
            Call.objects.filter(pk=call.pk, status=CallStatus.DRAFT).update(publish_at=None)
            record(actor=None, verb="call.not_published", target=call, reason=refused.sentence)
        return False
    return True


def show(call: Call, *, actor: User | None, **where: Any) -> None:
    now = {"published_at": timezone.now()}
    move(call, actor=actor, to=CallStatus.PUBLISHED, verb="call.published", values=now, where=where)


def must_be_ready(call: Call) -> None:
    """What a call needs before anybody sees it."""
    if call.closes_at <= timezone.now():
        raise Refused(_("This call closes in the past. Change when it closes."), field="closes_at")
    if call.needs_reviews and not call.criteria:
        raise Refused(_("Reviewers need at least one criterion to score."), field="criteria")
    if call.publish_at and call.publish_at >= call.closes_at:
        raise Refused(_("This call would be published after it closes."), field="publish_at")


def close_call(*, actor: User, call: Call, reason: str) -> Call:
    """Take no more applications, whatever the dates say."""
    must(actor, "call.write")
    call = Call.objects.get(pk=call.pk)
    with transaction.atomic():
        move(call, actor=actor, to=CallStatus.CLOSED, verb="call.closed", reason=reason)
    return call


def known(changes: dict[str, Any]) -> list[str]:
    unknown = set(changes) - SET_BY_OFFICERS
    if unknown:
        raise TypeError(f"a call has no {', '.join(sorted(unknown))} to set")
    return sorted(changes)


def free_slug(title: str) -> str:
    """From the title; numbered where another call has it."""
    stem = slugify(title)[:70] or "call"
    taken = set(Call.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def check(call: Call) -> None:
    if call.publish_at and call.status == CallStatus.DRAFT:
        must_be_ready(call)
    try:
        call.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=None if field == "__all__" else field, status=422) from error
