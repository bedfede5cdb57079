"""The sharing rule in SQL is the rule in Python, whatever the affiliations."""

import datetime
import random
from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contributions.actions.accounts import register_accounts
from contributions.actions.artifacts import register_artifacts
from contributions.actions.attribution import affiliate, cell_of, revoke_affiliation, shares
from contributions.actions.bulk_shares import lay_out_spans, months_of, share
from contributions.actions.contributions import store
from contributions.found import Found
from contributions.models import Account, Affiliation, Attribution, Contribution
from mission.errors import Refused
from mission.models import Organisation
from tests.contributions.bulk_world import account, act, artifact
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db
PHASES = [Phase.explicit, Phase.generate]  # a seed does not shrink
CODES = ["IN", "DE", "KE", "FR", "BR", "ID", "JP"]


def place(dice: random.Random, who: Account, organisations: list[Organisation]) -> None:
    """Affiliations at random: organisations, nations, international; open, ended, revoked; some refused."""
    begin = datetime.date(2024, 1, 1) + datetime.timedelta(days=dice.randrange(600))
    end = dice.choice([None, begin + datetime.timedelta(days=dice.randrange(1, 300))])
    what = dice.choice(["organisation", "organisation", "organisation", "nation", "international"])
    method, grade = dice.choice([("registry", "B"), ("self_declared", "A"), ("profile", "D")])
    try:
        made = affiliate(
            actor=None, account=who, valid_from=begin, valid_to=end, method=method, grade=grade,
            organisation=dice.choice(organisations) if what == "organisation" else None,
            nation=nation(dice.choice(CODES)) if what == "nation" else None,
            international=what == "international",
        )  # fmt: skip
    except Refused:
        return
    if dice.random() < 0.15:
        revoke_affiliation(actor=None, affiliation=made)


def facts(row: Attribution) -> tuple[object, ...]:
    return (
        row.contribution_id, row.kind, row.happened_at, row.affiliation_id, row.organisation_id,
        row.nation_id, row.international, row.fraction, row.grade, row.rule_version,
    )  # fmt: skip


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(seed=st.integers(0, 10**9), people=st.integers(1, 4), evidence=st.integers(0, 40))
def test_the_rule_in_sql_is_the_rule_in_python(seed: int, people: int, evidence: int) -> None:
    with transaction.atomic():
        dice = random.Random(seed)
        owner = person("owner")
        organisations = [organisation(owner, f"House {n}", code) for n, code in enumerate(CODES)]
        accounts = list(register_accounts(found=[account(n) for n in range(people)]).values())
        for _n in range(evidence):
            place(dice, dice.choice(accounts), organisations)
        said = tuple(act(n, dice, accounts=people, artifacts=2) for n in range(60))
        store(found=Found(artifacts=(artifact(0), artifact(1)), contributions=said))
        Attribution.objects.all().delete()
        lay_out_spans()
        assert share() == Attribution.objects.count()
        standing = list(Affiliation.objects.standing().select_related("organisation"))
        wanted = [
            each
            for act_ in Contribution.objects.all()
            for each in shares(act_, [held for held in standing if held.account_id == act_.account_id])
        ]
        there = Attribution.objects.all()
        assert Counter(facts(row) for row in there) == Counter(facts(row) for row in wanted)
        sums = Contribution.objects.annotate(whole=Sum("attributions__fraction"))
        assert set(sums.values_list("whole", flat=True)) <= {Decimal(1)}
        cells = {cell_of(row) for row in there}
        assert {cell[2:] for cell in months_of()} == {cell[2:] for cell in cells}
        transaction.set_rollback(True)


def test_seven_organisations_share_to_the_last_digit() -> None:
    owner, who = person("owner"), register_accounts(found=[account(0)])["github", "0"]
    register_artifacts(found=[artifact(0)])
    for number, code in enumerate(CODES):
        affiliate(
            actor=None, account=who, organisation=organisation(owner, f"House {number}", code),
            valid_from=datetime.date(2020, 1, 1), method="registry", grade="B",
        )  # fmt: skip
    store(found=Found(contributions=(act(1, random.Random(3), accounts=1, artifacts=1),)))
    Attribution.objects.all().delete()
    lay_out_spans()
    share()
    parts = Attribution.objects.order_by("affiliation").values_list("fraction", flat=True)
    assert list(parts) == [Decimal("0.14285716"), *[Decimal("0.14285714")] * 6]
