"""A number opened: what it is, under which rule, and the rows it is made of, which add up to it."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contributions.cell_rows import Line, Total
from contributions.measures import Amount, Metric
from contributions.measures.cells import Place as CellPlace
from contributions.models import MetricRelease, Rollup
from contributions.opened import Published, Seen, lines, published, seen
from dashboards.charts import words
from dashboards.charts.figure import SUPPRESSED, Column, Empty, Figure, Reading, Row, Source, in_words
from dashboards.figures.added import reading_of
from dashboards.figures.evidence_rows import Evidence, alike, columns, evidence, said_once
from dashboards.figures.places import number_address
from dashboards.figures.rules import all_releases, in_force
from dashboards.figures.status import moment
from dashboards.measures import EVERY_METRIC
from dashboards.updates import Updates
from mission import numerals

WORLD: dict[str, tuple[CellPlace, Any]] = {
    "unknown": ((None, False), gettext_lazy("unknown origin")),
    "international": ((None, True), gettext_lazy("international organisations")),
}
UNITED = frozenset({Amount.SUM, Amount.SUBJECTS})  # amounts of which a part is a part of the figure


def address(metric: str, place: str, month: datetime.date) -> str:
    return number_address(metric, place, month)


def month_asked(said: str) -> datetime.date | None:
    """A month that has begun, since 2000; None where the address names none."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", said, re.ASCII):
        return None
    month = datetime.date(int(said[:4]), int(said[5:]), 1)
    return month if month <= datetime.datetime.now(datetime.UTC).date() else None


@dataclass(frozen=True, slots=True)
class Number:
    """One cell, in force or of an earlier release (`release` is the rule's number then)."""

    metric: Metric
    place: CellPlace
    name: str
    month: datetime.date
    cell: Published | None
    release: MetricRelease | None
    earlier: list[MetricRelease]
    seen: Seen

    @property
    def superseded(self) -> bool:
        return bool(self.release and self.release.superseded_at)

    @property
    def in_words(self) -> str:
        if self.cell is None or self.cell.suppressed:
            return in_words(self.reading)
        facts = {"amount": in_words(self.reading, 2), "unit": self.metric.unit}
        if self.reading.lower == self.reading.upper == 1:  # never “1 models”
            return _("%(unit)s: %(amount)s") % facts
        return _("%(amount)s %(unit)s") % facts

    @property
    def reading(self) -> Reading:
        cell = self.cell
        return reading_of(cell.lower, cell.upper, cell.suppressed) if cell else Reading.of(0)


def number(metric: Metric, place: CellPlace, name: str, month: datetime.date, rule: int | None) -> Number:
    """One query: what is published of the same place and month; one more for an earlier release."""
    releases = all_releases().get(metric.slug, [])
    release = next((one for one in releases if _is(one, rule)), None)
    there = published(month, place)
    cell = next((one for one in there if one.metric == metric.slug and one.computed_at), None)
    if release and release.superseded_at:
        earlier = Rollup.objects.filter(metric=metric.slug, nation=place[0], international=place[1])
        of_then = earlier.filter(month=month, rule_version=release.rule_version).exclude(computed_at=None)
        told = of_then.exclude(superseded_at=None).values_list(*Published._fields).first()
        cell = told and Published._make(told)
    return Number(
        metric=metric,
        place=place,
        name=name,
        month=month,
        cell=cell,
        release=release,
        earlier=[one for one in releases if one.superseded_at],
        seen=seen(metric, there, EVERY_METRIC),
    )


def _is(release: MetricRelease, rule: int | None) -> bool:
    return release.superseded_at is None if rule is None else release.rule_version == rule


def rows_figure(opened: Number, *, after: str, limit: int) -> tuple[Figure, str]:
    """The rows from `after` on, and where the next ones begin ("" after the last). Raises ValueError where
    `after` is no key of a row. Five queries or fewer, as a rule: see cell_rows.walked."""
    found: list[Line] = []
    whole: Total | None = Total(0, None, None)
    if opened.cell and not opened.superseded:
        where = opened.metric, opened.month, opened.place
        found, whole = lines(*where, opened.cell.upper, opened.seen, after=after, limit=limit + 1)
    following = found[limit - 1].key if len(found) > limit else ""
    found = found[:limit]
    read = evidence(found, opened.place)
    told = tuple(_row(opened, line, read.get((line.row_kind, line.row_id))) for line in found)
    once = alike(told)
    return Figure(
        slug="rows",
        title=_("The rows behind it"),
        sentence=f"{foot(opened, whole)} {said_once(told, once)}".strip(),
        columns=columns(once),
        rows=told,
        source=Source(
            str(opened.metric.source),
            retrieved=opened.cell.computed_at if opened.cell else None,
            updates=Updates.ROLLUPS,
        ),
        open_table=True,
        empty=Empty(
            _("No row can be listed"), nothing(opened), reverse("dashboards:methods"), _("How this is made")
        ),
    ), following


def _row(opened: Number, line: Line, read: Evidence | None) -> Row:
    if read is None:
        read = Evidence(_("A row that is there no more"))
    person = _("person %(code)s") % {"code": line.who} if line.who else ""
    graded = opened.seen.grades or not line.who
    lower = line.lower if graded else None
    return Row(
        line.key,
        {
            "what": read.what,
            "who": read.who or person,
            "share": reading_of(lower, line.upper, suppressed=False),
            "grade": read.grade if graded else _("withheld"),
            "day": read.at,
            "read": read.read_at.date() if read.read_at else None,
            "trace": read.trace,
            "rule": numerals.native(read.rule or str(opened.metric.rule_version)),
            "evidence_url": read.url,
            "asked_url": read.asked,
            "row": f"{line.row_kind} {line.row_id}",
            "subject": line.subject,
        },
        url=read.url,
    )


def foot(opened: Number, whole: Total | None) -> str:
    """What the listed rows come to, and why that is not the figure where it is not."""
    if opened.superseded or not opened.cell:
        return ""
    if whole is None:
        counted = {"figure": opened.in_words, "when": moment(opened.cell.computed_at)}
        return _("Rows in the order of time. All of them were counted on %(when)s: %(figure)s.") % counted
    if whole.upper is None:
        return ""
    many, facts = whole.lines, {"count": words.number(whole.lines), "unit": opened.metric.unit}
    facts["sum"] = in_words(Reading.of(whole.upper), 2)
    if opened.seen.people:
        told = ngettext("%(count)s row.", "%(count)s rows.", many) % facts
    else:
        told = ngettext(
            "%(count)s row of an organisation's account.", "%(count)s rows of organisations' accounts.", many
        )
        told %= facts
        if opened.metric.amount not in UNITED:
            return told
    return told if many == 1 else f"{told} " + _("Together: %(sum)s %(unit)s.") % facts


def nothing(opened: Number) -> str:
    if opened.superseded:
        return _("An earlier release keeps its figures. Its rows are counted by the rule in force today.")
    if opened.cell is None:
        return _("Nothing of this kind falls to this place in this month, as far as we have looked.")
    return hidden(opened)


def hidden(opened: Number) -> str:
    """Why rows of people are not listed; empty where they are."""
    if opened.superseded or opened.cell is None or opened.seen.people:
        return ""
    if opened.cell.suppressed:
        return _(
            "The cell is suppressed: it, or another that could be worked out from it, is about fewer than "
            "ten people. Rows of people are neither listed nor counted here."
        )
    because = EVERY_METRIC[opened.seen.because].label if opened.seen.because else ""
    return _(
        "Rows of people are not listed here, because another figure of the same month, which is suppressed, "
        "could be put together from them: %(metric)s."
    ) % {"metric": because}


def facts(opened: Number) -> list[tuple[str, str]]:
    """The figure in full, as names and values."""
    cell, metric = opened.cell, opened.metric
    told = [
        (_("What it counts"), str(metric.definition)),
        (_("Unit"), str(metric.unit)),
        (_("Lower bound, evidence of grades A and B"), bound(opened, "lower")),
        (_("Upper bound, all evidence"), bound(opened, "upper")),
    ]
    if cell:
        unknown = words.share(cell.unknown_share, 1) if cell.unknown_share is not None else _("withheld")
        told.append((_("Of unknown origin, in the world"), unknown))
        if cell.top_share is not None:
            told.append((_("The largest one's share"), words.share(cell.top_share, 1)))
        if cell.spike:
            told.append((_("Spike"), _("More than three times the median of the half year before.")))
        told.append((_("Computed"), moment(cell.computed_at) if cell.computed_at else ""))
        if cell.stale:
            told.append((_("Waiting"), _("Rows have changed since; it will be computed again shortly.")))
    told.append((_("Rule"), rule(opened)))
    return told


def bound(opened: Number, which: str) -> str:
    cell = opened.cell
    if cell is None:
        return words.number(0)
    value = cell.lower if which == "lower" else cell.upper
    if value is None:
        return _("suppressed") if cell.suppressed else _("withheld: it would tell of fewer than ten people")
    return in_words(Reading.of(value), 2)


def rule(opened: Number) -> str:
    release = opened.release
    if release is None:
        return words.number(opened.metric.rule_version)
    return in_force(release)


def figure_cell(opened: Number) -> Figure:
    """The figure itself as data: one row."""
    cell = opened.cell
    shown = opened.reading if cell else Reading.of(0)
    return Figure(
        slug="figure",
        title=_("The figure"),
        sentence=hidden(opened),
        columns=(
            Column("metric", _("Metric"), names=True),
            Column("place", _("Place")),
            Column("month", _("Month")),
            Column("value", str(opened.metric.label), number=True, decimals=2, bounded=True),
            Column("unknown_share", _("Of unknown origin"), number=True, decimals=5),
            Column("rule", _("Rule")),
            Column("computed", _("Computed")),
        ),
        rows=(
            Row(
                opened.metric.slug,
                {
                    "metric": opened.metric.slug,
                    "place": opened.place[0] or ("international" if opened.place[1] else "unknown"),
                    "month": f"{opened.month:%Y-%m}",
                    "value": shown,
                    "unknown_share": SUPPRESSED
                    if cell is None or cell.unknown_share is None
                    else Reading.of(cell.unknown_share),
                    "rule": str(cell.rule_version if cell else opened.metric.rule_version),
                    "computed": cell.computed_at.isoformat() if cell and cell.computed_at else None,
                },
            ),
        ),
        source=Source(
            str(opened.metric.source), retrieved=cell.computed_at if cell else None, updates=Updates.ROLLUPS
        ),
        open_table=True,
        metric=opened.metric.slug,
        revised=rule_changes(opened),
    )


def rule_changes(opened: Number) -> tuple[datetime.date, ...]:
    """Days on which another rule counted it anew, newest first."""
    ended = {one.superseded_at.date() for one in opened.earlier if one.superseded_at}
    return tuple(sorted(ended, reverse=True))
