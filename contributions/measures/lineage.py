"""Building on each other: what is new from the ground, what is derived, and who built on whom."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import acts
from contributions.measures.lineage_sql import BUILT_ON, DERIVED, given, taken
from contributions.measures.metric import EVER, Metric, Touch
from contributions.measures.publishing import OF_KIND
from contributions.models.contributions import ContributionKind

CARDS = _("Lineage that publishers write on their cards on Hugging Face")
LOOKS_BACK = frozenset({Touch.CONTRIBUTIONS, Touch.ARTIFACTS})
MODEL, DATASET = str(ContributionKind.MODEL), str(ContributionKind.DATASET)
BENCHMARK, APPLICATION = str(ContributionKind.BENCHMARK), str(ContributionKind.APPLICATION)
# How many models one derivative names as its ground: it is one, shared among them.
PARENTS = (
    f"(SELECT count(*) FROM contributions_artifactlink n WHERE n.child_id = art.id AND n.kind IN {BUILT_ON})"  # noqa: S608
)
# The act that published the artefact, one each: an evaluation of a model, say, is on the model too.
PUBLICATION = "c.kind IN ('model', 'dataset', 'benchmark', 'application')"
DERIVED_MODEL = Metric(
    "derived_model",
    _("Derived models"),
    _("models"),
    _(
        "Models published in the month that name another model as their ground: fine-tuned, adapted, "
        "merged or quantised from it."
    ),
    CARDS,
    _("Publishing one fine-tuned model in many formats."),
    acts(where=DERIVED),
    (MODEL,),
    touched_by=LOOKS_BACK,
    part_of=OF_KIND[MODEL],
    group="lineage",
)
METRICS: tuple[Metric, ...] = (
    Metric(
        "original_model",
        _("Original models"),
        _("models"),
        _("Models published in the month that name no other model as their ground."),
        CARDS,
        _("Leaving the base model off the card."),
        acts(where=f"NOT {DERIVED}"),
        (MODEL,),
        touched_by=LOOKS_BACK,
        part_of=OF_KIND[MODEL],
        group="lineage",
    ),
    DERIVED_MODEL,
    Metric(
        "derivatives_elsewhere",
        _("Derivatives by other nations"),
        _("models"),
        _(
            "Models that other nations, or international organisations, published in the month and that "
            "name a model of this nation as their ground. A model with several grounds is shared among "
            "them. A model whose own nation nobody knows is not counted as another nation's."
        ),
        CARDS,
        _("Friends elsewhere who publish many small variants."),
        given(child="c.kind = 'model'", links=BUILT_ON, part=PARENTS),
        (MODEL,),
        touched_by=LOOKS_BACK,
        reach=EVER,
        group="lineage",
    ),
    Metric(
        "datasets_reused",
        _("Datasets reused by other nations"),
        _("uses"),
        _(
            "How often models that other nations published in the month name a dataset of this nation as "
            "what they were trained on. One model and one dataset are one use."
        ),
        CARDS,
        _("Naming a dataset that was not used; splitting a dataset into many."),
        given(child="c.kind = 'model'", links="('dataset')"),
        (MODEL, DATASET, BENCHMARK),
        touched_by=LOOKS_BACK,
        reach=EVER,
        group="lineage",
    ),
    Metric(
        "benchmarks_used",
        _("Benchmarks used by other nations"),
        _("uses"),
        _(
            "How often models that other nations published in the month come with results on a benchmark "
            "of this nation. One model and one benchmark are one use."
        ),
        CARDS,
        _("Splitting a benchmark into many; results copied from card to card."),
        given(child="c.kind = 'model'", links="('evaluated')"),
        (MODEL, DATASET, BENCHMARK),
        touched_by=LOOKS_BACK,
        reach=EVER,
        group="lineage",
    ),
    Metric(
        "lineage_step",
        _("Steps of lineage"),
        _("steps"),
        _(
            "How often models, datasets and applications of the month name a model, dataset or benchmark "
            "they were made from or measured on, their own nation's included. Give and take between "
            "nations is made of these."
        ),
        CARDS,
        _("Naming what was not used, or not naming what was."),
        taken(child=PUBLICATION),
        (MODEL, DATASET, BENCHMARK, APPLICATION),
        touched_by=LOOKS_BACK,
        reach=EVER,
        group="lineage",
    ),
)
