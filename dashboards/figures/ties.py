"""Organisations' accounts tied to a nation today. People's own accounts are never listed by nation."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import BooleanField, F, Func, Q, Value

from contributions.models import AccountKind, Affiliation
from mission.models import Organisation
from mission.remembered import Subject, remembered_while


def any_of(column: str, keys: Collection[int]) -> Func | Q:
    """For `filter`: `column = ANY(keys)`, one word however many keys there are, where `__in` looks at each
    three times over. Without keys nothing is asked."""
    if not keys:
        return Q(pk__in=())
    told = Value(f"{{{','.join(map(str, keys))}}}")
    return Func(
        F(column),
        told,
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


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
    organisations = Organisation.objects.filter(nation=code).order_by().values_list("pk", "name", "type")
    found = Ties({key: Its(name, kind) for key, name, kind in organisations})
    rows = Affiliation.objects.standing().filter(valid_to=None, account__kind=AccountKind.ORGANISATION)
    of_its = rows.filter(any_of("organisation", found.organisations)).order_by()
    for account, organisation in of_its.values_list("account", "organisation"):
        found.accounts[organisation or 0].add(account)
    own = rows.filter(nation=code).order_by().values_list("account", flat=True)
    found.owners.update(own, *found.accounts.values())
    return found
