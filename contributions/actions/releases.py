"""Releases of a metric's rule: a new rule makes the whole history anew, at once; the earlier one is kept."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contributions.actions.rollups import first_of, mark_months_stale, outdated, put, recompute
from contributions.measures import METRICS, Metric
from contributions.measures.metric import month_of
from contributions.models import MetricRelease, Rollup
from contributions.recount import months_of, recount
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

Told = Callable[[str], object]
ENGLISH = "en"  # what a release keeps is one text, not one a language


def begin_releases(*, metrics: Mapping[str, Metric] = METRICS) -> list[MetricRelease]:
    """The first release of every metric that has none. Safe to run any time."""
    known = set(MetricRelease.objects.values_list("metric", flat=True))
    made = [_release(metric, "") for slug, metric in metrics.items() if slug not in known]
    return MetricRelease.objects.bulk_create(made, ignore_conflicts=True)


def _release(metric: Metric, note: str) -> MetricRelease:
    with translation.override(ENGLISH):
        definition = str(metric.definition)
    return MetricRelease(
        metric=metric.slug, rule_version=metric.rule_version, definition=definition, note=note
    )


def adopt(*, actor: User | None, metric: Metric, note: str, told: Told = print) -> MetricRelease:
    """The rule the metric carries now is in force, for its whole history; until then readers see the old.

    One transaction: the earlier cells are superseded and stay, the months are counted one after the other.
    """
    if not note.strip():
        raise Refused(_("Say in a note what changed in the rule, and why."), field="note")
    with transaction.atomic():
        held = MetricRelease.objects.select_for_update().filter(metric=metric.slug, superseded_at=None)
        before = held.first()
        if before and before.rule_version >= metric.rule_version:
            raise Refused(_("The rule in force is this one, or a later one. Nothing was changed."))
        now = timezone.now()
        held.update(superseded_at=now)
        release = _release(metric, note)
        release.save()
        cells = Rollup.objects.current().filter(metric=metric.slug)
        months = months_of(metric)
        cells.filter(computed_at=None).delete()
        superseded = cells.update(superseded_at=now, stale=False)
        for month in months:
            put(metric=metric, month=month, figures=recount(metric, month))
            told(f"{metric.slug} {month:%Y-%m}")
        parts = [one for one in METRICS.values() if metric.slug in {each.slug for each in first_of(one)}]
        mark_months_stale(metrics=parts, months=months)
        record(
            actor=actor, verb="metric.adopted", target=release, metric=metric.slug, note=note,
            rule=metric.rule_version, before=before and before.rule_version, superseded=superseded,
        )  # fmt: skip
    return release


def adopt_outdated(*, metrics: Mapping[str, Metric] = METRICS, told: Told = print) -> list[MetricRelease]:
    """What `prepare` does after code with changed rules came: each metric in its own transaction."""
    note = _("Adopted with a new version of the software; see its list of changes.")
    return [
        adopt(actor=None, metric=metrics[slug], note=note, told=told) for slug in sorted(outdated(metrics))
    ]


def recompute_all(*, metric: Metric, told: Told = print) -> int:
    """Every month of the metric again, from rows, each in its own transaction. Returns how many months."""
    months = months_of(metric)
    with transaction.atomic():
        mark_months_stale(metrics=[metric], months=months)
    done = 0
    for month in months:
        done += recompute(metric=metric, month=month)
        told(f"{metric.slug} {month:%Y-%m}")
    return done


def open_month(*, metrics: Mapping[str, Metric] = METRICS) -> None:
    """A state holds on though nothing happens: metrics that are one get a cell in the month that began."""
    present = month_of(timezone.now())
    states = {slug: metric for slug, metric in metrics.items() if metric.cumulative}
    cells = Rollup.objects.current().filter(metric__in=states)
    there = set(cells.filter(month=present).values_list("metric", flat=True))
    before = set(cells.filter(month__lt=present).values_list("metric", flat=True).distinct())
    mark_months_stale(metrics=[states[slug] for slug in before - there], months=[present])
