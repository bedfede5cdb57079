"""Acts, one by one: changes, reviews, releases, and what is published."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contributions.measures.facts import acts
from contributions.measures.metric import Metric
from contributions.models.contributions import ContributionKind

ROWS = _("Rows of GitHub and Hugging Face, kept with their address and time")


PUBLICATIONS = tuple(
    str(kind)
    for kind in (
        ContributionKind.MODEL,
        ContributionKind.DATASET,
        ContributionKind.BENCHMARK,
        ContributionKind.APPLICATION,
    )
)
# Not told by itself: where one of the four is suppressed, their sum would tell it.
PUBLISHED = Metric(
    "published",
    _("Artefacts published"),
    _("artefacts"),
    _("Models, datasets, benchmarks and applications published in the month, together."),
    ROWS,
    _("Uploading one thing in many parts."),
    acts(),
    PUBLICATIONS,
)


def _acts(kind: str, label: Any, unit: Any, definition: Any, gaming: Any) -> Metric:
    kind = str(kind)
    return Metric(kind, label, unit, definition, ROWS, gaming, acts(), (kind,))


METRICS: tuple[Metric, ...] = (
    _acts(
        ContributionKind.MERGED_CHANGE,
        _("Merged changes"),
        _("changes"),
        _(
            "Pull requests merged in the month, and commits pushed directly to the default branch. "
            "A commit that came by a pull request is counted with it, once."
        ),
        _("Splitting one change into many."),
    ),
    _acts(
        ContributionKind.REVIEW,
        _("Reviews"),
        _("reviews"),
        _("Reviews submitted on pull requests that were merged, except by their own author."),
        _("Approving without reading; reviews in several parts."),
    ),
    _acts(
        ContributionKind.RELEASE,
        pgettext_lazy("of software", "Releases"),
        _("releases"),
        _("Releases published in the month, without drafts and pre-releases."),
        _("Releasing every day."),
    ),
    _acts(
        ContributionKind.MODEL,
        _("Models"),
        _("models"),
        _("Models published on Hugging Face in the month they were created there, derivatives included."),
        _("Uploading one model in many formats."),
    ),
    _acts(
        ContributionKind.DATASET,
        _("Datasets"),
        _("datasets"),
        _("Datasets published on Hugging Face in the month they were created there."),
        _("Uploading one dataset in many slices."),
    ),
    _acts(
        ContributionKind.BENCHMARK,
        _("Benchmarks"),
        _("benchmarks"),
        _("Benchmarks published in the month."),
        _("Benchmarks nobody uses."),
    ),
    _acts(
        ContributionKind.EVALUATION,
        _("Evaluations"),
        _("evaluations"),
        _("Evaluation results published with a model in the month."),
        _("Evaluating one model many times."),
    ),
    _acts(
        ContributionKind.APPLICATION,
        _("Applications"),
        _("applications"),
        _("Applications published in the month, such as Hugging Face spaces."),
        _("Copies of one application."),
    ),
)
OF_KIND = {metric.slug: metric for metric in METRICS}
