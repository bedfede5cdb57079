"""Organisations' accounts tied to a nation today. People's own accounts are never listed by nation."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from contributions.models import AccountKind, Affiliation
from contributions.models.attribution import AffiliationQuerySet
from mission.models import Organisation
from mission.remembered import Subject, remembered_while
from mission.written import any_of, array, written_once


class Its(NamedTuple):
    """An organisation of the nation. `type` is an OrganisationType."""

    name: str
    type: str


@dataclass(frozen=True)
class Ties:
    """`organisations` of the nation by their keys, individuals among them; `accounts` of each that has some;
    `owners`: all accounts, also those tied to the nation itself."""

    organisations: dict[int, Its]
    accounts: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    owners: set[int] = field(default_factory=set)


@remembered_while(Subject.COMMONS)
def ties(code: str) -> Ties:
    """Three queries. With its organisations named, and the nation asked for by itself, PostgreSQL reads two
    indexes and not everybody's ties."""
    found = Ties({key: Its(name, kind) for key, name, kind in _organisations(code)})
    its = _of_its(array(found.organisations)) if found.organisations else []
    for account, organisation in its:
        found.accounts[organisation or 0].add(account)
    found.owners.update(_own(code), *found.accounts.values())
    return found


@written_once
def _organisations(code: str) -> "QuerySet[Organisation, tuple[int, str, str]]":
    return Organisation.objects.filter(nation=code).order_by().values_list("pk", "name", "type")


@written_once
def _of_its(organisations: str) -> "QuerySet[Affiliation, tuple[int, int | None]]":
    return _standing().filter(any_of("organisation", organisations)).values_list("account", "organisation")


@written_once
def _own(code: str) -> "QuerySet[Affiliation, int]":
    return _standing().filter(nation=code).values_list("account", flat=True)


def _standing() -> AffiliationQuerySet:
    of_organisations = Affiliation.objects.standing().filter(account__kind=AccountKind.ORGANISATION)
    return of_organisations.filter(valid_to=None).order_by()
