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


def edit_call(*, actor: User, call: Call, revision: int, **changes: Any) -> Call:
    """Change a draft. `revision` is the one the officer saw: a colleague's work is never overwritten."""
    must(actor, "call.write")
    call = Call.objects.get(pk=call.pk)
    for name in known(changes):
        setattr(call, name, changes[name])
    check(call)
    with transaction.atomic():
        seen = Call.objects.filter(pk=call.pk, revision=revision, status=CallStatus.DRAFT)
        new = {name: getattr(call, name) for name in known(changes)}
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
    if call.status == CallStatus.DRAFT and call.closes_at <= timezone.now():
        raise Refused(_("This call closes in the past. Change when it closes."), field="closes_at")
    if call.reviews_needed and not call.criteria:
        raise Refused(_("Reviewers need at least one criterion to score."), field="criteria")
    with transaction.atomic():
        move(
            call,
            actor=actor,
            to=CallStatus.PUBLISHED,
            verb="call.published",
            values={"published_at": timezone.now()},
        )
    return call


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
    try:
        call.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=None if field == "__all__" else field, status=422) from error
