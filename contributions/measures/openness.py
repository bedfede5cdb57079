"""How open what is published is: by licence, by class, and by who may download it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import acts
from contributions.measures.metric import Amount, Metric, Touch
from contributions.measures.parts import share_of
from contributions.measures.publishing import OF_KIND, PUBLICATIONS, PUBLISHED
from contributions.models.contributions import ContributionKind
from contributions.openness_licences import (
    ALL_KINDS,
    FREE_SOFTWARE,
    OPEN_DATA,
    OPEN_DOCUMENTS,
    OSI_APPROVED,
)

MODEL = str(ContributionKind.MODEL)
TOUCHED = frozenset({Touch.CONTRIBUTIONS, Touch.ARTIFACTS})
NAMES = ", ".join(
    f"'{name}'" for name in sorted(OSI_APPROVED | FREE_SOFTWARE | OPEN_DATA | OPEN_DOCUMENTS | ALL_KINDS)
)
# Creative Commons without NC and ND, in every version and port: CC0-1.0, CC-BY-4.0, CC-BY-SA-3.0-DE.
OPEN_LICENCE = rf"(art.licence IN ({NAMES}) OR art.licence ~ '^(CC0-1\.0|CC-BY(-SA)?-\d\.\d.*)$')"


def _class(number: int, label: Any, definition: Any, part_of: Metric) -> Metric:
    return Metric(
        f"open_class_{number}",
        label,
        _("models"),
        definition,
        _("Components and licences found with each model, classed by the Model Openness Framework"),
        _("Files that are there and empty; a licence on paper that the model does not honour."),
        acts(where=f"art.openness_class <= {number}"),
        (MODEL,),
        touched_by=TOUCHED,
        part_of=part_of,
        group="openness",
    )


OPEN_MODEL = _class(
    3,
    _("Open models (class III or better)"),
    _("Models published in the month whose architecture, parameters and papers are openly licensed."),
    OF_KIND[MODEL],
)
OPEN_TOOLING = _class(
    2,
    _("Open tooling (class II or better)"),
    _(
        "Models published in the month that also come with the code that trained, ran and evaluated them, "
        "openly licensed."
    ),
    OPEN_MODEL,
)
OPEN_SCIENCE = _class(
    1,
    _("Open science (class I)"),
    _("Models published in the month with all of their components, the training data included, open."),
    OPEN_TOOLING,
)

METRICS: tuple[Metric, ...] = (
    OPEN_MODEL,
    OPEN_TOOLING,
    OPEN_SCIENCE,
    Metric(
        "openly_licensed",
        _("Openly licensed artefacts"),
        _("artefacts"),
        _(
            "Models, datasets, benchmarks and applications of the month under a licence that the Open Source "
            "Initiative approved, that the Free Software Foundation calls free, or that conforms to the "
            "Open Definition. Licences that forbid uses or commerce are not open."
        ),
        _("Licence fields on Hugging Face, as SPDX identifiers"),
        _("A licence on the card that whoever wrote it had no right to give."),
        acts(where=OPEN_LICENCE),
        PUBLICATIONS,
        touched_by=TOUCHED,
        part_of=PUBLISHED,
        group="openness",
    ),
    Metric(
        "gated_share",
        _("Share behind a gate"),
        _("share"),
        _(
            "Of the models and datasets published in the month, how many ask for consent or a form before "
            "the download. The lower bound counts, of all, those known by grades A and B."
        ),
        _("Hugging Face"),
        _("Opening the gate on the day of the look only."),
        share_of("art.gated"),
        (MODEL, str(ContributionKind.DATASET), str(ContributionKind.BENCHMARK)),
        amount=Amount.RATIO,
        touched_by=TOUCHED,
        group="openness",
    ),
)
