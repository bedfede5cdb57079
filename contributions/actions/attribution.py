"""Whose it is: recording evidence, and sharing contributions by what was true when they happened."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import DateField
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.rollups import Cell, mark_owners_stale, mark_stale
from contributions.measures.metric import month_of
from contributions.models import Account, AccountKind, Affiliation, Attribution, Contribution, Method
from contributions.models.attribution import ATTRIBUTION_RULE, GRADES_OF
from contributions.models.identities import claimed_by, owner_of
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import AuditEntry, Nation, Organisation, User

LONG_AGO = datetime.date(2000, 1, 1)  # before either platform
ONE, STEP, BATCH = Decimal(1), Decimal("0.00000001"), 2000


def affiliate(
    *,
    actor: User | None,
    account: Account,
    organisation: Organisation | None = None,
    nation: Nation | None = None,
    international: bool = False,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    method: str,
    grade: str,
    source_url: str = "",
) -> Affiliation:
    """Record that an account belongs to an organisation, a nation, or is international, and since when.

    `valid_to` is the first day it no longer holds. What the account did in that time is shared anew.
    Recording the same again changes nothing. `actor` is None for an import or the demo seed; a person
    declares only for accounts they have claimed, and says of other people's only what has a source.
    """
    if grade not in GRADES_OF.get(method, ()):
        raise Refused(
            _("Evidence of that kind cannot have the grade %(grade)s.") % {"grade": grade}, field="grade"
        )
    _may_say(actor, account, method, source_url, organisation or nation or international)
    affiliation = Affiliation(
        account=account, organisation=organisation, nation=nation, international=international,
        valid_from=valid_from, valid_to=valid_to, method=method, grade=grade, source_url=source_url,
        recorded_by=actor,
    )  # fmt: skip
    if same := _the_same(affiliation):
        return same
    try:
        affiliation.full_clean()
        with transaction.atomic():
            affiliation.save()
            record(
                actor=actor, verb="affiliation.recorded", target=affiliation, account=account.pk, grade=grade,
                organisation=organisation and organisation.pk, nation=nation and nation.pk,
                valid_from=str(valid_from), valid_to=valid_to and str(valid_to), source=source_url,
            )  # fmt: skip
            reattribute(account=account, since=valid_from, until=valid_to)
    except ValidationError as error:
        raise Refused(error.messages[0], status=422) from error
    except IntegrityError as error:
        raise Refused(_("This account already has such an affiliation in that time.")) from error
    return affiliation


def _may_say(
    actor: User | None, account: Account, method: str, source_url: str, target: Organisation | Nation | bool
) -> None:
    """People belong where they say so themselves. What somebody else enters of them needs a source that
    anyone can open, and never brings back what the owner of the account took back."""
    if actor is None:
        return
    if method == Method.SELF_DECLARED:
        if not claimed_by(actor).filter(pk=account.pk).exists():
            raise Refused(
                _("Claim this account first: only its owner declares where they belong."), status=403
            )
        return
    if account.kind != AccountKind.PERSON:
        return
    if not source_url:
        raise Refused(_("Give the address where that can be read."), field="source_url", status=422)
    owner = owner_of(account)
    if owner and _took_back(owner, account, target):
        raise Refused(_("The owner of this account took that back. Only they can declare it again."))


def _took_back(owner: User, account: Account, target: Organisation | Nation | bool) -> bool:
    revoked = Affiliation.objects.filter(account=account).exclude(revoked_at=None)
    same = [each.pk for each in revoked if target in (each.organisation, each.nation, each.international)]
    acts = AuditEntry.objects.filter(verb="affiliation.revoked", actor=owner)
    return acts.filter(
        target_type=Affiliation._meta.label_lower, target_id__in=[str(pk) for pk in same]
    ).exists()


def _the_same(affiliation: Affiliation) -> Affiliation | None:
    names = (
        "account",
        "organisation",
        "nation",
        "international",
        "valid_from",
        "valid_to",
        "method",
        "grade",
    )
    return (
        Affiliation.objects.standing().filter(**{name: getattr(affiliation, name) for name in names}).first()
    )


def end_affiliation(*, actor: User | None, affiliation: Affiliation, valid_to: datetime.date) -> Affiliation:
    """It held until the day before `valid_to`. What came after is shared anew."""
    with transaction.atomic():
        there = Affiliation.objects.standing().filter(pk=affiliation.pk, valid_from__lt=valid_to)
        if not there.update(valid_to=valid_to):
            raise Refused(_("It was revoked, or began only later."))
        record(actor=actor, verb="affiliation.ended", target=affiliation, valid_to=str(valid_to))
        reattribute(account=affiliation.account, since=affiliation.valid_from, until=None)
    affiliation.refresh_from_db()
    return affiliation


def revoke_affiliation(*, actor: User | None, affiliation: Affiliation) -> None:
    """The person takes the consent back: it no longer counts, for the past neither. The row stays, dated."""
    with transaction.atomic():
        if not Affiliation.objects.standing().filter(pk=affiliation.pk).update(revoked_at=timezone.now()):
            raise Refused(_("It was revoked before."))
        record(actor=actor, verb="affiliation.revoked", target=affiliation)
        reattribute(account=affiliation.account, since=affiliation.valid_from, until=affiliation.valid_to)


def reattribute(*, account: Account, since: datetime.date, until: datetime.date | None) -> None:
    """Share anew what the account did from `since` up to `until`. Inside the transaction of the change."""
    acts = Contribution.objects.filter(account=account, happened_at__gte=_midnight(since))
    if until:
        acts = acts.filter(happened_at__lt=_midnight(until))
    batch: list[Contribution] = []
    for act in acts.order_by("pk").iterator(BATCH):
        batch.append(act)
        if len(batch) == BATCH:
            attribute(contributions=batch)
            batch = []
    attribute(contributions=batch)
    mark_owners_stale(account=account, since=since, until=until)


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)


def shares(contribution: Contribution, affiliations: Iterable[Affiliation]) -> list[Attribution]:
    """Rule 1: equal shares among the organisations the author belonged to on that day; where there was
    none, to the nation they declared; where there was neither, unknown. The shares add to one."""
    day = contribution.happened_at.astimezone(datetime.UTC).date()
    held = [
        each for each in affiliations if each.valid_from <= day and (not each.valid_to or day < each.valid_to)
    ]
    chosen = [each for each in held if each.organisation_id] or held
    share = partial(
        Attribution,
        contribution=contribution,
        kind=contribution.kind,
        happened_at=contribution.happened_at,
        rule_version=ATTRIBUTION_RULE,
    )
    if not chosen:
        return [share(fraction=ONE)]
    part = (ONE / len(chosen)).quantize(STEP, rounding="ROUND_DOWN")
    parts = [ONE - part * (len(chosen) - 1), *([part] * (len(chosen) - 1))]
    return [
        share(
            affiliation=each,
            organisation=each.organisation,
            nation_id=each.organisation.nation_id if each.organisation else each.nation_id,
            international=each.international,
            fraction=fraction,
            grade=each.grade,
        )
        for each, fraction in zip(sorted(chosen, key=lambda each: each.pk), parts, strict=True)
    ]


def cell_of(share: Attribution) -> Cell:
    return Cell(share.nation_id, share.international, month_of(share.happened_at), share.kind)


def touch_accounts(*, accounts: Collection[int]) -> None:
    """Mark stale every cell these accounts (by id) fall into: they count otherwise from now on."""
    if not accounts:
        return
    month = TruncMonth("happened_at", output_field=DateField(), tzinfo=datetime.UTC)
    shares = Attribution.objects.filter(contribution__account__in=accounts)
    cells = shares.values_list("nation_id", "international", month, "kind")
    mark_stale(cells=[Cell(*each) for each in cells.order_by().distinct()])
    for owner in Account.objects.filter(pk__in=accounts, artifacts__isnull=False).distinct():
        mark_owners_stale(account=owner, since=LONG_AGO, until=None)


def _facts(share: Attribution) -> tuple[object, ...]:
    return (
        share.kind, share.happened_at, share.affiliation_id, share.organisation_id, share.nation_id,
        share.international, share.fraction, share.grade, share.rule_version,
    )  # fmt: skip


def attribute(*, contributions: Sequence[Contribution]) -> None:
    """Write the shares of these contributions, and mark every cell they leave or enter stale."""
    held: dict[int | None, list[Affiliation]] = defaultdict(list)
    accounts = {act.account_id for act in contributions if act.account_id}
    for each in Affiliation.objects.standing().filter(account__in=accounts).select_related("organisation"):
        held[each.account_id].append(each)
    there: dict[int, list[Attribution]] = defaultdict(list)
    for share in Attribution.objects.filter(contribution__in=contributions):
        there[share.contribution_id].append(share)
    leaving: list[int] = []
    entering: list[Attribution] = []
    cells: set[Cell] = set()
    for act in contributions:
        wanted, old = shares(act, held[act.account_id]), there[act.pk]
        cells |= {cell_of(share) for share in (*wanted, *old)}
        if {_facts(share) for share in wanted} != {_facts(share) for share in old}:
            leaving += [share.pk for share in old]
            entering += wanted
    with transaction.atomic():
        Attribution.objects.filter(pk__in=leaving).delete()
        Attribution.objects.bulk_create(entering)
        mark_stale(cells=cells)
