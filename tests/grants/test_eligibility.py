"""Who may apply is data: each rule judged with its reason; the desk may let somebody in, with its own."""

from decimal import Decimal
from typing import Any

import pytest

from grants.actions.applications import start_application
from grants.actions.overrides import override_rule
from grants.models import EligibilityOverride
from grants.models.applications import findings
from grants.models.eligibility import Finding
from grants.models.open_licences import is_open
from mission.actions.organisations import stand_alone
from mission.errors import Refused
from mission.models import AuditEntry, Membership, Role
from tests.grants.test_pages import client_of, text_of
from tests.grants.world import officer, open_call, startup
from tests.world import nation, person

pytestmark = pytest.mark.django_db
LICENCES = [
    {"key": "licence", "kind": "licence", "label": "Licence"},
    {"key": "licence_code", "kind": "licence", "label": "Licence of the code", "required": False},
]
ONLY_GERMANS = [{"rule": "nation", "any_of": ["DE"]}]


def named(found: list[Finding], name: str) -> Finding:
    return next(finding for finding in found if finding.name == name)


@pytest.mark.parametrize(
    ("said", "ok"),
    [
        (None, None),
        ({}, None),
        ({"licence": "CC-BY-4.0"}, True),
        ({"licence": "CC-BY-NC-4.0"}, False),
        ({"licence": "Apache-2.0", "licence_code": "BUSL-1.1"}, False),
        ({"licence": "Apache-2.0", "licence_code": "MIT"}, True),
        ({"licence_code": "MIT"}, None),
    ],
)
def test_open_licences_are_judged_from_the_answers(said: dict[str, str] | None, ok: bool | None) -> None:
    call = open_call(officer(), questions=LICENCES, eligibility=[{"rule": "open_licences"}])
    found = findings(call, startup()[1], answers=said)
    assert named(found, "open_licences").ok is ok


@pytest.mark.parametrize(
    ("expression", "ok"),
    [
        ("MIT", True),
        ("apache-2.0", True),
        ("GPL-3.0", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("MIT OR CC-BY-NC-4.0", True),
        ("MIT AND CC-BY-NC-4.0", False),
        ("CC-BY-ND-4.0", False),
        ("our own licence (free!)", False),
        ("", False),
    ],
)
def test_a_licence_is_open_when_all_of_it_is(expression: str, ok: bool) -> None:
    assert is_open(expression) is ok


def test_money_asked_for_is_judged_like_gpu_hours() -> None:
    rule = {"rule": "money_at_most", "amount": 1000}
    call = open_call(officer(), budget_money=Decimal(5000), currency="INR", eligibility=[rule])
    _asha, kaveri = startup()
    asked = [findings(call, kaveri, None, money)[0].ok for money in (None, Decimal(1000), Decimal("1000.01"))]
    assert asked == [None, True, False]


def test_individuals_and_organisations_are_let_in_as_the_call_says() -> None:
    meera, (asha, kaveri) = officer(), startup()
    alone = stand_alone(actor=asha, nation=nation())
    seen = {}
    for who in ("organisations", "individuals", "either"):
        call = open_call(meera, title=f"For {who}", applicants=who)
        for organisation in (kaveri, alone):
            found = findings(call, organisation)
            seen[who, organisation.type] = all(finding.ok is not False for finding in found)
            assert all(finding.reason for finding in found)
    assert seen == {
        ("organisations", "startup"): True,
        ("organisations", "individual"): False,
        ("individuals", "startup"): False,
        ("individuals", "individual"): True,
        ("either", "startup"): True,
        ("either", "individual"): True,
    }
    call = open_call(meera, title="Fellows", applicants="individuals")
    with pytest.raises(Refused, match="an organisation may not"):
        start_application(actor=asha, call=call, organisation=kaveri)


def test_an_officer_lets_somebody_in_and_the_reason_is_kept_and_shown() -> None:
    meera, (asha, kaveri) = officer(), startup()
    nation("DE")
    call = open_call(meera, eligibility=ONLY_GERMANS)
    with pytest.raises(Refused):
        start_application(actor=asha, call=call, organisation=kaveri)
    reason = "Its lab works in Berlin."
    for words in (reason, "Another reason"):  # again: the first stands
        override_rule(actor=meera, call=call, organisation=kaveri, rule="nation", reason=words)
    [kept] = EligibilityOverride.objects.all()
    assert (kept.reason, kept.given_by) == (reason, meera)
    assert AuditEntry.objects.filter(verb="call.rule_overridden").count() == 1
    found = named(findings(call, kaveri), "nation")
    assert found.ok is True
    assert found.reason == f"Allowed by the desk: {reason}"
    assert start_application(actor=asha, call=call, organisation=kaveri).is_draft
    assert reason in text_of(client_of(asha).get(call.get_absolute_url()))


def test_it_lets_in_nobody_else_and_nowhere_else() -> None:
    meera, (_asha, kaveri), (_bo, other) = officer(), startup(), startup("Other", "bo")
    nation("DE")
    call, second = (open_call(meera, title=title, eligibility=ONLY_GERMANS) for title in ("One", "Two"))
    override_rule(actor=meera, call=call, organisation=kaveri, rule="nation", reason="A lab in Berlin")
    assert findings(call, other)[0].ok is False
    assert findings(second, kaveri)[0].ok is False


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": "  "}, "reason"), ({"rule": "registered"}, "rule"), ({"rule": "moon_phase"}, "rule")],
)
def test_an_exception_needs_a_rule_of_the_call_and_a_reason(change: dict[str, Any], field: str) -> None:
    meera, (_asha, kaveri) = officer(), startup()
    nation("DE")
    call = open_call(meera, eligibility=ONLY_GERMANS)
    given = {"rule": "nation", "reason": "A lab in Berlin", **change}
    with pytest.raises(Refused) as refused:
        override_rule(actor=meera, call=call, organisation=kaveri, **given)
    assert refused.value.field == field
    assert not EligibilityOverride.objects.exists()


def test_nobody_lets_in_their_own_and_only_officers_let_in() -> None:
    meera, (asha, kaveri) = officer(), startup()
    nation("DE")
    call = open_call(meera, eligibility=ONLY_GERMANS)
    Membership.objects.create(user=meera, organisation=kaveri)
    for actor in (meera, asha, person("sam", Role.AUDITOR)):
        with pytest.raises(Refused):
            override_rule(actor=actor, call=call, organisation=kaveri, rule="nation", reason="Friends")
    assert not EligibilityOverride.objects.exists()


def test_the_page_finds_the_applicant_shows_each_rule_and_sets_one_aside() -> None:
    meera, (_asha, kaveri) = officer(), startup()
    nation("DE")
    call = open_call(meera, eligibility=[*ONLY_GERMANS, {"rule": "registered"}])
    desk, address = client_of(meera), f"/desk/calls/{call.slug}/exceptions/"
    assert f"?organisation={kaveri.pk}" in text_of(desk.get(address, {"q": "kaveri"}))
    page = text_of(desk.get(address, {"organisation": kaveri.pk}))
    assert "Not met" in page
    assert 'value="nation"' in page
    assert 'value="registered"' not in page  # met: nothing to set aside
    wrong = desk.post(f"{address}?organisation={kaveri.pk}", {"rule": "nation", "reason": ""})
    assert wrong.status_code == 422
    done = desk.post(f"{address}?organisation={kaveri.pk}", {"rule": "nation", "reason": "A lab in Berlin"})
    assert done.status_code == 302
    assert "A lab in Berlin" in text_of(desk.get(f"/desk/calls/{call.slug}/"))
