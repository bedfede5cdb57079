"""What the baseline counts: four metrics of the GitHub Innovation Graph, by quarter."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Baseline, BaselineMetric, BaselineRelease
from dashboards.charts import words
from dashboards.charts.figure import Empty, Source
from dashboards.updates import Updates
from mission.remembered import Subject, remembered_while

FIRST_YEAR = 2020  # the publisher's first quarter is 2020 Q1


@dataclass(frozen=True, slots=True)
class Quarter:
    year: int
    number: int

    def __str__(self) -> str:
        return words.quarter(self.year, self.number)

    @property
    def key(self) -> str:
        """As addresses and data write it: 2025-Q3."""
        return f"{self.year}-Q{self.number}"

    @property
    def year_before(self) -> "Quarter":
        return Quarter(self.year - 1, self.number)


@dataclass(frozen=True, slots=True)
class Counted:
    """One metric of the baseline. `noun` stands after a number in a sentence."""

    slug: str
    label: Any
    noun: Any
    definition: Any
    is_flow: bool = False


COUNTED: dict[str, Counted] = {
    counted.slug: counted
    for counted in (
        Counted(
            BaselineMetric.DEVELOPERS,
            gettext_lazy("Developers"),
            gettext_lazy("developers"),
            gettext_lazy(
                "Accounts on GitHub placed in the nation, counted at the end of each quarter. Quarters are "
                "not added up."
            ),
        ),
        Counted(
            BaselineMetric.GIT_PUSHES,
            gettext_lazy("Git pushes"),
            gettext_lazy("git pushes"),
            gettext_lazy("Times code was uploaded to GitHub from the nation during the quarter."),
            is_flow=True,
        ),
        Counted(
            BaselineMetric.REPOSITORIES,
            gettext_lazy("Repositories"),
            gettext_lazy("repositories"),
            gettext_lazy("Repositories on GitHub placed in the nation, counted at the end of each quarter."),
        ),
        Counted(
            BaselineMetric.ORGANIZATIONS,
            gettext_lazy("Organisations"),
            gettext_lazy("organisations"),
            gettext_lazy(
                "Organisation accounts on GitHub placed in the nation, counted at the end of each quarter."
            ),
        ),
    )
}
METRIC_CHOICES = [(counted.slug, counted.label) for counted in COUNTED.values()]


@remembered_while(Subject.FIGURES)
def latest_quarter(metric: str) -> Quarter | None:
    """The newest quarter there is for a metric. One query."""
    found = Baseline.objects.of(metric).latest_quarter()
    return Quarter(*found) if found else None


def quarters_up_to(latest: Quarter) -> list[Quarter]:
    """Every quarter of the publisher's record, newest first."""
    every = [Quarter(y, q) for y in range(FIRST_YEAR, latest.year + 1) for q in (1, 2, 3, 4)]
    return [
        quarter
        for quarter in reversed(every)
        if (quarter.year, quarter.number) <= (latest.year, latest.number)
    ]


@remembered_while(Subject.FIGURES)
def source() -> Source:
    """The release the numbers are from. One query."""
    release = BaselineRelease.objects.order_by("-retrieved_at").first()
    if release is None:
        return Source(
            _("GitHub Innovation Graph"),
            "https://innovationgraph.github.com/",
            "CC0-1.0",
            updates=Updates.RELEASE,
        )
    name = _("GitHub Innovation Graph, %(release)s") % {"release": release.name}
    return Source(name, release.source_url, release.licence, release.retrieved_at, Updates.RELEASE)


def nothing_yet() -> Empty:
    return Empty(
        _("No figures have been loaded yet"),
        _("Whoever runs this site loads them with: manage.py import_innovation_graph"),
    )


def withheld() -> Empty:
    """Where there are figures, and none may be told."""
    return Empty(_("Every number here is suppressed"), suppression_note())


def suppression_note() -> str:
    return _(
        "Suppressed: the publisher withholds cells of fewer than 100 developers. That is not zero, and "
        "such a nation has no rank. The European Union's own row is never counted, because its members are."
    )
