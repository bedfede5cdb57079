"""What every metric owes its readers, and several of them against an independent count in Python."""

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from contributions.actions.rollups import recompute_stale
from contributions.actions.watching import set_role
from contributions.measures import METRICS, Amount, Metric, Touch
from contributions.models import (
    Account,
    ArtifactLink,
    Attribution,
    Contribution,
    ContributionKind,
    Rollup,
    Source,
)
from mission.models import Role
from tests.contributions.measured import act, artifact, facts, figure, opens_to, publish, who
from tests.world import person

COLUMNS = {"nation_id", "international", "subject", "person", "upper", "lower", "row_kind", "row_id"}
TYPES = {  # of PostgreSQL
    "nation_id": "varchar", "international": "bool", "subject": "text", "person": "int8", "upper": "numeric",
    "lower": "numeric", "row_kind": "text", "row_id": "int8", "per": "numeric",
    "happened_at": "timestamptz",
}  # fmt: skip
each_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())


@each_metric
def test_a_metric_says_what_it_is_in_words(metric: Metric) -> None:
    for word in (metric.label, metric.unit, metric.definition, metric.source, metric.gaming, metric.group):
        assert str(word).strip()
    assert str(metric.definition).endswith(".")
    assert str(metric.gaming).endswith(".")
    assert len(metric.slug) <= 40, "the column of rollups holds no more"
    assert metric.touched_by
    assert metric.rule_version >= 1


def test_there_are_at_least_thirty_and_kinds_are_known() -> None:
    assert len(METRICS) >= 30
    for metric in METRICS.values():
        assert metric.kinds
        assert set(metric.kinds) <= set(ContributionKind.values)
        assert not metric.cumulative or metric.reach, f"{metric.slug} is a state, so later months follow it"
        whole = metric.part_of  # which may be a figure that is not told by itself
        assert whole is None or METRICS.get(whole.slug, whole) is whole


@each_metric
@pytest.mark.django_db
def test_the_facts_have_the_columns_of_the_contract(metric: Metric) -> None:
    moment = datetime.datetime(2025, 4, 1, tzinfo=datetime.UTC)
    with connection.cursor() as cursor:
        cursor.execute(metric.facts, {"first": moment, "after": moment, "kinds": list(metric.kinds)})
        found = {column.name: column.type_code for column in cursor.description or ()}
        cursor.execute("SELECT oid, typname FROM pg_type WHERE oid = ANY(%s)", [list(found.values())])
        names = dict(cursor.fetchall())
    wanted = COLUMNS | ({"per"} if metric.amount == Amount.RATIO else set())
    wanted |= found.keys() & {"happened_at"}
    assert {name: names[oid] for name, oid in found.items()} == {name: TYPES[name] for name in wanted}


# --- Any world --------------------------------------------------------------------------------

TIES = ("IN:A", "IN:D", "DE:B", "IN+DE:B", "*:C", "")
ACCOUNTS = st.lists(
    st.tuples(st.sampled_from(TIES), st.sampled_from(["person", "person", "organisation", "bot"])),
    min_size=1,
    max_size=4,
)
WORK = st.lists(
    st.tuples(
        st.integers(-1, 3),  # whose: -1 is an address nobody knows
        st.sampled_from(["merged_change", "review", "model"]),
        st.sampled_from(["2024-12", "2025-01", "2025-03", "2025-04"]),
        st.integers(0, 3),  # on what: 0 and 1 repositories, 1 a fork of 0; or, for a model, its parent
    ),
    max_size=10,
)


def build(accounts: list[tuple[str, str]], work: list[tuple[int, str, str, int]]) -> None:
    made = [who(f"a{n}", *([tie] if tie else []), kind=kind) for n, (tie, kind) in enumerate(accounts)]
    first = artifact("first/it", kind="repository")
    fork = artifact("fork/it", kind="repository", duplicate_of=first, duplicate_why="fork")
    models: list[str] = []
    for number, (whose, kind, month, where) in enumerate(work):
        by = made[whose % len(made)] if whose >= 0 else None
        if kind == "model":
            on = [("finetune", "model", models[where])] if where < len(models) else []
            models.append(publish(by, f"m/{number}", made=month, on=on).name)
        else:
            act(by, [first, fork][where % 2], kind, month, number=number)


def by_hand(kind: str = "") -> "defaultdict[tuple[str, str], list[Any]]":
    """Shares by cell and month, row by row: (act, fraction, sure, person)."""
    found: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for share in Attribution.objects.select_related("contribution__account", "contribution__artifact"):
        done = share.contribution
        machine = done.account and done.account.kind in ("bot", "agent")
        if (kind and done.kind != kind) or machine or done.artifact.duplicate_of_id:
            continue
        cell = "*" if share.international else share.nation_id or "?"
        person = done.account_id if done.account and done.account.kind == "person" else None
        found[cell, f"{done.happened_at:%Y-%m}"].append(
            (done, share.fraction, share.grade in ("A", "B"), person)
        )
    return found


def sums(rows: "defaultdict[tuple[str, str], list[Any]]", month: str = "2025-04") -> dict[str, Any]:
    return {
        cell: (
            round(sum((part for _a, part, sure, _p in parts if sure), Decimal(0)), 4),
            round(sum((part for _a, part, _s, _p in parts), Decimal(0)), 4),
        )
        for (cell, at), parts in rows.items()
        if at == month
    }


class AnyWorld(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ACCOUNTS, WORK)
    def test_metrics_equal_an_independent_count(
        self, accounts: list[tuple[str, str]], work: list[tuple[int, str, str, int]]
    ) -> None:
        build(accounts, work)
        for slug in ("merged_change", "review", "model"):
            assert figure(METRICS[slug]) == sums(by_hand(slug))
        for slug in ("merged_change", "derived_model", "upstream_merge", "active_contributors"):
            assert opens_to(METRICS[slug]) == figure(METRICS[slug])
        self.original_and_derived()
        self.people()
        self.elsewhere()

    def original_and_derived(self) -> None:
        grounded = set(ArtifactLink.objects.values_list("child", flat=True))
        for slug, wanted in (("derived_model", True), ("original_model", False)):
            rows = by_hand("model")
            for key, parts in rows.items():
                rows[key] = [part for part in parts if (part[0].artifact_id in grounded) is wanted]
            assert figure(METRICS[slug]) == {cell: both for cell, both in sums(rows).items() if both[1]}

    def people(self) -> None:
        first: dict[int, str] = {}
        for done in Contribution.objects.exclude(account=None).order_by("happened_at"):
            first.setdefault(done.account_id or 0, f"{done.happened_at:%Y-%m}")
        whole: defaultdict[int, Decimal] = defaultdict(Decimal)
        cells: defaultdict[str, dict[int, list[Decimal]]] = defaultdict(dict)
        for (cell, month), parts in by_hand().items():
            for _done, part, sure, human in parts if month == "2025-04" else ():
                if human:
                    whole[human] += part
                    both = cells[cell].setdefault(human, [Decimal(0), Decimal(0)])
                    both[0], both[1] = both[0] + (part if sure else 0), both[1] + part
        for slug in ("active_contributors", "new_contributors"):
            chosen = [p for p in whole if slug == "active_contributors" or first[p] == "2025-04"]
            expected = {
                cell: tuple(
                    round(sum((heads[p][end] / whole[p] for p in chosen if p in heads), Decimal(0)), 4)
                    for end in (0, 1)
                )
                for cell, heads in cells.items()
                if any(p in heads for p in chosen)
            }
            assert figure(METRICS[slug]) == expected

    def elsewhere(self) -> None:
        """Each derivative is shared with whoever published its ground, unless they are of one place."""
        shares: defaultdict[int, list[tuple[str, Attribution]]] = defaultdict(list)
        for share in Attribution.objects.select_related("contribution"):
            place = "*" if share.international else share.nation_id or "?"
            if share.contribution.kind == "model":
                shares[share.contribution.artifact_id].append((place, share))
        machines = set(Account.objects.filter(kind="bot").values_list("pk", flat=True))
        expected: defaultdict[str, Decimal] = defaultdict(Decimal)
        for link in ArtifactLink.objects.all():
            for giver, given_share in shares[link.parent_id or 0]:
                for taker, taken in shares[link.child_id]:
                    april = f"{taken.contribution.happened_at:%Y-%m}" == "2025-04"
                    people = {taken.contribution.account_id, given_share.contribution.account_id}
                    if april and taker not in ("?", giver) and not people & machines:
                        expected[giver] += taken.fraction * given_share.fraction
        found = {cell: upper for cell, (_lower, upper) in figure(METRICS["derivatives_elsewhere"]).items()}
        assert found == {cell: round(upper, 4) for cell, upper in expected.items()}


@pytest.mark.django_db
def test_a_fact_opens_to_its_row() -> None:
    by = who("asha", "IN:A")
    publish(who("lab", "DE:B", kind="organisation"), "base", made="2025-01")
    child = publish(by, "child", on=[("finetune", "model", "base")])
    (fact,) = facts(METRICS["derivatives_elsewhere"])
    assert (fact.row_kind, fact.row_id) == ("link", ArtifactLink.objects.get(child=child).pk)
    (fact,) = facts(METRICS["model"])
    assert (fact.row_kind, fact.row_id) == ("contribution", Contribution.objects.get(artifact=child).pk)
    assert fact.person == by.pk


def test_what_looks_at_an_artefact_is_touched_by_it() -> None:
    for metric in METRICS.values():
        looks = any(
            word in metric.facts for word in ("art.licence", "art.runs_on", "artifactlink", "_languages")
        )
        assert not looks or Touch.ARTIFACTS in metric.touched_by, metric.slug


@pytest.mark.django_db
def test_a_project_that_comes_onto_the_watch_list_or_leaves_it_is_counted_anew() -> None:
    project = artifact("engine/it", kind="repository")
    act(who("lab", "IN:B", kind="organisation"), project, "merged_change")
    source = Source.objects.create(
        platform="github", kind="repository", name="engine/it", platform_id=project.platform_id
    )
    recompute_stale()
    engines = Rollup.objects.fresh().filter(metric="inference_merge", nation="IN")
    assert not engines.exists()
    officer = person("officer", Role.OFFICER)
    set_role(actor=officer, source=source, role="inference")
    recompute_stale()
    assert engines.get().upper == 1
    set_role(actor=officer, source=source, role="")
    recompute_stale()
    assert not engines.exists()
