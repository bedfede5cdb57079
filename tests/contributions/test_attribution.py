"""Whose it is: by what was true when it happened, in shares that add to one, with the unknown kept."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from contributions.actions.accounts import register_account
from contributions.actions.artifacts import register_artifact
from contributions.actions.attribution import affiliate, end_affiliation, revoke_affiliation
from contributions.actions.contributions import record_contribution
from contributions.found import ArtifactKey, FoundArtifact
from contributions.models import Account, Affiliation, Artifact, Attribution, Contribution, Rollup
from mission.errors import Refused
from mission.models import AuditEntry
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db

DAY = datetime.date(2025, 3, 1)


def at(month: int, day: int = 10) -> datetime.datetime:
    return datetime.datetime(2025, month, day, 12, tzinfo=datetime.UTC)


def repository() -> Artifact:
    key = ArtifactKey("github", "repository", "1")
    found = FoundArtifact(key, "kaveri/tools", "https://github.com/kaveri/tools", at(1))
    return register_artifact(actor=None, found=found)


def author(number: int = 1, kind: str = "person") -> Account:
    return register_account(
        actor=None, platform="github", platform_id=str(number), login=f"asha-{number}", kind=kind
    )


def change(account: Account | None, month: int, number: int = 1) -> Contribution:
    return record_contribution(
        actor=None, external_id=f"github:pull:{number}", kind="merged_change", artifact=repository(),
        account=account, happened_at=at(month), evidence_url=f"https://github.com/kaveri/tools/pull/{number}",
    )  # fmt: skip


def shares(contribution: Contribution) -> set[tuple[str | None, Decimal, str]]:
    return set(contribution.attributions.values_list("nation", "fraction", "grade"))


def self_declared(account: Account, code: str, since: datetime.date = DAY) -> Affiliation:
    return affiliate(
        actor=None, account=account, nation=nation(code), valid_from=since, method="self_declared", grade="A"
    )


def test_what_nothing_ties_to_a_nation_is_unknown_and_kept() -> None:
    assert shares(change(author(), 4)) == {(None, Decimal(1), "")}
    assert shares(change(None, 4, number=2)) == {(None, Decimal(1), "")}


def test_a_contribution_belongs_where_its_author_belonged_when_it_happened() -> None:
    asha = author()
    before, after = change(asha, 2), change(asha, 4, number=2)
    self_declared(asha, "IN")
    assert shares(before) == {(None, Decimal(1), "")}
    assert shares(after) == {("IN", Decimal(1), "A")}
    assert shares(change(asha, 5, number=3)) == {("IN", Decimal(1), "A")}


def test_shares_over_several_organisations_add_to_one() -> None:
    asha, owner = author(), person("owner")
    for name, code in (("One", "IN"), ("Two", "DE"), ("Three", "KE")):
        affiliate(
            actor=owner, account=asha, organisation=organisation(owner, name, code), valid_from=DAY,
            method="registry", grade="B", source_url="https://example.org/register",
        )  # fmt: skip
    self_declared(asha, "FR")
    made = change(asha, 4)
    assert {code for code, _share, _grade in shares(made)} == {"IN", "DE", "KE"}
    assert made.attributions.aggregate(total=Sum("fraction"))["total"] == Decimal(1)


def test_ending_and_revoking_share_anew_and_mark_the_cells_stale() -> None:
    asha = author()
    march, may = change(asha, 3), change(asha, 5, number=2)
    declared = self_declared(asha, "IN", datetime.date(2025, 1, 1))
    Rollup.objects.update(stale=False)
    end_affiliation(actor=None, affiliation=declared, valid_to=datetime.date(2025, 4, 1))
    assert (shares(march), shares(may)) == ({("IN", Decimal(1), "A")}, {(None, Decimal(1), "")})
    assert Rollup.objects.stale().filter(nation="IN", month="2025-05-01", metric="merged_change").exists()
    revoke_affiliation(actor=None, affiliation=declared)
    assert shares(march) == {(None, Decimal(1), "")}
    with pytest.raises(Refused, match="revoked"):
        revoke_affiliation(actor=None, affiliation=declared)
    verbs = AuditEntry.objects.about(declared).values_list("verb", flat=True)
    assert set(verbs) == {"affiliation.recorded", "affiliation.ended", "affiliation.revoked"}


def test_recording_the_same_affiliation_again_changes_nothing() -> None:
    asha = author()
    assert self_declared(asha, "IN") == self_declared(asha, "IN")
    assert AuditEntry.objects.filter(verb="affiliation.recorded").count() == 1


def test_one_nation_at_a_time_and_evidence_fits_its_grade() -> None:
    asha = author()
    self_declared(asha, "IN")
    with pytest.raises(Refused, match="already belongs to a nation"):
        self_declared(asha, "DE", datetime.date(2025, 6, 1))
    with pytest.raises(Refused, match="cannot have the grade A"):
        affiliate(actor=None, account=asha, nation=nation("DE"), valid_from=DAY, method="profile", grade="A")


def test_recording_a_contribution_again_brings_it_up_to_date() -> None:
    asha = author()
    self_declared(asha, "IN")
    change(asha, 4)
    Rollup.objects.update(stale=False)
    again = change(asha, 6)
    assert Contribution.objects.get() == again
    assert Attribution.objects.get().happened_at == again.happened_at == at(6)
    stale = Rollup.objects.stale().filter(metric="merged_change").values_list("month", flat=True)
    assert set(stale) == {datetime.date(2025, 4, 1), datetime.date(2025, 6, 1)}


def test_a_new_name_of_an_account_is_kept_beside_the_old_one() -> None:
    asha = author()
    renamed = register_account(actor=None, platform="github", platform_id="1", login="asha-r", kind="person")
    assert renamed.pk == asha.pk
    assert list(renamed.aliases.values_list("login", flat=True)) == ["asha-1"]
