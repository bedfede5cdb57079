"""Carries out the changes of a correction, each by the action that does it elsewhere, and says what changed.

The sentence is public, so it names no person and nowhere a person belongs.
"""

from typing import Any

from django.utils.translation import gettext as _

from contributions import correction_changes as asked
from contributions.actions.accounts import fix_kind
from contributions.actions.attribution import affiliate, end_affiliation, revoke_affiliation
from contributions.actions.copies import decide_copy
from contributions.actions.identities import merge, split
from contributions.models import Account, AccountKind, Affiliation, Method
from mission.models import User


def carry_out(change: asked.Change, *, actor: User, reason: str) -> dict[str, Any]:
    """Inside the transaction of the decision: all of them, or none. Returns what was before and after."""
    return {"change": type(change).__name__, **_carried_out(change, actor, reason)}


def _carried_out(change: asked.Change, actor: User, reason: str) -> dict[str, Any]:
    match change:
        case asked.EndAffiliation():
            return _end(change, actor)
        case asked.RevokeAffiliation():
            return _revoke(change, actor)
        case asked.RecordAffiliation():
            return _record(change, actor)
        case asked.FixKind():
            return _fix(change, actor, reason)
        case asked.Split():
            return _split(change, actor, reason)
        case asked.Merge():
            return _merge(change, actor, reason)
        case asked.MarkCopy():
            return _copy(change, actor, reason)
        case asked.MarkOriginal():
            return _original(change, actor, reason)


def _days(affiliation: Affiliation) -> dict[str, Any]:
    return {
        "affiliation": affiliation.pk,
        "valid_from": str(affiliation.valid_from),
        "valid_to": affiliation.valid_to and str(affiliation.valid_to),
        "revoked": affiliation.revoked_at is not None,
    }


def _end(change: asked.EndAffiliation, actor: User) -> dict[str, Any]:
    before = _days(change.affiliation)
    after = end_affiliation(actor=actor, affiliation=change.affiliation, valid_to=change.valid_to)
    words = _("Where an account belongs: ended on %(day)s.") % {"day": f"{change.valid_to:%Y-%m-%d}"}
    return {"before": before, "after": _days(after), "sentence": words}


def _revoke(change: asked.RevokeAffiliation, actor: User) -> dict[str, Any]:
    before = _days(change.affiliation)
    revoke_affiliation(actor=actor, affiliation=change.affiliation)
    return {
        "before": before,
        "after": before | {"revoked": True},
        "sentence": _("Where an account belongs: taken back, for the past too."),
    }


def _record(change: asked.RecordAffiliation, actor: User) -> dict[str, Any]:
    made = affiliate(
        actor=actor,
        account=change.account,
        organisation=change.organisation,
        nation=change.nation,
        international=change.international,
        valid_from=change.valid_from,
        valid_to=change.valid_to,
        method=Method.OFFICER,
        grade=change.grade,
        source_url=change.source_url,
    )
    words = _("Where an account belongs: recorded, with evidence of grade %(grade)s.")
    return {"before": None, "after": _days(made), "sentence": words % {"grade": change.grade}}


def _fix(change: asked.FixKind, actor: User, reason: str) -> dict[str, Any]:
    before = change.account.kind
    after = fix_kind(actor=actor, account=change.account, kind=change.kind, reason=reason)
    kinds = {"before": AccountKind(before).label, "after": AccountKind(after.kind).label}
    return {
        "account": after.pk,
        "before": before,
        "after": after.kind,
        "sentence": _("The kind of an account: %(before)s, now %(after)s.") % kinds,
    }


def _identity(account: Account) -> int | None:
    return Account.objects.values_list("identity", flat=True).get(pk=account.pk)


def _split(change: asked.Split, actor: User, reason: str) -> dict[str, Any]:
    operation = split(actor=actor, account=change.account, reason=reason)
    return {
        "account": change.account.pk,
        "before": operation.before_id,
        "after": None,
        "sentence": _("An account was counted with another person's; it is counted alone."),
    }


def _merge(change: asked.Merge, actor: User, reason: str) -> dict[str, Any]:
    both = (change.account, change.other)
    before = [_identity(each) for each in both]
    merge(actor=actor, accounts=both, reason=reason)
    return {
        "accounts": [each.pk for each in both],
        "before": before,
        "after": _identity(change.account),
        "sentence": _("Two accounts are one person's, who is counted once."),
    }


def _copy(change: asked.MarkCopy, actor: User, reason: str) -> dict[str, Any]:
    before = change.artifact.duplicate_of_id
    after = decide_copy(actor=actor, artifact=change.artifact, original=change.original, reason=reason)
    names = {"copy": change.artifact.name, "original": change.original.name}
    return {
        "artifact": after.pk,
        "before": before,
        "after": after.duplicate_of_id,
        "sentence": _("%(copy)s is a copy of %(original)s and is not counted apart.") % names,
    }


def _original(change: asked.MarkOriginal, actor: User, reason: str) -> dict[str, Any]:
    before = change.artifact.duplicate_of_id
    decide_copy(actor=actor, artifact=change.artifact, original=None, reason=reason)
    words = _("%(name)s is no copy and is counted.") % {"name": change.artifact.name}
    return {"artifact": change.artifact.pk, "before": before, "after": None, "sentence": words}
