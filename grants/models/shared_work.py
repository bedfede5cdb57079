"""Who worked on the same artefacts as whom, read from `contributions`.

A person's accounts are those they signed in with (GitHub) and those they declared their own; an
organisation's are those affiliated to it within the time asked, and those of its people.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from contributions.models import Account, Affiliation, Artifact, Contribution, Method, Platform


def accounts_of_people(people: Iterable[int]) -> dict[int, set[int]]:
    """account → the people it belongs to."""
    people = list(people)
    owners: dict[int, set[int]] = defaultdict(set)
    signed_in = dict(
        SocialAccount.objects.filter(user__in=people, provider="github").values_list("uid", "user")
    )
    known = Account.objects.filter(platform=Platform.GITHUB, platform_id__in=list(signed_in))
    for account, platform_id in known.values_list("pk", "platform_id"):
        owners[account].add(signed_in[platform_id])
    declared = Affiliation.objects.standing().filter(method=Method.SELF_DECLARED, recorded_by__in=people)
    for account, person in declared.values_list("account", "recorded_by"):
        if person is not None:
            owners[account].add(person)
    return owners


def accounts_of_organisations(
    organisations: set[int], team: Mapping[int, set[int]], first_day: datetime.date
) -> dict[int, set[int]]:
    """account → the organisations it works for, by affiliation or by the person behind it."""
    found: dict[int, set[int]] = defaultdict(set)
    recent = Affiliation.objects.standing().filter(Q(valid_to=None) | Q(valid_to__gte=first_day))
    for account, organisation in recent.filter(organisation__in=organisations).values_list(
        "account", "organisation"
    ):
        if organisation is not None:
            found[account].add(organisation)
    for account, people in accounts_of_people(team).items():
        for person in people:
            found[account] |= team[person]
    return found


def shared_artifacts(
    organisations: set[int], people: set[int], team: Mapping[int, set[int]], first_day: datetime.date
) -> Iterable[tuple[tuple[int, int], str]]:
    """((organisation, person), an artefact both worked on since that day); each pair once."""
    mine = accounts_of_people(people)
    if not mine:
        return
    worked: dict[int, set[int]] = defaultdict(set)  # artefact → people
    for account, artifact in worked_on(set(mine), first_day):
        worked[artifact] |= mine[account]
    theirs = accounts_of_organisations(organisations, team, first_day)
    shared: dict[tuple[int, int], int] = {}
    owned = Artifact.objects.filter(pk__in=worked, owner__in=set(theirs)).values_list("owner", "pk")
    for account, artifact in [*worked_on(set(theirs), first_day, set(worked)), *owned]:
        for organisation in theirs[account or 0]:
            for person in worked[artifact]:
                shared.setdefault((organisation, person), artifact)
    names = dict(Artifact.objects.filter(pk__in=set(shared.values())).values_list("pk", "name"))
    for pair, artifact in shared.items():
        yield pair, names[artifact]


def worked_on(
    accounts: set[int], first_day: datetime.date, artifacts: set[int] | None = None
) -> list[tuple[int, int]]:
    """(account, artefact), each once."""
    rows = Contribution.objects.filter(account__in=accounts, happened_at__date__gte=first_day)
    if artifacts is not None:
        rows = rows.filter(artifact__in=artifacts)
    return [
        (account, artifact)
        for account, artifact in rows.order_by().values_list("account", "artifact").distinct()
        if account is not None
    ]
