"""Accounts come in, keyed on the platform's own id; an old name becomes an alias."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from contributions.found import FoundAccount
from contributions.models import Account, AccountAlias
from mission.models import User


def _differs(account: Account, found: FoundAccount) -> bool:
    name = found.name or account.name  # a list often leaves the display name out
    return (account.login, account.kind, account.name) != (found.login, found.kind, name) or bool(
        account.gone_at
    )


def register_accounts(*, found: Collection[FoundAccount]) -> dict[tuple[str, str], Account]:
    """The accounts for what was found, new and changed ones written. By (platform, platform id)."""
    wanted = {each.key: each for each in found}
    known = {(account.platform, account.platform_id): account for account in _with_keys(wanted)}
    changed = [known[key] for key in known if _differs(known[key], wanted[key])]
    renamed = [
        (each, each.login) for each in changed if each.login != wanted[each.platform, each.platform_id].login
    ]
    now = timezone.now()
    fresh = [Account(platform=key[0], platform_id=key[1]) for key in wanted if key not in known]
    for account in (*changed, *fresh):
        said = wanted[account.platform, account.platform_id]
        account.login, account.kind, account.observed_at = said.login, said.kind, now
        account.name, account.gone_at = said.name or account.name, None
    # Always in one order, so that two workers never wait for each other in a ring.
    rows = sorted((*changed, *fresh), key=lambda each: (each.platform, each.platform_id))
    with transaction.atomic():
        Account.objects.bulk_create(
            [_copy(each) for each in rows],
            update_conflicts=True,
            unique_fields=["platform", "platform_id"],
            update_fields=["login", "kind", "name", "gone_at", "observed_at"],
        )
        AccountAlias.objects.bulk_create(
            [AccountAlias(account=account, login=old, seen_at=now) for account, old in renamed],
            ignore_conflicts=True,
        )
    if fresh:
        keys = {(each.platform, each.platform_id) for each in fresh}
        known |= {(each.platform, each.platform_id): each for each in _with_keys(keys)}
    return {key: known[key] for key in wanted}


def _with_keys(keys: Collection[tuple[str, str]]) -> list[Account]:
    platforms, ids = {platform for platform, _id in keys}, {platform_id for _platform, platform_id in keys}
    rows = Account.objects.filter(platform__in=platforms, platform_id__in=ids)
    return [row for row in rows if (row.platform, row.platform_id) in keys]


def _copy(account: Account) -> Account:
    """Without its primary key, so that every row goes through the same INSERT … ON CONFLICT."""
    names = ("platform", "platform_id", "login", "kind", "name", "gone_at", "observed_at")
    return Account(**{name: getattr(account, name) for name in names})


def register_account(
    *, actor: User | None, platform: str, platform_id: str, login: str, kind: str, name: str = ""
) -> Account:
    """One account; registering it again brings it up to date. `actor` is None for a sync or the demo seed."""
    found = FoundAccount(platform, platform_id, login, kind, name)
    return register_accounts(found=[found])[found.key]
