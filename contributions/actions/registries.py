"""Organisations by registry: ROR and national registers keep them up to date, and tie their accounts."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from contributions.actions.attribution import affiliate
from contributions.models import Account, AccountKind, Affiliation, Grade, Method
from contributions.registries import Registered, read_national, read_ror, refuse
from mission.actions.organisations import bring_up_to_date, register_organisation
from mission.errors import Refused
from mission.models import Nation, Organisation, User
from mission.ror import read_ror_id


@dataclass
class ImportedRegistry:
    """`notes`: what a person should look at, a sentence each."""

    read: int = 0
    created: int = 0
    changed: int = 0
    tied: int = 0  # accounts, by a new affiliation
    notes: list[str] = field(default_factory=list)


def import_ror(
    *, actor: User | None, file: Path, nations: Collection[str] = (), ids: Collection[str] = ()
) -> ImportedRegistry:
    """Bring in the organisations of ROR's data dump that are of these nations or have these ids.

    Those that are here already and carry a ROR id are brought up to date whether they were asked for or not.
    All or nothing; the same dump again changes nothing. Raises Refused.
    """
    try:
        asked = {read_ror_id(each) for each in ids}
    except ValueError as error:
        raise Refused(str(error), field="ids", status=422) from error
    known = _codes()
    if unknown := [code for code in nations if code not in known]:
        raise Refused(_("%(code)s is no nation's code. India's is IN.") % {"code": unknown[0]}, status=422)
    here = set(Organisation.objects.exclude(ror_id="").values_list("ror_id", flat=True))
    rows = read_ror(file, nations={known[code] for code in nations}, ids=asked | here)
    return _import(actor, file, rows)


def import_national(
    *, actor: User | None, file: Path, source_url: str, as_of: datetime.date
) -> ImportedRegistry:
    """Bring in a national register: a CSV file that `source_url` is about, as it stood on the day `as_of`.

    All or nothing; the same file again changes nothing. Raises Refused, naming file and line.
    """
    rows = read_national(file, nations=_codes(), source_url=source_url, as_of=as_of)
    return _import(actor, file, rows)


def _codes() -> dict[str, str]:
    codes = dict(Nation.objects.values_list("alpha3", "code"))
    if not codes:
        raise Refused(_("There are no nations yet. Run manage.py load_reference first."))
    return codes | {code: code for code in codes.values()}


def _import(actor: User | None, file: Path, rows: Iterable[Registered]) -> ImportedRegistry:
    done = ImportedRegistry()
    nations = {nation.pk: nation for nation in Nation.objects.all()}
    with transaction.atomic():
        for row in rows:
            done.read += 1
            try:
                organisation = _organisation(actor, row, nations, done)
                if organisation is not None:
                    _tie(actor, organisation, row, done)
            except Refused as refused:
                raise refuse(file, row.where, refused.sentence) from refused
    return done


def _organisation(
    actor: User | None, row: Registered, nations: dict[str, Nation], done: ImportedRegistry
) -> Organisation | None:
    """The organisation of a row, found, brought up to date or made. None where there is none to have."""
    there = Organisation.objects.registered(ror_id=row.ror_id, registry_id=row.registry_id, nation=row.nation)
    if len(there) > 1:
        names = " / ".join(map(str, there))
        raise Refused(_("its numbers are those of two organisations here: %(names)s.") % {"names": names})
    found = next(iter(there), None)
    if not row.active:
        if found is not None:
            done.notes.append(_("%(name)s is no longer active in the register.") % {"name": found})
        return None
    nation = nations.get(row.nation)
    if nation is None:
        done.notes.append(_("%(name)s has no nation we know; it was left out.") % {"name": row.name})
        return None
    facts = {"name": row.name, "website": row.website, "ror_id": row.ror_id, "registry_id": row.registry_id}
    if found is None:
        done.created += 1
        return register_organisation(
            actor=actor, type=row.type, nation=nation, source_url=row.source_url, **facts
        )
    if found.nation_id != row.nation:
        # The nation decides whose figures are whose: a person looks first.
        sentence = _("%(name)s is of %(ours)s here and of %(theirs)s in the register; the nation was left.")
        done.notes.append(sentence % {"name": found, "ours": found.nation_id, "theirs": row.nation})
    done.changed += bring_up_to_date(actor=actor, organisation=found, source_url=row.source_url, **facts)
    return found


def _tie(actor: User | None, organisation: Organisation, row: Registered, done: ImportedRegistry) -> None:
    """The accounts that the register names belong to it from the register's day on. Never a person's."""
    for platform, login in row.accounts:
        account = Account.objects.named(platform, login).first()
        named = f"{platform}:{login}"
        if account is None:
            sentence = _(
                "%(account)s was never looked at. Run manage.py sync %(account)s, then import again."
            )
            done.notes.append(sentence % {"account": named})
        elif account.kind != AccountKind.ORGANISATION:
            sentence = _("%(account)s is no organisation's account; a person says whose they are themselves.")
            done.notes.append(sentence % {"account": named})
        elif not _is_tied(account, organisation):
            try:
                affiliate(
                    actor=actor,
                    account=account,
                    organisation=organisation,
                    valid_from=row.since,
                    method=Method.REGISTRY,
                    grade=Grade.B,
                    source_url=row.source_url,
                )
                done.tied += 1
            except Refused as refused:  # an earlier end of it, or one that was taken back, stands
                done.notes.append(f"{named}: {refused.sentence}")


def _is_tied(account: Account, organisation: Organisation) -> bool:
    """It belongs there already: the register's newer date does not make an earlier one wrong."""
    return (
        Affiliation.objects.standing()
        .filter(account=account, organisation=organisation, valid_to=None)
        .exists()
    )
