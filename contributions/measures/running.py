"""Where models run: on a phone, on a laptop, and what makes running them cheaper."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import acts
from contributions.measures.lineage import CARDS, DERIVED_MODEL
from contributions.measures.metric import Metric, Touch
from contributions.measures.publishing import OF_KIND
from contributions.models.contributions import ContributionKind

MODEL = str(ContributionKind.MODEL)
SIZES = _("Sizes of the files on Hugging Face, and an estimate of the size after quantisation")
TOUCHED = frozenset({Touch.CONTRIBUTIONS, Touch.ARTIFACTS})
QUANTISED = """EXISTS (SELECT 1 FROM contributions_artifactlink q
            WHERE q.child_id = art.id AND q.kind = 'quantized')"""
LOCAL_MODEL = Metric(
    "local_model",
    _("Models that run on a laptop"),
    _("models"),
    _(
        "Models published in the month that fit, quantised, into the memory of a laptop or a phone; "
        "derived models included. Where the size is not known, they are not counted."
    ),
    SIZES,
    _("Many formats of one small model."),
    acts(where="art.runs_on IN ('laptop', 'phone')"),
    (MODEL,),
    touched_by=TOUCHED,
    part_of=OF_KIND[MODEL],
    group="running",
)

METRICS: tuple[Metric, ...] = (
    LOCAL_MODEL,
    Metric(
        "phone_model",
        _("Models that run on a phone"),
        _("models"),
        _("Models published in the month that fit, quantised, into the memory of a phone."),
        SIZES,
        _("Many formats of one small model."),
        acts(where="art.runs_on = 'phone'"),
        (MODEL,),
        touched_by=TOUCHED,
        part_of=LOCAL_MODEL,
        group="running",
    ),
    Metric(
        "efficient_inference",
        _("Models made smaller"),
        _("models"),
        _(
            "Models published in the month that are quantised from another, so that smaller machines run "
            "them. Changes to inference engines are counted by themselves."
        ),
        CARDS,
        _("One model quantised in ten ways."),
        acts(where=QUANTISED),
        (MODEL,),
        touched_by=TOUCHED,
        part_of=DERIVED_MODEL,
        group="running",
    ),
)
