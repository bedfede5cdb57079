"""Sources: what to look at, claimed by one worker at a time, given back with the time of the next look."""

import datetime
import re
import uuid
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.roles import pass_on_role
from contributions.found import FoundSource
from contributions.models import CommonsRole, Platform, Source, SourceKind
from contributions.models.sources import FRESH_FOR, RECONCILED_FOR
from contributions.outside import Missing, OutsideTrouble, RateLimited, TakenDown
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

FIRST_RETRY, LAST_RETRY = datetime.timedelta(seconds=30), datetime.timedelta(hours=6)
GONE_AFTER = datetime.timedelta(days=3)  # a repository may be private for an hour; then it is not gone
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}(/[\w.-]{1,100})?")


def _lease() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=settings.SYNC_LEASE_SECONDS)


def watch(*, actor: User | None, platform: str, name: str, commons_role: str = "") -> Source:
    """Look at an organisation, a person or a repository from now on, and at once. Twice is once.

    With `commons_role` a repository is on the watch list: a project that the whole world builds on.
    """
    if platform not in Platform.values or not NAME.fullmatch(name):
        raise Refused(_("Name it as github:ORG, github:ORG/REPO or huggingface:ORG."), status=422)
    kind = SourceKind.REPOSITORY if "/" in name else SourceKind.ORGANISATION
    if platform == Platform.HUGGINGFACE and kind == SourceKind.REPOSITORY:
        raise Refused(_("On the Hub whole accounts are looked at: huggingface:ORG."), status=422)
    if commons_role and (commons_role not in CommonsRole.values or kind != SourceKind.REPOSITORY):
        raise Refused(_("On the watch list are repositories, each with its role."), status=422)
    with transaction.atomic():
        there = Source.objects.filter(platform=platform, kind=kind, name__iexact=name)
        source = there.order_by("-synced_at").first()
        if source is None:
            source, fresh = Source.objects.get_or_create(
                platform=platform, kind=kind, name=name, platform_id="", defaults={"due_at": timezone.now()}
            )
            if fresh:
                record(actor=actor, verb="source.watched", target=source, name=str(source))
        else:
            hurry(source=source)
        if commons_role and source.commons_role != commons_role:
            source.commons_role = commons_role
            source.save(update_fields=["commons_role"])
            pass_on_role(source=source)
            record(actor=actor, verb="source.role_set", target=source, role=commons_role)
    return source


def hurry(*, source: Source, alone: bool = False, check: bool = False, moved: str = "") -> None:
    """Look again at once, at it and, unless `alone`, at all that belongs to it.

    `check`: ask also for the thing itself, and past the marks. `moved`: a branch of it did, it is said.
    """
    values: dict[str, object] = {"due_at": timezone.now()}
    if check:
        values["reconciled_at"] = LONG_AGO
    if moved:
        values["moved"] = moved[:60]
    belongs = Q(pk=source.pk) if alone else Q(pk=source.pk) | Q(parent=source.pk)
    Source.objects.filter(belongs).update(**values)


def reconcile_due(*, limit: int) -> int:
    """Make due what was not looked through from end to end for a day, those longest ago first.

    A few at each stroke of the clock, so that they spread over the day. Returns how many.
    """
    now = timezone.now()
    old = Source.objects.filter(reconciled_at__lt=now - RECONCILED_FOR, due_at__gt=now)
    chosen = list(old.order_by("reconciled_at").values_list("pk", flat=True)[:limit])
    return Source.objects.filter(pk__in=chosen, due_at__gt=now).update(due_at=now)


def claim(*, source_id: int) -> uuid.UUID | None:
    """Take a due source: one conditional UPDATE. None where it is not due, or in other hands."""
    lease = uuid.uuid4()
    taken = Source.objects.claimable(timezone.now()).filter(pk=source_id)
    return lease if taken.update(lease=lease, leased_until=_lease()) else None


def claim_due(*, limit: int) -> list[tuple[int, uuid.UUID]]:
    """Take the longest due sources, each with its own lease."""
    due = Source.objects.claimable(timezone.now()).fresh_first().values_list("pk", flat=True)[:limit]
    return [(pk, lease) for pk in list(due) if (lease := claim(source_id=pk))]


def take_over(*, source_id: int, lease: uuid.UUID) -> Source | None:
    """The worker's first step. None where the claim passed to somebody else while the task waited.

    It changes the lease (see `source.lease`), so that a message delivered twice starts one look.
    """
    fresh = uuid.uuid4()
    if not Source.objects.held(source_id, lease).update(lease=fresh, leased_until=_lease()):
        return None
    return Source.objects.filter(lease=fresh).first()


def advance(*, source: Source, lease: uuid.UUID, **values: object) -> bool:
    """Move the cursor, while the lease holds; renews it. Inside the transaction that writes the rows."""
    held = Source.objects.held(source.pk, lease)
    return bool(held.update(leased_until=_lease(), missing_since=None, trouble="", **values))


def finish(*, source: Source, lease: uuid.UUID, past: bool = False) -> None:
    """Looked through to the end, or a slice of its past is in. Whoever hurried it meanwhile is heard."""
    held, now = Source.objects.held(source.pk, lease), timezone.now()
    synced_at = source.synced_at if past and source.synced_at else now
    more_past = held.filter(backfill__has_key="cursors").exists()
    due_at = synced_at if more_past else synced_at + FRESH_FOR
    values: dict[str, object] = {"lease": None, "leased_until": None, "attempts": 0, "trouble": ""}
    if not past:
        values |= {"cursor": {}, "synced_at": now}
        if source.reconciled_at is None or source.needs_reconciling(now):
            values["reconciled_at"] = now
    meanwhile = Case(When(due_at=source.due_at, then=Value(due_at)), default=F("due_at"))
    held.update(due_at=meanwhile, **values)


def adopt(*, source: Source, children: Collection[FoundSource]) -> None:
    """Repositories of an organisation are sources of their own: due at once where new, or where one moved."""
    wanted = {each.platform_id: each for each in children}
    there = Source.objects.filter(platform=source.platform, kind=SourceKind.REPOSITORY)
    known = {each.platform_id: each for each in there.filter(platform_id__in=wanted).order_by("pk")}
    now = timezone.now()
    for number, row in known.items():
        said = wanted[number]
        if (row.moved, row.parent_id) != (said.moved, source.pk):
            Source.objects.filter(pk=row.pk).update(parent=source, moved=said.moved)
            Source.objects.filter(pk=row.pk, due_at__isnull=False).update(due_at=now)
        if row.name != said.name:
            Source.objects.filter(pk=row.pk).update(name=said.name)
    Source.objects.bulk_create(
        [
            Source(
                platform=source.platform,
                kind=said.kind,
                name=said.name,
                platform_id=number,
                parent=source,
                moved=said.moved,
                marks=said.marks,
                due_at=now,
            )
            for number, said in sorted(wanted.items())
            if number not in known
        ],
        ignore_conflicts=True,
    )


def let_go(*, source: Source, listed: Collection[str]) -> None:
    """What its owner no longer lists was transferred, hidden or deleted: looked at by itself, at once."""
    gone = source.children.exclude(platform_id__in=listed)
    gone.filter(due_at__isnull=False).update(due_at=timezone.now())
    gone.update(parent=None)


def give_back(*, source: Source, lease: uuid.UUID, trouble: OutsideTrouble) -> datetime.datetime:
    """Something stood in the way: due again when it makes sense, where it stood. Returns when."""
    now = timezone.now()
    values: dict[str, object] = {"lease": None, "leased_until": None, "trouble": trouble.sentence[:300]}
    if isinstance(trouble, RateLimited):
        due = trouble.until
    else:
        due = now + min(FIRST_RETRY * 2 ** min(source.attempts, 10), LAST_RETRY)
        values["attempts"] = F("attempts") + 1
    if isinstance(trouble, Missing | TakenDown):
        due = now + FRESH_FOR
        values["missing_since"] = source.missing_since or now
    Source.objects.held(source.pk, lease).update(due_at=due, **values)
    return due


def gone_for_good(source: Source, trouble: OutsideTrouble) -> bool:
    """Not found for days, or taken down: what we know of it is marked as gone, and stays."""
    since = source.missing_since
    return isinstance(trouble, TakenDown) or (
        isinstance(trouble, Missing) and since is not None and timezone.now() - since > GONE_AFTER
    )
