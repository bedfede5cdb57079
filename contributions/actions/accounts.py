"""Accounts come in, keyed on the platform's own id; an old name becomes an alias; what kind they are may be
decided by an officer, and no sync overrides that."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.attribution import touch_accounts
from contributions.bots import BY_OFFICER
from contributions.found import FoundAccount
from contributions.models import Account, AccountAlias, AccountKind
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

SAID = ("login", "kind", "kind_rule", "name", "gone_at", "observed_at")


def _kind(account: Account, found: FoundAccount) -> tuple[str, str]:
    """What a sync makes of it: an officer's decision stands."""
    if account.kind_fixed:
        return _of(account)
    return found.kind, found.kind_rule


def _differs(account: Account, found: FoundAccount) -> bool:
    name = found.name or account.name  # a list often leaves the display name out
    kind = _of(account) != _kind(account, found)
    return kind or (account.login, account.name) != (found.login, name) or bool(account.gone_at)


def register_accounts(*, found: Collection[FoundAccount]) -> dict[tuple[str, str], Account]:
    """The accounts for what was found, new and changed ones written. By (platform, platform id).

    Where an account turns out to be a machine, or not to be one, its months are recomputed.
    """
    wanted = {each.key: each for each in found}
    known = {(account.platform, account.platform_id): account for account in _with_keys(wanted)}
    changed = [known[key] for key in known if _differs(known[key], wanted[key])]
    renamed = [
        (each, each.login) for each in changed if each.login != wanted[each.platform, each.platform_id].login
    ]
    turned = [each for each in changed if _kind(each, wanted[each.platform, each.platform_id]) != _of(each)]
    counted = [each.pk for each in turned if each.kind != wanted[each.platform, each.platform_id].kind]
    fresh = [Account(platform=key[0], platform_id=key[1]) for key in wanted if key not in known]
    for account in (*changed, *fresh):
        _bring(account, wanted[account.platform, account.platform_id])
    # Always in one order, so that two workers never wait for each other in a ring.
    rows = sorted((*changed, *fresh), key=lambda each: (each.platform, each.platform_id))
    with transaction.atomic():
        Account.objects.bulk_create(
            [_copy(each) for each in rows],
            update_conflicts=True,
            unique_fields=["platform", "platform_id"],
            update_fields=[name for name in SAID if not name.startswith("kind")],
        )
        _reclass(turned)
        AccountAlias.objects.bulk_create(
            [AccountAlias(account=account, login=old) for account, old in renamed],
            ignore_conflicts=True,
        )
        touch_accounts(accounts=counted)
    if fresh:
        keys = {(each.platform, each.platform_id) for each in fresh}
        known |= {(each.platform, each.platform_id): each for each in _with_keys(keys)}
    return {key: known[key] for key in wanted}


def _bring(account: Account, said: FoundAccount) -> None:
    account.kind, account.kind_rule = _kind(account, said)
    account.login, account.observed_at = said.login, timezone.now()
    account.name, account.gone_at = said.name or account.name, None


def _of(account: Account) -> tuple[str, str]:
    return account.kind, account.kind_rule


def _reclass(accounts: Collection[Account]) -> None:
    """Apart from the rest, because an officer may have decided the kind since we looked."""
    for kind, rule in sorted({_of(each) for each in accounts}):
        pks = [each.pk for each in accounts if _of(each) == (kind, rule)]
        Account.objects.filter(pk__in=pks, kind_fixed=False).update(kind=kind, kind_rule=rule)


def _with_keys(keys: Collection[tuple[str, str]]) -> list[Account]:
    platforms, ids = {platform for platform, _id in keys}, {platform_id for _platform, platform_id in keys}
    rows = Account.objects.filter(platform__in=platforms, platform_id__in=ids)
    return [row for row in rows if (row.platform, row.platform_id) in keys]


def _copy(account: Account) -> Account:
    """Without its primary key, so that every row goes through the same INSERT … ON CONFLICT."""
    names = ("platform", "platform_id", *SAID)
    return Account(**{name: getattr(account, name) for name in names})


def register_account(
    *, actor: User | None, platform: str, platform_id: str, login: str, kind: str, name: str = ""
) -> Account:
    """One account; registering it again brings it up to date. `actor` is None for a sync or the demo seed."""
    found = FoundAccount(platform, platform_id, login, kind, name)
    return register_accounts(found=[found])[found.key]


def fix_kind(*, actor: User, account: Account, kind: str, reason: str) -> Account:
    """An officer says what the account is; no rule and no sync changes that. Its months are recomputed."""
    if kind not in AccountKind.values:
        raise Refused(_("Choose what the account is."), field="kind", status=422)
    if not reason.strip():
        raise Refused(_("Say why, in a sentence. It is shown in public."), field="reason", status=422)
    with transaction.atomic():
        held = Account.objects.select_for_update().get(pk=account.pk)
        before = {"kind": held.kind, "kind_rule": held.kind_rule, "kind_fixed": held.kind_fixed}
        held.kind, held.kind_fixed = kind, True
        held.kind_rule = f"{BY_OFFICER}: {reason.strip()}"[:200]
        held.save(update_fields=["kind", "kind_rule", "kind_fixed"])
        record(actor=actor, verb="account.kind_fixed", target=held, before=before, kind=kind, reason=reason)
        if before["kind"] != kind:
            touch_accounts(accounts=[held.pk])
    return held
