"""Whose accounts they are: claimed and given up by their owners, merged and split by officers, all logged.

Every verb here first takes one lock, so that of two people acting at once the second sees what the first did.
"""

from collections.abc import Sequence

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from contributions.actions.accounts import register_accounts
from contributions.actions.attribution import revoke_affiliation, touch_accounts
from contributions.bots import seen
from contributions.models import (
    Account,
    AccountKind,
    Affiliation,
    Identity,
    IdentityOperation,
    Method,
    OperationKind,
    Platform,
)
from contributions.models.identities import PROVIDERS, claimed_by, owner_of
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

ONE_AT_A_TIME = 4_812_026  # a number of our own for pg_advisory_xact_lock
CLASSES = {Platform.GITHUB: "User", Platform.HUGGINGFACE: "user"}


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def claim(*, actor: User, account: Account) -> IdentityOperation:
    """The person signed in on the platform as this account, so it is theirs. Twice is once."""
    if not any(each.pk == account.pk for each in connected(actor)):
        raise Refused(_("Sign in there first, under “Connect an account”: that shows it is yours."))
    with transaction.atomic():
        _take_turn()
        held = Account.objects.get(pk=account.pk)
        if claimed_by(actor).filter(pk=held.pk).exists():
            return held.operations.filter(kind=OperationKind.CLAIM).latest("pk")
        if owner_of(held) is not None:
            raise Refused(
                _("Somebody else has claimed %(account)s. If it is yours, contest that: an officer looks.")
                % {"account": held},
                code="claimed_by_another",
            )
        return _move(actor, OperationKind.CLAIM, held, _own_identity(actor, held), "")


def claim_connected(*, actor: User) -> tuple[list[Account], list[Refused]]:
    """Every account they signed in with on a platform and have not claimed yet; and what stood in the way."""
    mine = set(claimed_by(actor).values_list("pk", flat=True))
    claimed, refused = [], []
    for account in connected(actor):
        if account.pk not in mine:
            try:
                claim(actor=actor, account=account)
                claimed.append(account)
            except Refused as trouble:
                refused.append(trouble)
    return claimed, refused


def show_sign_in(*, user: User, platform: str, uid: str, login: str) -> None:
    """As if they had signed in on the platform. For the demo world, which has no platforms to go to."""
    if not (settings.DEMO or settings.TESTING):
        raise Refused(_("Only signing in there shows whose an account is."), status=403)
    SocialAccount.objects.get_or_create(
        provider=platform, uid=uid, defaults={"user": user, "extra_data": {"login": login, "name": user.name}}
    )


def connected(actor: User) -> list[Account]:
    """The accounts behind the person's sign-ins on platforms, registered where no sync has seen them yet."""
    found = []
    for each in SocialAccount.objects.filter(user=actor, provider__in=PROVIDERS).order_by("pk"):
        platform = PROVIDERS[each.provider]
        said = _said(each)
        account = Account.objects.filter(platform=platform, platform_id=each.uid).first()
        if account is None and platform == Platform.HUGGINGFACE:  # where the Hub did not tell the id
            by_name = f"name:{said['login'].lower()}"[:64]
            account = Account.objects.filter(platform=platform, platform_id=by_name).first()
        if account is None:
            new = seen(platform, each.uid, said["login"], CLASSES[platform], said["name"])
            account = register_accounts(found=[new])[new.key]
        found.append(account)
    return found


def _said(connection_: SocialAccount) -> dict[str, str]:
    """Login and display name as the platform told them: GitHub's words, or those of OpenID Connect."""
    data = connection_.extra_data or {}
    data = data.get("userinfo") or data.get("id_token") or data
    login = data.get("login") or data.get("preferred_username") or connection_.uid
    return {"login": str(login)[:100], "name": str(data.get("name") or "")[:200]}


def _own_identity(actor: User, account: Account) -> Identity:
    """The person's. Where officers merged the account with others before, they stay together."""
    mine = Identity.objects.filter(user=actor).first()
    if mine:
        return mine
    if account.identity_id:
        Identity.objects.filter(pk=account.identity_id, user=None).update(user=actor)
    return Identity.objects.get_or_create(user=actor)[0]


def release(*, actor: User, account: Account) -> IdentityOperation:
    """The person gives the account up; what they declared for it is revoked."""
    with transaction.atomic():
        _take_turn()
        held = claimed_by(actor).filter(pk=account.pk).first()
        if held is None:
            raise Refused(_("You have not claimed this account."))
        declared = Affiliation.objects.standing().filter(account=held, method=Method.SELF_DECLARED)
        for affiliation in declared.filter(recorded_by=actor):
            revoke_affiliation(actor=actor, affiliation=affiliation)
        return _move(actor, OperationKind.RELEASE, held, None, "")


def merge(*, actor: User, accounts: Sequence[Account], reason: str) -> list[IdentityOperation]:
    """These accounts, and all that were merged with them before, are one person's. One operation each."""
    reason = _reason(reason)
    with transaction.atomic():
        _take_turn()
        named = list(Account.objects.filter(pk__in=[each.pk for each in accounts]).select_related("identity"))
        if len(named) < 2:
            raise Refused(_("Name at least two accounts."), field="accounts", status=422)
        strange = next((each for each in named if each.kind != AccountKind.PERSON), None)
        if strange:
            raise Refused(_("%(account)s is not a person's.") % {"account": strange}, field="accounts")
        identities = {each.identity_id: each.identity for each in named if each.identity}
        if len(identities) == 1 and all(each.identity_id for each in named):
            raise Refused(_together(named[0]), code="together")
        people = [each for each in identities.values() if each.user_id]
        if len(people) > 1:
            raise Refused(_("Two people signed in and claimed these accounts; they cannot be one."))
        oldest = min((pk for pk in identities if pk), default=None)
        target = people[0] if people else identities[oldest] if oldest else Identity.objects.create()
        pks = {each.pk for each in named}
        pks |= set(Account.objects.filter(identity__in=identities).values_list("pk", flat=True))
        moving = Account.objects.filter(pk__in=pks).exclude(identity=target).order_by("pk")
        return [_move(actor, OperationKind.MERGE, each, target, reason) for each in moving]


def _together(account: Account) -> str:
    last = IdentityOperation.objects.filter(after=account.identity_id).select_related("actor").first()
    if last is None or last.actor is None:
        return _("They belong together already.")
    return _("They belong together already: %(who)s did that on %(when)s.") % {
        "who": last.actor,
        "when": f"{last.at:%Y-%m-%d %H:%M}",
    }


def split(*, actor: User, account: Account, reason: str) -> IdentityOperation:
    """The account is not of the person it was merged with, or claimed by: it stands alone."""
    reason = _reason(reason)
    with transaction.atomic():
        _take_turn()
        held = Account.objects.get(pk=account.pk)
        if held.identity_id is None:
            raise Refused(_("%(account)s stands alone already.") % {"account": held}, code="alone")
        return _move(actor, OperationKind.SPLIT, held, None, reason)


def reverse(*, actor: User, operation: IdentityOperation, reason: str) -> IdentityOperation:
    """Undo a merge or a split, as long as the account stands where it put it. The log keeps both."""
    reason = _reason(reason)
    if operation.kind not in (OperationKind.MERGE, OperationKind.SPLIT):
        raise Refused(_("What an owner did, only they undo."))
    with transaction.atomic():
        _take_turn()
        if IdentityOperation.objects.filter(reverses=operation).exists():
            raise Refused(_("This was reversed before."))
        held = Account.objects.get(pk=operation.account_id)
        if held.identity_id != operation.after_id:
            raise Refused(
                _("%(account)s was moved again since; look at its newest entry.") % {"account": held}
            )
        back = OperationKind.SPLIT if operation.kind == OperationKind.MERGE else OperationKind.MERGE
        return _move(actor, back, held, operation.before, reason, reverses=operation)


def _reason(said: str) -> str:
    if not said.strip():
        raise Refused(_("Say why, in a sentence. It stays in the log."), field="reason", status=422)
    return said.strip()[:500]


def _move(
    actor: User,
    kind: str,
    account: Account,
    to: Identity | None,
    reason: str,
    reverses: IdentityOperation | None = None,
) -> IdentityOperation:
    """Write the log, move the account, and have the months of all concerned recomputed: heads change."""
    before = account.identity_id
    concerned = [each for each in (before, to and to.pk) if each]
    others = Account.objects.filter(identity__in=concerned).values_list("pk", flat=True)
    touch_accounts(accounts={account.pk, *others})
    Account.objects.filter(pk=account.pk).update(identity=to)
    account.identity = to
    operation = IdentityOperation.objects.create(
        kind=kind, account=account, before_id=before, after=to, actor=actor, reason=reason, reverses=reverses
    )
    record(
        actor=actor, verb=f"identity.{kind}", target=account, before=before, after=to and to.pk, reason=reason
    )
    return operation
