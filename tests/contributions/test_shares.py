"""Shares over any affiliations add to exactly one, and only what held on the day counts."""

import datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contributions.actions.attribution import shares
from contributions.models import Account, Affiliation, Contribution
from mission.models import Nation, Organisation

DAY = datetime.date(2025, 6, 15)
days = st.integers(-400, 400).map(lambda n: DAY + datetime.timedelta(days=n))


@st.composite
def affiliations(draw: Any) -> list[Affiliation]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        target = draw(st.sampled_from(["organisation", "nation", "international"]))
        code = draw(st.sampled_from(["IN", "DE", "KE", "BR"]))
        begun = draw(days)
        made.append(
            Affiliation(
                pk=number + 1,
                account=Account(login="asha", platform="github"),
                organisation=Organisation(pk=number + 1, name=code, nation=Nation(code=code))
                if target == "organisation"
                else None,
                nation=Nation(code=code) if target == "nation" else None,
                international=target == "international",
                valid_from=begun,
                valid_to=draw(
                    st.none() | st.integers(1, 500).map(lambda n, b=begun: b + datetime.timedelta(n))
                ),
                grade=draw(st.sampled_from("ABCD")),
            )
        )
    return made


@given(affiliations())
def test_shares_add_to_one_whatever_held_and_nothing_is_dropped(held: list[Affiliation]) -> None:
    act = Contribution(happened_at=datetime.datetime(2025, 6, 15, 23, 59, tzinfo=datetime.UTC))
    found = shares(act, held)
    assert sum((share.fraction for share in found), Decimal(0)) == Decimal(1)
    assert all(Decimal(0) < share.fraction <= Decimal(1) for share in found)
    true_then = [
        each for each in held if each.valid_from <= DAY and (not each.valid_to or each.valid_to > DAY)
    ]
    organisations = {each.pk for each in true_then if each.organisation_id is not None}
    counted = {share.affiliation_id for share in found}
    assert counted == (organisations or {each.pk for each in true_then} or {None})
    if not true_then:
        assert (found[0].nation_id, found[0].international, found[0].grade) == (None, False, "")
    assert all(not (share.international and share.nation_id) for share in found)


@given(affiliations(), st.randoms())
def test_the_order_in_which_evidence_is_read_changes_no_share(held: list[Affiliation], dice: Any) -> None:
    act = Contribution(happened_at=datetime.datetime(2025, 6, 15, tzinfo=datetime.UTC))
    before = {(share.affiliation_id, share.fraction) for share in shares(act, held)}
    dice.shuffle(held)
    assert {(share.affiliation_id, share.fraction) for share in shares(act, held)} == before
